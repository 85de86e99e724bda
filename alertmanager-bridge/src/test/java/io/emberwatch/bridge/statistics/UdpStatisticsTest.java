package io.emberwatch.bridge.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UdpStatisticsTest {
    private static final Instant AT = Instant.parse("2026-11-21T12:00:10.000000001Z");

    @Test
    void theLinesAreThoseOfTheNotificationComponents() throws Exception {
        try (DatagramSocket influx = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            influx.setSoTimeout(10_000);
            new UdpStatistics(
                            new StatisticsConfig("127.0.0.1", influx.getLocalPort(), Duration.ofSeconds(10)),
                            "flp 001.example.com")
                    .send(
                            List.of(
                                    new UdpStatistics.Count("Mattermost", 12, 11),
                                    new UdpStatistics.Count("Emailer", 3, 3)),
                            AT);
            assertThat(receive(influx))
                    .isEqualTo("kafka_consumer,endpoint_type=Mattermost,hostname=flp\\ 001.example.com"
                            + " receivedRecords=12i,sentRecords=11i 1795262410000000001");
            assertThat(receive(influx))
                    .isEqualTo("kafka_consumer,endpoint_type=Emailer,hostname=flp\\ 001.example.com"
                            + " receivedRecords=3i,sentRecords=3i 1795262410000000001");
        }
    }

    private static String receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
