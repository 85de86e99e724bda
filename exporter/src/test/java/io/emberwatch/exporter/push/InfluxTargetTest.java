package io.emberwatch.exporter.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.push.LineTarget.RefusedException;
import io.emberwatch.exporter.push.PushConfig.InfluxConfig;
import io.emberwatch.exporter.push.PushConfig.UdpConfig;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InfluxTargetTest {
    private final List<String> requests = new ArrayList<>();
    private int status = 204;

    private Route route(String path) {
        return Route.post(path, exchange -> {
            requests.add(exchange.path() + " " + exchange.param("db") + exchange.param("rp") + exchange.param("org")
                    + exchange.param("bucket") + exchange.param("precision") + " " + exchange.header("Authorization")
                    + " "
                    + new String(exchange.body(1000), UTF_8));
            exchange.respondText(status, status == 204 ? "" : "{\"error\":\"no\"}");
        });
    }

    @Test
    void speaksBothVersions() throws Exception {
        try (HttpServer server =
                HttpServer.start(new ListenAddress("127.0.0.1", 0), List.of(route("/write"), route("/api/v2/write")))) {
            String url = "url: http://127.0.0.1:" + server.port() + "\n";
            new InfluxTarget(ConfigReader.parse(
                            "v1",
                            url + "database: d\nretention_policy: week\nusername: u\npassword: p\n",
                            InfluxConfig.class))
                    .send("a value=1 1\n".getBytes(UTF_8));
            InfluxTarget second = new InfluxTarget(
                    ConfigReader.parse("v2", url + "org: o\nbucket: b\ntoken: t\n", InfluxConfig.class));
            second.send("b value=1 1\n".getBytes(UTF_8));
            assertThat(requests)
                    .containsExactly(
                            "/write dweeknullnullns Basic dTpw a value=1 1\n",
                            "/api/v2/write nullnullobns Token t b value=1 1\n");
            status = 400;
            assertThatThrownBy(() -> second.send(new byte[] {'x'}))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.isForEver()).isTrue())
                    .hasMessage("127.0.0.1: answered 400: {\"error\":\"no\"}");
            status = 401;
            assertThatThrownBy(() -> second.send(new byte[] {'x'}))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.isForEver()).isFalse());
        }
        InfluxTarget nobody = new InfluxTarget(
                ConfigReader.parse("v1", "url: http://127.0.0.1:1\ndatabase: d\n", InfluxConfig.class));
        assertThatThrownBy(() -> nobody.send(new byte[] {'x'}))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(RefusedException.class);
    }

    @Test
    void joinsLinesIntoDatagrams() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(5000);
            UdpTarget target = new UdpTarget(ConfigReader.parse(
                    "udp",
                    "{host: 127.0.0.1, port: " + socket.getLocalPort() + ", max_datagram: 512B}",
                    UdpConfig.class));
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                lines.append("m value=").append(i).append(" 1\n");
            }
            target.send(lines.toString().getBytes(UTF_8));
            StringBuilder received = new StringBuilder();
            while (received.length() < lines.length()) {
                DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                socket.receive(packet);
                assertThat(packet.getLength()).isLessThanOrEqualTo(512);
                String text = new String(packet.getData(), 0, packet.getLength(), UTF_8);
                assertThat(text).endsWith("\n");
                received.append(text);
            }
            assertThat(received.toString()).isEqualTo(lines.toString());
        }
    }
}
