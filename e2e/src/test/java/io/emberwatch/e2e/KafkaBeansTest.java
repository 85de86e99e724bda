package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A real broker's own figures by JMX, with the rules that docs/push.md shows. */
final class KafkaBeansTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void theExporterShowsTheBrokersFigures() throws Exception {
        int jmx = Peers.freePort();
        int port = Peers.freePort();
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  host: {enabled: false}
                  sensors: []
                  services:
                    jmx:
                """ + example(jmx));
        List<String> settings = new ArrayList<>(withBeans(jmx));
        settings.add("auto.create.topics.enable=true");
        try (BrokerProcess broker = BrokerProcess.start(folder, settings.toArray(String[]::new));
                ServerProcess exporter = Program.start(
                        "exporter",
                        folder,
                        "exporter",
                        "--config=" + config,
                        "--listen=127.0.0.1:" + port,
                        "--data=" + folder.resolve("data"))) {
            try (Producer<byte[], byte[]> producer = Topic.producer(broker.bootstrapServers())) {
                byte[] value = "m v=1 1".getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 5; i++) {
                    producer.send(new ProducerRecord<>("seen", value)).get();
                }
            }
            String page = "http://127.0.0.1:" + port + "/metrics";
            try {
                Peers.await(
                        "the topic's messages are shown",
                        PATIENCE,
                        () -> Http.get(page)
                                .body()
                                .lines()
                                .anyMatch(line -> line.startsWith("kafka_server_brokertopicmetrics_MessagesIn_total{")
                                        && line.contains("topic=\"seen\"")
                                        && line.matches(".* 5(\\.0)?$")));
                assertThat(Http.get(page).body())
                        .contains("kafka_server_ReplicaManager_UnderReplicatedPartitions{")
                        .contains("kafka_server_ReplicaManager_UnderMinIsrPartitionCount{")
                        .contains("kafka_controller_KafkaController_ActiveControllerCount{")
                        .contains("kafka_controller_KafkaController_OfflinePartitionsCount{")
                        .contains("kafka_network_request_total_time_milliseconds{")
                        .contains("kafka_server_request_handler_idle_ratio{")
                        .contains("kafka_server_brokertopicmetrics_BytesIn_total{");
            } catch (Throwable failed) {
                throw new AssertionError(exporter.tail() + "\n" + Http.get(page).body(), failed);
            }
        }
    }

    /** What a broker's JVM is told so that its beans can be read at a port of this machine. */
    static List<String> withBeans(int port) {
        return List.of(
                "-Dcom.sun.management.jmxremote.port=" + port,
                "-Dcom.sun.management.jmxremote.rmi.port=" + port,
                "-Dcom.sun.management.jmxremote.authenticate=false",
                "-Dcom.sun.management.jmxremote.ssl=false",
                "-Djava.rmi.server.hostname=127.0.0.1");
    }

    /** The item of {@code exporter.services.jmx} that docs/push.md shows, for a broker on this machine. */
    static String example(int port) throws IOException {
        String document = Files.readString(Program.home().resolve("docs/push.md"));
        String example = document.substring(document.indexOf("      - url: kafka-1:9999"));
        return example.substring(0, example.indexOf("```"))
                        .replaceFirst("kafka-1:9999 .*", "127.0.0.1:" + port)
                        .stripTrailing()
                + "\n";
    }
}
