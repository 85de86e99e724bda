package io.emberwatch.benchmarks.push;

import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.Topics;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.util.List;

/** Configuration in the form of files. */
final class Settings {
    /** How long the longer benchmarks measure, in seconds; {@code -Dpush.seconds=60} for what is published. */
    static final int SECONDS = Integer.getInteger("push.seconds", 20);

    private Settings() {}

    static <T extends Record> T parse(String yaml, Class<T> type) {
        try {
            return ConfigReader.parse("benchmark", yaml, type);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    static KafkaConfig kafka(int port, int partitions) {
        return parse(
                "{bootstrap_servers: \"127.0.0.1:" + port + "\", partitions: " + partitions + "}", KafkaConfig.class);
    }

    /** Waits for the broker, then makes topics. */
    static void topics(KafkaConfig kafka, String... names) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                Topics.require(kafka, List.of(names));
                return;
            } catch (IOException e) {
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }
}
