package io.emberwatch.exporter.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RelayTest {
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1000));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final CollectorRegistry registry = new CollectorRegistry();

    @Test
    void everyLineGoesOnAsItCameAndIsStoredToo() throws Exception {
        try (DatagramSocket one = socket();
                DatagramSocket other = socket()) {
            StatsdPart part =
                    part("relay: ['127.0.0.1:" + one.getLocalPort() + "', '127.0.0.1:" + other.getLocalPort() + "']");
            part.start();
            Receiver receiver = part.receiver();
            String text = "a.b:1|c|#t:v\r\nnonsense\n\nc:2|ms|@0.5";
            receiver.take(text.getBytes(UTF_8), 0, text.length());
            scheduler.advance(Duration.ofSeconds(1));

            for (DatagramSocket socket : new DatagramSocket[] {one, other}) {
                assertThat(receive(socket)).isEqualTo("a.b:1|c|#t:v\nnonsense\nc:2|ms|@0.5\n");
            }
            part.close();
        }
        assertThat(sum("emberwatch_exporter_statsd_relay_lines_total")).isEqualTo(6);
        assertThat(sum("emberwatch_exporter_statsd_relay_packets_total")).isEqualTo(2);
        assertThat(sum("emberwatch_exporter_statsd_relay_lost_total")).isZero();
        assertThat(sum("statsd_exporter_events_total")).isPositive();
    }

    @Test
    void datagramsAreFullBeforeTheyGoAndALineThatFitsNoneIsCounted() throws Exception {
        try (DatagramSocket socket = socket()) {
            StatsdPart part = part("relay: ['127.0.0.1:" + socket.getLocalPort() + "']");
            part.start();
            Receiver receiver = part.receiver();
            String line = "name." + "x".repeat(600) + ":1|c\n";
            String text = line.repeat(4) + "y".repeat(Relay.MOST_BYTES) + ":1|c\n";
            receiver.take(text.getBytes(UTF_8), 0, text.length());

            assertThat(receive(socket)).isEqualTo(line.repeat(2));
            part.close();
            assertThat(receive(socket)).isEqualTo(line.repeat(2));
        }
        assertThat(sum("emberwatch_exporter_statsd_relay_lines_total")).isEqualTo(4);
        assertThat(sum("emberwatch_exporter_statsd_relay_too_long_total")).isEqualTo(1);
    }

    @Test
    void aTargetWithoutAHostIsRefused() {
        assertThatThrownBy(() -> part("relay: [':8125']")).hasMessageContaining("a host and a port are needed");
    }

    private StatsdPart part(String yaml) throws ConfigException {
        return new StatsdPart(
                ConfigReader.parse("statsd.yml", yaml, StatsdConfig.class),
                new ServiceContext(clock, scheduler, Path.of("data"), Path.of(".")),
                registry,
                new ListenMetrics(registry));
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }

    private double sum(String name) {
        return Registry.families(registry).stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.points().stream())
                .mapToDouble(point -> point.value())
                .sum();
    }
}
