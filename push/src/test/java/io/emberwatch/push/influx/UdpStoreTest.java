package io.emberwatch.push.influx;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.influx.WriteOutcome.Refused;
import io.emberwatch.push.influx.WriteOutcome.Stored;
import io.emberwatch.service.config.ByteSize;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UdpStoreTest {
    @Test
    void fillsDatagramsWithWholeLinesAndTakesPortsInTurn() throws IOException {
        try (DatagramSocket first = socket();
                DatagramSocket second = socket();
                UdpStore store = new UdpStore(new UdpConfig(
                        "127.0.0.1",
                        List.of(first.getLocalPort(), second.getLocalPort()),
                        new ByteSize(14),
                        100_000,
                        null))) {
            assertThat(store.write(bytes("a v=1\nb v=2\nc v=3\nd v=\"x\ny\"\n")))
                    .isInstanceOf(Stored.class);

            assertThat(receive(first)).isEqualTo("a v=1\nb v=2\n");
            assertThat(receive(second)).isEqualTo("c v=3\n");
            assertThat(receive(first)).isEqualTo("d v=\"x\ny\"\n");
            assertThat(store.sent()).isEqualTo(4);
        }
    }

    @Test
    void refusesALineThatFitsNoDatagram() throws IOException {
        try (DatagramSocket socket = socket();
                UdpStore store = new UdpStore(
                        new UdpConfig("127.0.0.1", List.of(socket.getLocalPort()), new ByteSize(10), 100_000, null))) {
            assertThat(store.write(bytes("abcdefgh v=1\n"))).isInstanceOf(Refused.class);
            assertThat(store.write(bytes("a v=1\n"))).isInstanceOf(Stored.class);
            assertThat(receive(socket)).isEqualTo("a v=1\n");
        }
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(5000);
        return socket;
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
