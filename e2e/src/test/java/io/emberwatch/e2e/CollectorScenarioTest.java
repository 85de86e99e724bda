package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Lines that the exporter hears reach Kafka, whichever of the two is killed meanwhile. */
final class CollectorScenarioTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Set<String> sent = new TreeSet<>();
    private int httpPort;
    private int udpPort;
    private int next;

    @Test
    void everyLineOfTheHostReachesKafkaThoughBrokerAndExporterAreKilled() throws Exception {
        httpPort = Peers.freePort();
        udpPort = Peers.freePort();
        BrokerProcess broker = BrokerProcess.stopped(folder);
        ServerProcess exporter = startExporter(broker);
        try {
            sendLines(300);
            awaitTaken(300);
            broker.restart();
            awaitDelivered(300);
            broker.kill();
            sendLines(300);
            awaitTaken(600);
            exporter.kill();
            exporter = startExporter(broker);
            assertThat(Http.get(page()).body()).doesNotContain("emberwatch_push_collector_found_lines_total 0.0\n");
            sendLines(300);
            awaitTaken(300);
            broker.restart();
            Peers.await("nothing waits", PATIENCE, () -> value("emberwatch_push_collector_waiting_lines") == 0);
            sendLines(300);
            try (Topic topic = new Topic(broker.bootstrapServers(), "metrics")) {
                Peers.await("every line is there", PATIENCE, () -> new HashSet<>(topic.lines()).size() >= sent.size());
                assertThat(new TreeSet<>(topic.lines())).isEqualTo(sent);
                assertThat(topic.records())
                        .as("many lines to a record, in the order of this host")
                        .hasSizeLessThan(sent.size() / 2)
                        .allSatisfy(
                                record -> assertThat(Topic.text(record.key())).isEqualTo("this-host"));
            }
            assertThat(value("emberwatch_push_collector_dropped_lines_total{reason=\"disk\"}"))
                    .isZero();
        } catch (Throwable failed) {
            throw new AssertionError(exporter.tail() + "\n" + broker.tail(), failed);
        } finally {
            exporter.close();
            broker.close();
        }
    }

    @Test
    void beginsOnAFullDiskAndKeepsLinesOnItOnceThereIsRoom() throws Exception {
        httpPort = Peers.freePort();
        udpPort = Peers.freePort();
        try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("data"), "1m");
                BrokerProcess broker = BrokerProcess.stopped(folder)) {
            Path filling = disk.fill();
            ServerProcess exporter = startExporter(broker);
            try {
                sendLines(300);
                awaitTaken(300);
                assertThat(value("emberwatch_push_collector_kept")).isZero();
                assertThat(exporter.output())
                        .contains("lines cannot be kept on disk, only in memory")
                        .contains("No space left on device");
                Files.delete(filling);
                sendLines(300);
                awaitTaken(600);
                Peers.await("all is on disk", PATIENCE, () -> value("emberwatch_push_collector_kept") == 1);
                exporter.kill();
                exporter = startExporter(broker);
                assertThat(value("emberwatch_push_collector_found_lines_total")).isEqualTo(600);
                disk.fill();
                broker.restart();
                awaitDelivered(600);
                sendLines(300);
                awaitDelivered(900);
            } catch (Throwable failed) {
                throw new AssertionError(exporter.tail() + "\n" + broker.tail(), failed);
            } finally {
                exporter.close();
            }
        }
    }

    private ServerProcess startExporter(BrokerProcess broker) throws Exception {
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  host: {enabled: false}
                  sensors: []
                  influx:
                    http: true
                    listeners: [{address: "udp://127.0.0.1:%d"}, {address: "unix://%s"}]
                push:
                  kafka: {bootstrap_servers: "%s"}
                  collector: {key: this-host}
                """.formatted(
                        udpPort, folder.resolve("lines.sock"), broker.bootstrapServers()));
        ServerProcess exporter = Program.start(
                "exporter",
                folder,
                "exporter",
                "--config=" + config,
                "--listen=127.0.0.1:" + httpPort,
                "--data=" + folder.resolve("data"));
        Peers.await("the exporter is ready", PATIENCE, () -> Http.isOk("http://127.0.0.1:" + httpPort + "/-/ready"));
        return exporter;
    }

    /** A third each by datagram, stream and HTTP. */
    private void sendLines(int count) throws IOException {
        StringBuilder[] texts = {new StringBuilder(), new StringBuilder(), new StringBuilder()};
        for (int i = 0; i < count; i++) {
            String line = "state,host=a\\ b n=" + next + "i,text=\"x,# =y\" " + (1_700_000_000_000_000_000L + next++);
            sent.add(line);
            texts[i % 3].append(line).append('\n');
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] datagram = texts[0].toString().getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), udpPort));
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("lines.sock")));
            ByteBuffer bytes = ByteBuffer.wrap(texts[1].toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        assertThat(Http.post("http://127.0.0.1:" + httpPort + "/write?db=x", "text/plain", texts[2].toString())
                        .statusCode())
                .isEqualTo(204);
    }

    private void awaitTaken(int lines) throws Exception {
        Peers.await(
                lines + " lines are taken over",
                PATIENCE,
                () -> value("emberwatch_push_collector_lines_total") == lines);
    }

    private void awaitDelivered(int lines) throws Exception {
        Peers.await(
                lines + " lines are delivered",
                PATIENCE,
                () -> value("emberwatch_push_collector_delivered_lines_total") == lines);
    }

    private String page() {
        return "http://127.0.0.1:" + httpPort + "/metrics";
    }

    private double value(String series) throws IOException {
        return Http.get(page())
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }
}
