package io.emberwatch.exporter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exporter with everything that listens. */
final class ListenersTest {
    @TempDir
    Path directory;

    @Test
    void showsWhatComesOverEveryProtocolOnOnePage() throws Exception {
        int statsd = freePort();
        int carbon = freePort();
        int pickles = freePort();
        int influx = freePort();
        try (ServerSocket graphite = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                RunningExporter exporter = new RunningExporter(
                        """
                        influx: {http: true, listeners: [{address: 'udp://127.0.0.1:%d'}]}
                        statsd:
                          listeners: [{address: 'udp://127.0.0.1:%d'}, {address: 'tcp://127.0.0.1:%d'}]
                          flush: {graphite: '127.0.0.1:%d', flush_interval: 1s}
                        graphite:
                          listeners: [{address: 'tcp://127.0.0.1:%d'}, {address: 'udp://127.0.0.1:%d'}]
                          pickle: [{address: 'tcp://127.0.0.1:%d'}]
                        """.formatted(influx, statsd, statsd, graphite.getLocalPort(), carbon, carbon, pickles),
                        List.of())) {
            datagram(influx, "m,t=1 v=1");
            datagram(statsd, "seen:1|c\ntook:20|ms");
            stream(statsd, "stream:2|c\n".getBytes(UTF_8));
            stream(carbon, "plain.text 3 -1\n".getBytes(UTF_8));
            datagram(carbon, "plain.datagram 4 -1");
            byte[] pickle = "(lp0\n(S'pickled'\np1\n(I-1\nF5\ntp2\ntp3\na.".getBytes(UTF_8);
            stream(
                    pickles,
                    ByteBuffer.allocate(4 + pickle.length)
                            .putInt(pickle.length)
                            .put(pickle)
                            .array());

            await(
                    exporter,
                    "m_v{t=\"1\"} 1",
                    "seen 1",
                    "took_count 1",
                    "stream 2",
                    "plain_text 3",
                    "plain_datagram 4",
                    "pickled 5",
                    "statsd_exporter_udp_packets_total 1",
                    "statsd_exporter_tcp_connections_total 1");
            assertThat(exporter.page("/metrics?collect[]=statsd"))
                    .contains("seen 1")
                    .doesNotContain("m_v", "plain");
            assertThat(Promtool.lint(exporter.page("/metrics"))).isNotNull();
            graphite.setSoTimeout(10_000);
            try (Socket flushed = graphite.accept()) {
                String line = new String(flushed.getInputStream().readNBytes(5), UTF_8);
                assertThat(line).isEqualTo("stats");
            }
        }
    }

    @Test
    void takesUpAChangedMappingFileAndKeepsTheOldRulesWhenItIsFaulty() throws Exception {
        Path file = Files.writeString(directory.resolve("mapping.yml"), "mappings: [{match: a.*, name: first}]");
        int port = freePort();
        try (RunningExporter exporter = new RunningExporter(
                "statsd: {mapping_file: " + file + ", listeners: [{address: 'udp://127.0.0.1:" + port + "'}]}",
                List.of())) {
            datagram(port, "a.x:1|c");
            await(exporter, "first 1");
            Files.writeString(file, "mappings: [{match: a.*, name: second, labels: {part: $1}}]");
            await(exporter, "statsd_exporter_config_reloads_total{outcome=\"success\"} 1");
            datagram(port, "a.x:1|c");
            await(exporter, "second{part=\"x\"} 1", "first 1");
            Files.writeString(file, "mappings: [{match: a..b, name: third}]");
            await(exporter, "statsd_exporter_config_reloads_total{outcome=\"failure\"} 1");
            datagram(port, "a.x:1|c");
            await(exporter, "second{part=\"x\"} 2");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void datagram(int port, String text) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] bytes = text.getBytes(UTF_8);
            socket.send(new DatagramPacket(
                    bytes, bytes.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
    }

    private static void stream(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(bytes);
        }
    }

    private static void await(RunningExporter exporter, String... lines) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (true) {
            String page = exporter.page("/metrics");
            if (List.of(lines).stream().allMatch(line -> page.contains("\n" + line + "\n"))) {
                return;
            }
            assertThat(System.nanoTime())
                    .as(() -> String.join(", ", lines) + " did not all come: " + page)
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
