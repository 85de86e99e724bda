package io.emberwatch.push.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.Precision;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(30)
final class MonitoringTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00.000000001Z"));
    private static final String STAMP = " 1772366400000000001\n";

    private static final Deadline PATIENCE = Deadline.after(Duration.ofMinutes(1));

    private final LocalRegistry registry = new LocalRegistry("application");

    @Test
    void aMetricArrivesAsOneDatagramOfLineProtocol() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Monitoring monitoring = open("influxdb-udp://127.0.0.1:" + socket.getLocalPort())) {
            monitoring.send(Metric.named("a b")
                    .field("text", "say \"hi\", x=1")
                    .field("n", 9_007_199_254_740_993L)
                    .field("real", 123456789.123)
                    .field("on", true)
                    .tag("place", "lab, 1")
                    .build());
            assertThat(receive(socket))
                    .isEqualTo("a\\ b,hostname=here,place=lab\\,\\ 1 text=\"say \\\"hi\\\", x=1\",n=9007199254740993i,"
                            + "real=1.23456789123e+08,on=true" + STAMP);
        }
    }

    @Test
    void bufferedLinesShareDatagramsThatAreNeverTooLong() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Monitoring monitoring = Monitoring.to("influxdb-udp://127.0.0.1:" + socket.getLocalPort())
                    .buffering(1000, Duration.ofHours(1))
                    .open();
            for (int i = 0; i < 100; i++) {
                monitoring.send(Metric.named("m")
                        .value(i)
                        .tag("padding", "x".repeat(100))
                        .build());
            }
            monitoring.close();
            int lines = 0;
            while (lines < 100) {
                String datagram = receive(socket);
                assertThat(datagram.length()).isLessThanOrEqualTo(1432);
                lines += LineDecoder.decode(datagram.getBytes(UTF_8), Precision.NANOSECONDS)
                        .size();
            }
            assertThat(lines).isEqualTo(100);
        }
    }

    @Test
    void aSocketInTheFileSystemTakesDatagrams(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("metrics.sock");
        try (AFUNIXDatagramChannel server = AFUNIXDatagramChannel.open()) {
            server.bind(AFUNIXSocketAddress.of(path));
            Monitoring monitoring = open("influxdb-unix://" + path);
            monitoring.send(Metric.named("m").value(1).build());
            ByteBuffer buffer = ByteBuffer.allocate(1000);
            server.receive(buffer);
            assertThat(new String(buffer.array(), 0, buffer.position(), UTF_8))
                    .isEqualTo("m,hostname=here value=1i" + STAMP);
            monitoring.close();
        }
    }

    @Test
    void whatNobodyListensForIsKeptUntilSomebodyDoes(@TempDir Path folder) throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            port = free.getLocalPort();
        }
        try (Monitoring monitoring = open("influxdb-udp://127.0.0.1:" + port)) {
            // The first datagram into the void draws the refusal, which the next one meets.
            for (int i = 0; monitoring.deliveries().get(0).failures() == 0; i++) {
                monitoring.send(Metric.named("m").value(i).build());
            }
            try (DatagramSocket socket =
                    new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                assertThat(receive(socket)).contains("m,hostname=here value=");
            }
        }
    }

    @Test
    void aBackendTakesWhatIsNotMoreDetailThanItWants() throws Exception {
        LocalRegistry all = new LocalRegistry("all");
        try (Monitoring monitoring = Monitoring.to("no-op:///prod, no-op://, no-op:///debug")
                .registry(all)
                .open()) {
            for (Verbosity verbosity : Verbosity.values()) {
                monitoring.send(Metric.named("m").value(1).verbosity(verbosity).build());
            }
            assertThat(monitoring.deliveries()).extracting(Delivery::sent).containsExactly(1L, 2L, 3L, 3L);
        }
    }

    @Test
    void aPolicyDecidesByName() throws Exception {
        try (Monitoring monitoring = Monitoring.to("no-op:///prod")
                .verbosity(Pattern.compile("kept_.*"), Verbosity.PROD)
                .open()) {
            monitoring.send(Metric.named("kept_x").value(1).build());
            monitoring.send(Metric.named("not_kept_x").value(1).build());
            assertThat(monitoring.deliveries().get(0).sent()).isEqualTo(1);
        }
    }

    @Test
    void aRegistryShowsTheLastValues() throws Exception {
        try (Monitoring monitoring = Monitoring.to("")
                .registry(registry)
                .tag("hostname", "here")
                .run(42)
                .open()) {
            monitoring.send(
                    Metric.named("link").field("errors", 1).field("up", false).build());
            monitoring.send(Metric.named("link")
                    .field("errors", 3)
                    .field("up", true)
                    .field("text", "x")
                    .build());
            monitoring.send(Metric.named("events/s").value(7.5).build());
        }
        assertThat(registry.collect(PATIENCE).stream().map(MetricFamily::name))
                .containsExactly("events_s", "link_errors", "link_up", "emberwatch_client_dropped_series_total");
        assertThat(registry.collect(PATIENCE).get(1).points())
                .containsExactly(MetricPoint.of("link_errors", Labels.of("hostname", "here", "run", "42"), 3));
    }

    @Test
    void aRegistryIsBounded() throws Exception {
        try (Monitoring monitoring = Monitoring.to("").registry(registry).open()) {
            for (int i = 0; i < LocalRegistry.MOST_SERIES + 5; i++) {
                monitoring.send(
                        Metric.named("m").value(1).tag("n", Integer.toString(i)).build());
            }
        }
        List<MetricFamily> families = registry.collect(PATIENCE);
        assertThat(families.get(0).points()).hasSize(LocalRegistry.MOST_SERIES);
        assertThat(families.get(1).points().get(0).value()).isEqualTo(5);
    }

    @Test
    void whatLineProtocolCannotSayIsRefusedAndTheRestIsSent() throws Exception {
        try (Monitoring monitoring = open("no-op://")) {
            monitoring.send(Metric.named("m").value(1).tag("empty", "").build());
            monitoring.send(Metric.named("#m").value(1).build());
            monitoring.send(Metric.named("m").value(1).build());
            assertThat(monitoring.refused()).isEqualTo(2);
            assertThat(monitoring.deliveries().get(0).sent()).isEqualTo(1);
        }
    }

    @Test
    void afterTheEndNothingIsSent() throws Exception {
        Monitoring monitoring = open("no-op://");
        monitoring.close();
        monitoring.send(Metric.named("m").value(1).build());
        assertThat(monitoring.refused()).isEqualTo(1);
        assertThat(monitoring.deliveries().get(0).sent()).isZero();
    }

    @Test
    void theProcessIsWatchedToItsEnd() throws Exception {
        try (Monitoring monitoring = Monitoring.to("")
                .registry(registry)
                .processMonitoring(Duration.ofMillis(5))
                .open()) {
            while (registry.collect(PATIENCE).stream()
                    .noneMatch(family -> family.name().equals("cpuUsedPercentage"))) {
                Thread.onSpinWait();
            }
        }
        assertThat(registry.collect(PATIENCE).stream().map(MetricFamily::name))
                .contains("residentSetSize", "averageResidentSetSize", "cpuTimeConsumedByProcess");
    }

    @Test
    void anUnknownBackendIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> open("no-op://,apmon://h:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no backend is called \"apmon\"; there are http, https, influxdb-stdout");
        assertThatThrownBy(() -> open("influxdb-udp://h")).hasMessageContaining("a host and a port are needed");
        assertThatThrownBy(() -> open("influxdb-unix://")).hasMessageContaining("a path is needed");
        assertThatThrownBy(() -> open("influxdbv2://h:1?org=o")).hasMessageContaining("bucket is missing");
        assertThatThrownBy(() -> open("influxdb-udp://h:1?datagram=0")).hasMessageContaining("datagram=0");
    }

    private static Monitoring open(String backends) throws IOException {
        return Monitoring.to(backends).tag("hostname", "here").clock(NOON).open();
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        socket.setSoTimeout(20_000);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }
}
