package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeatmapEndpointTest {
    @TempDir
    private Path folder;

    private final ManualClock clock = ManualClock.atEpoch();
    private final Source source = new Source();
    private HttpServer server;

    /** Cluster prod, well as long as it is known. */
    private static final class Source implements QuerySource {
        private boolean down;
        private int asked;

        @Override
        public QueryResult instant(String expression, Instant at) throws QueryException {
            if (down) {
                throw new QueryException(QueryException.Kind.UNAVAILABLE, "connection refused");
            }
            return QueryResult.of(
                    new QueryValue.Vector(List.of(new Sample(Labels.of("cluster", "prod"), at.toEpochMilli(), 1))));
        }

        @Override
        public QueryResult range(String expression, Instant start, Instant end, Duration step) {
            asked++;
            return new Past(second -> 9).resultOf(start, end, step);
        }
    }

    @BeforeEach
    void start() throws Exception {
        clock.advance(Duration.ofDays(100));
        ServiceContext context = new ServiceContext(clock, new ManualScheduler(clock), folder, folder);
        ScorerService scorer =
                new ScorerService(ScorerConfigs.ofModel(SmallModel.file(folder).toString()), context, source);
        server = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), scorer.routes());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + server.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "/heatmap.svg, image/svg+xml; charset=utf-8, <svg",
        "/heatmap.svg?cluster=prod&days=7&tz=Europe/Berlin&palette=colour_blind&theme=dark, image/svg+xml; charset=utf-8, <svg",
        "/heatmap.png?days=93&by=weekday&calc=mean, image/png, PNG",
        "/heatmap.csv, text/csv; charset=utf-8, hour",
        "/heatmap.md, text/markdown; charset=utf-8, **prod",
    })
    void isServedInEveryForm(String path, String type, String beginning) throws Exception {
        HttpResponse<byte[]> response = get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(new String(response.body(), java.nio.charset.StandardCharsets.ISO_8859_1).substring(0, 8))
                .contains(beginning);
    }

    @ParameterizedTest
    @CsvSource({
        "cluster=nope, 404, there are prod",
        "days=0, 400, expected 1 to 93",
        "days=many, 400, expected 1 to 93",
        "tz=Mars, 400, expected a zone such as Europe/Berlin",
        "palette=grey, 400, red_green or colour_blind",
        "theme=none, 400, light or dark",
        "calc=max, 400, min or mean",
        "metric=a%20b, 400, no metric name",
    })
    void whatCannotBeDrawnIsRefusedWithTheReason(String query, int status, String reason) throws Exception {
        HttpResponse<byte[]> response = get("/heatmap.svg?" + query);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains(reason);
    }

    @Test
    void anAnswerIsKeptForHalfAMinute() throws Exception {
        get("/heatmap.svg");
        int asked = source.asked;
        get("/heatmap.png");
        assertThat(source.asked).isEqualTo(asked);

        clock.advance(HeatmapEndpoint.FRESH);
        get("/heatmap.svg");
        assertThat(source.asked).isEqualTo(2 * asked);
    }

    @Test
    void isUnavailableWhileTheSourceIs() throws Exception {
        source.down = true;

        assertThat(get("/heatmap.png").statusCode()).isEqualTo(503);
    }
}
