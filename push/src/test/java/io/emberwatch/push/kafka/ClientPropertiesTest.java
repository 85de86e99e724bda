package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.config.ConfigReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

final class ClientPropertiesTest {
    @Test
    void transactionsOfTheDeadAreOverBeforeTheirSessionsAndLongerThanACommitTakesToCome() throws Exception {
        Properties streams = streams("{}", Map.of());

        assertThat(number(streams, "producer.transaction.timeout.ms"))
                .isLessThan(number(streams, "main.consumer.session.timeout.ms"))
                .isGreaterThan(2 * number(streams, "commit.interval.ms"));
        assertThat(number(streams, "main.consumer.heartbeat.interval.ms"))
                .isLessThanOrEqualTo(number(streams, "main.consumer.session.timeout.ms") / 3);
    }

    @Test
    void whatAComponentSaysWinsOverWhatIsSaidForAllOverWhatIsChosenHere() throws Exception {
        Properties streams = streams(
                "{properties: {producer.transaction.timeout.ms: '7000', main.consumer.session.timeout.ms: '7000'}}",
                Map.of("producer.transaction.timeout.ms", "8000"));

        assertThat(streams)
                .containsEntry("producer.transaction.timeout.ms", "8000")
                .containsEntry("main.consumer.session.timeout.ms", "7000");
    }

    @Test
    void aSinkWaitsForMoreThanOthersDoUnlessItIsToldOtherwise() throws Exception {
        Map<String, String> sink = sink("{}", "{}");
        Properties streams = streams("{}", Map.of());

        assertThat(Long.parseLong(sink.get("fetch.min.bytes")))
                .isGreaterThan(number(streams, "main.consumer.fetch.min.bytes"));
        assertThat(Long.parseLong(sink.get("fetch.max.wait.ms"))).isBetween(51L, 500L);
        assertThat(sink("{fetch.min.bytes: '7', fetch.max.wait.ms: '8'}", "{fetch.max.wait.ms: '9'}"))
                .containsEntry("fetch.min.bytes", "7")
                .containsEntry("fetch.max.wait.ms", "9");
    }

    private static Map<String, String> sink(String ofAll, String own) throws Exception {
        KafkaConfig kafka = ConfigReader.parse("kafka.yml", "{properties: " + ofAll + "}", KafkaConfig.class);
        String influx = "{http: {database: metrics}, properties: " + own + "}";
        return InfluxConsumer.properties(kafka, ConfigReader.parse("influx.yml", influx, InfluxConfig.class));
    }

    private static long number(Properties properties, String name) {
        return Long.parseLong(properties.getProperty(name));
    }

    private static Properties streams(String kafka, Map<String, String> further) throws Exception {
        return ClientProperties.streams(
                ConfigReader.parse("kafka.yml", kafka, KafkaConfig.class),
                new ClientProperties.StreamsIdentity("application", "client", 1, further),
                Path.of("state"));
    }
}
