package io.emberwatch.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;

class HttpClientsTest {
    @Test
    void noRequestWaitsForAnAcknowledgementOfItsBeginning() throws Exception {
        SocketFactory sockets = HttpClients.withTimeout(Duration.ofSeconds(1)).socketFactory();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (Socket plain = sockets.createSocket();
                ServerSocket server = new ServerSocket(0, 4, loopback);
                Socket connected = sockets.createSocket(loopback, server.getLocalPort());
                Socket bound = sockets.createSocket(loopback, server.getLocalPort(), loopback, 0)) {
            assertThat(plain.getTcpNoDelay()).isTrue();
            assertThat(connected.getTcpNoDelay()).isTrue();
            assertThat(bound.getTcpNoDelay()).isTrue();
        }
    }
}
