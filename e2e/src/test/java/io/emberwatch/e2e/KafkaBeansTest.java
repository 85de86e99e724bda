package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A real broker's own figures by JMX and through a real Jolokia agent, with the rules that docs/push.md shows. */
final class KafkaBeansTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void theExporterShowsTheBrokersFigures() throws Exception {
        int jmx = Peers.freePort();
        int jolokia = Peers.freePort();
        int port = Peers.freePort();
        Path config = Files.writeString(
                folder.resolve("emberwatch.yml"),
                """
                exporter:
                  host: {enabled: false}
                  sensors: []
                  services:
                    jmx:
                """
                        + example("127.0.0.1:" + jmx + "\n        instance: rmi")
                        + example("http://127.0.0.1:" + jolokia + "/jolokia\n        instance: jolokia"));
        List<String> settings = new ArrayList<>(withBeans(jmx));
        settings.add("-javaagent:" + jolokiaAgent() + "=host=127.0.0.1,discoveryEnabled=false,port=" + jolokia);
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
                Peers.await("the topic's messages are shown, and the same series both ways", PATIENCE, () -> {
                    String body = Http.get(page).body();
                    return messages(body) == 2 && series(body, "jolokia").equals(series(body, "rmi"));
                });
                assertThat(Http.get(page).body())
                        .contains("jmx_scrape_error{instance=\"jolokia\"} 0")
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
        return example("127.0.0.1:" + port);
    }

    /** The same for a broker that is read in another way. */
    private static String example(String url) throws IOException {
        String document = Files.readString(Program.home().resolve("docs/push.md"));
        String example = document.substring(document.indexOf("      - url: kafka-1:9999"));
        return example.substring(0, example.indexOf("```"))
                        .replaceFirst("kafka-1:9999 .*", url)
                        .stripTrailing()
                + "\n";
    }

    private static long messages(String page) {
        return page.lines()
                .filter(line -> line.startsWith("kafka_server_brokertopicmetrics_MessagesIn_total{")
                        && line.contains("topic=\"seen\"")
                        && line.matches(".* 5(\\.0)?$"))
                .count();
    }

    private static Set<String> series(String page, String instance) {
        String label = "instance=\"" + instance + "\"";
        return page.lines()
                .filter(line -> line.startsWith("kafka_") && line.contains(label))
                .map(line -> line.replace(label, "").replaceFirst(" [^ ]+$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // The agent is a library of the tests; the program under test knows nothing of it.
    private static String jolokiaAgent() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(classPath)
                .filter(path -> path.contains("jolokia-agent-jvm"))
                .findFirst()
                .orElseThrow();
    }
}
