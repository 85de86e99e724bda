package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The listeners under what no sender should do: the process lives, its memory is bounded, and every loss is counted. */
final class ListenerStormTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 10_000;
    private static final long ENDLESS_BYTES = 1L << 30;
    private static final long MOST_RESIDENT = 900L << 20;

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void anEndlessLineTenThousandConnectionsAndABurstCostOnlyThemselves() throws Exception {
        int port = Peers.freePort();
        int statsd = Peers.freePort();
        int carbon = Peers.freePort();
        int influx = Peers.freePort();
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  statsd: {listeners: [{address: 'tcp://127.0.0.1:%d'}, {address: 'udp://127.0.0.1:%1$d'}]}
                  graphite: {listeners: [{address: 'tcp://127.0.0.1:%d'}]}
                  influx: {listeners: [{address: 'udp://127.0.0.1:%d'}]}
                """.formatted(statsd, carbon, influx));
        try (ServerProcess exporter = Program.start(
                "exporter", folder, "exporter", "--config", config.toString(), "--listen", "127.0.0.1:" + port)) {
            String page = "http://127.0.0.1:" + port + "/metrics?exclude%5B%5D=host";
            Peers.await("it answers: " + exporter.tail(), PATIENCE, () -> Http.isOk(page));

            List<SocketChannel> clients = connectMany(carbon, page);
            endlessLine(statsd);
            Peers.await(
                    "the endless line is counted",
                    PATIENCE,
                    () -> value(
                                    Http.get(page).body(),
                                    "emberwatch_exporter_statsd_lines_dropped_total{reason=\"too_long\"}")
                            == 1);
            for (SocketChannel client : clients) {
                client.write(ByteBuffer.wrap(" 1 -1\n".getBytes(StandardCharsets.US_ASCII)));
            }
            Peers.await(
                    "every connection's sample",
                    PATIENCE,
                    () -> value(Http.get(page).body(), "emberwatch_exporter_graphite_samples_stored_total")
                            == clients.size());
            for (SocketChannel client : clients) {
                client.close();
            }
            int sent = burst(influx);
            Peers.await("received and dropped are all that was sent", PATIENCE, () -> {
                String body = Http.get(page).body();
                String labels = "{listener=\"udp://127.0.0.1:" + influx + "\"}";
                return value(body, "emberwatch_exporter_listener_packets_total" + labels)
                                + value(body, "emberwatch_exporter_listener_kernel_drops_total" + labels)
                        == sent;
            });

            assertThat(exporter.isAlive()).isTrue();
            assertThat(resident(exporter.pid())).isLessThan(MOST_RESIDENT);
            assertThat(promtool(Http.get(page).body())).isIn(0, 3);
        }
    }

    // As many as file descriptors allow, each with half a line.
    private static List<SocketChannel> connectMany(int port, String page) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                SocketChannel client = SocketChannel.open();
                clients.add(client);
                client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                client.write(ByteBuffer.wrap("storm.half".getBytes(StandardCharsets.US_ASCII)));
                if (i % 2500 == 0) {
                    assertThat(Http.isOk(page)).isTrue();
                }
            }
        } catch (IOException noMoreDescriptors) {
            clients.remove(clients.size() - 1);
            assertThat(clients.size()).isGreaterThan(1000);
        }
        return clients;
    }

    private static void endlessLine(int port) throws IOException {
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) 'x');
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            for (long sent = 0; sent < ENDLESS_BYTES; sent += piece.length) {
                socket.getOutputStream().write(piece);
            }
        }
    }

    private static int burst(int port) throws IOException {
        byte[] lines = "m,t=1 v=1\n".repeat(8).getBytes(StandardCharsets.US_ASCII);
        int packets = 200_000;
        try (DatagramSocket socket = new DatagramSocket()) {
            DatagramPacket packet = new DatagramPacket(
                    lines, lines.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            for (int i = 0; i < packets; i++) {
                socket.send(packet);
            }
        }
        return packets;
    }

    private static double value(String page, String series) {
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    private static long resident(long pid) throws IOException {
        // The script has handed over to the program itself.
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    private int promtool(String page) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("page.prom"), page);
        return new ProcessBuilder(Peers.program("/usr/bin/promtool", "prometheus"), "check", "metrics")
                .redirectInput(file.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("promtool.out").toFile())
                .start()
                .waitFor();
    }
}
