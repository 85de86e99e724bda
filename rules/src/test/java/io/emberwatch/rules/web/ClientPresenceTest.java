package io.emberwatch.rules.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientPresenceTest {
    private static final InetSocketAddress LOCAL = local(9090);

    @TempDir
    private Path folder;

    @Test
    void readsTheListsOfTheKernel() throws IOException {
        Path plain = Files.writeString(folder.resolve("tcp"), """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:2382 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100
                   1: 0100007F:2382 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100
                   2: 0100007F:2382 0100007F:C002 08 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100
                """);
        Path second = Files.writeString(folder.resolve("tcp6"), """
                  sl  local_address                         remote_address                        st
                   0: 0000000000000000FFFF00000100007F:2382 0000000000000000FFFF00000100007F:C003 01 00000000:00000000
                   1: 00000000000000000000000001000000:2382 00000000000000000000000001000000:C004 01 00000000:00000000
                """);
        ClientPresence presence = new ClientPresence(List.of(plain, second));
        assertThat(presence.isGone(LOCAL, local(0xc001))).isFalse();
        assertThat(presence.isGone(LOCAL, local(0xc002))).isTrue();
        assertThat(presence.isGone(LOCAL, local(0xc003))).isFalse();
        assertThat(presence.isGone(local6(9090), local6(0xc004))).isFalse();
        assertThat(presence.isGone(LOCAL, local(0xc005))).isTrue();
    }

    @Test
    void whereThereAreNoListsNobodyIsGone() {
        ClientPresence presence = new ClientPresence(List.of(folder.resolve("none")));
        assertThat(presence.isGone(LOCAL, local(1))).isFalse();
    }

    @Test
    void noticesThatARealConnectionWasClosed() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "there is no /proc/net/tcp");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
            try (Socket accepted = server.accept()) {
                InetSocketAddress local = (InetSocketAddress) accepted.getLocalSocketAddress();
                InetSocketAddress remote = (InetSocketAddress) accepted.getRemoteSocketAddress();
                assertThat(new ClientPresence().isGone(local, remote)).isFalse();
                client.close();
                assertThat(new ClientPresence().isGone(local, remote)).isTrue();
            }
        }
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(address(127, 0, 0, 1), port);
    }

    private static InetSocketAddress local6(int port) {
        return new InetSocketAddress(address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), port);
    }

    private static InetAddress address(int... bytes) {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
