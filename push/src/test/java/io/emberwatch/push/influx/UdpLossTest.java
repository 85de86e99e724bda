package io.emberwatch.push.influx;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UdpLossTest {
    private HttpServer database;
    private volatile long written = 1000;

    @BeforeEach
    void start() throws Exception {
        database = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        database.createContext("/debug/vars", exchange -> {
            byte[] body = """
                    {"udp::8089": {"name": "udp", "tags": {"bind": ":8089"}, "values": {"pointsRx": 9, "pointsTx": %d}},
                     "udp::8090": {"name": "udp", "tags": {"bind": ":8090"}, "values": {"pointsRx": 9, "pointsTx": 7}},
                     "write": {"name": "write", "tags": null, "values": {"pointReq": 1}}, "cmdline": ["influxd"]}
                    """.formatted(written).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        database.start();
    }

    @AfterEach
    void stop() {
        database.stop(0);
    }

    @Test
    void whatWasSentAndNotWrittenAfterAWhileIsLost() {
        UdpLoss loss = new UdpLoss(
                URI.create("http://127.0.0.1:" + database.getAddress().getPort() + "/debug/vars"), List.of(8089));
        long second = TimeUnit.SECONDS.toNanos(1);
        long begin = System.nanoTime();
        assertThat(loss.estimate(100, begin)).hasValue(0);
        written = 1090;
        assertThat(loss.estimate(200, begin + second)).as("too early to tell").hasValue(0);
        assertThat(loss.estimate(300, begin + 6 * second)).hasValue(10);
        written = 120; // started again, and what was under way came
        assertThat(loss.estimate(300, begin + 12 * second)).hasValue(90);
        database.stop(0);
        assertThat(loss.estimate(400, begin + 20 * second)).isEmpty();
    }
}
