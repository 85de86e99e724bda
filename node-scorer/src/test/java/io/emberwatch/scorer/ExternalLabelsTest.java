package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.service.config.ConfigReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prometheis whose answers do not say which cluster they are about. */
final class ExternalLabelsTest {
    private static HttpServer prometheus() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/query", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = """
                    {"status":"success","data":{"resultType":"vector","result":[
                      {"metric":{"instance":"etcd-0"},"value":[1,"0"]}]}}
                    """.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void theClusterIsCalledWhatTheConfigurationCallsItsPrometheus() throws Exception {
        HttpServer north = prometheus();
        HttpServer south = prometheus();
        try {
            String text = """
                    prometheus:
                      - {url: "%s", labels: {cluster: north}}
                      - {url: "%s", labels: {cluster: south}}
                    """.formatted(url(north), url(south));
            ScorerConfig config = ConfigReader.parse("scorer.yml", text, ScorerConfig.class);
            ScoreModel model = ConfigReader.parse("small.yml", SmallModel.TEXT, ScoreModel.class);

            List<Score> scores =
                    new Scorer(model).score(new Surveyor(model, ScorerConfigs.source(config)).measure(Instant.EPOCH));

            assertThat(scores).extracting(Score::cluster).containsExactly("north", "south");
        } finally {
            north.stop(0);
            south.stop(0);
        }
    }
}
