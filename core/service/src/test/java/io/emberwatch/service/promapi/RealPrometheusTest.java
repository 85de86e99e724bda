package io.emberwatch.service.promapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryException.Kind;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a real Prometheus that scrapes itself. */
class RealPrometheusTest {
    private static final Path PROGRAM = Path.of("/usr/bin/prometheus");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static Process process;
    private static PrometheusClient client;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "no Prometheus is installed");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                scrape_configs:
                  - job_name: self
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(port));
        process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        client = new PrometheusClient(URI.create("http://127.0.0.1:" + port));
        awaitScrapes();
    }

    private static void awaitScrapes() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                QueryResult result = client.instant("count_over_time(up[1m]) >= 3", Instant.now());
                if (!((QueryValue.Vector) result.value()).samples().isEmpty()) {
                    return;
                }
            } catch (QueryException starting) {
                assertThat(starting.kind().isRetryable()).isTrue();
            }
            assertThat(System.nanoTime())
                    .as("Prometheus scrapes within 30 s: %s", Files.readString(folder.resolve("log")))
                    .isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void instantQueriesAreAnswered() throws Exception {
        Instant now = Instant.now();

        QueryValue.Vector up =
                (QueryValue.Vector) client.instant("up{job=\"self\"}", now).value();

        assertThat(up.samples()).hasSize(1);
        assertThat(up.samples().get(0).labels().metricName()).isEqualTo("up");
        assertThat(up.samples().get(0).value()).isEqualTo(1);
        assertThat(up.samples().get(0).timestampMillis()).isEqualTo(now.toEpochMilli());
    }

    @Test
    void everyKindOfValueIsRead() throws Exception {
        Instant at = Instant.ofEpochMilli(1_700_000_000_123L);

        assertThat(client.instant("-1/0", at).value())
                .isEqualTo(new QueryValue.Scalar(at.toEpochMilli(), Double.NEGATIVE_INFINITY));
        assertThat(client.instant("0/0", at).value()).isEqualTo(new QueryValue.Scalar(at.toEpochMilli(), Double.NaN));
        assertThat(client.instant("\"ü\\\\\"", at).value()).isEqualTo(new QueryValue.Text(at.toEpochMilli(), "ü\\"));
        assertThat(client.instant("vector(1e21)", at).value())
                .hasToString("Vector[samples=[Sample[labels={}, " + "timestampMillis=1700000000123, value=1.0E21]]]");
        assertThat(client.instant("absent_thing", at).value()).isEqualTo(new QueryValue.Vector(java.util.List.of()));
        assertThat(client.instant("up[1m]", Instant.now()).value().type()).isEqualTo("matrix");
    }

    @Test
    void rangeQueriesAreAnswered() throws Exception {
        Instant start = Instant.ofEpochMilli(1_700_000_000_500L);

        QueryValue.Matrix matrix =
                (QueryValue.Matrix) client.range("time()", start, start.plusSeconds(2), Duration.ofMillis(500))
                        .value();

        Series series = matrix.series().get(0);
        assertThat(series.size()).isEqualTo(5);
        assertThat(series.timestampsMillis()[4]).isEqualTo(start.plusSeconds(2).toEpochMilli());
        assertThat(series.values()[0]).isEqualTo(1_700_000_000.5);
    }

    @Test
    void faultsKeepTheirKind() {
        assertThat(kind("up{", Instant.now())).isEqualTo(Kind.BAD_DATA);
        assertThat(kind("up * on(instance) group_left() {__name__=~\"up|scrape_.*\"}", Instant.now()))
                .isIn(Kind.EXECUTION, Kind.BAD_DATA);
        QueryException tooMany = catchThrowableOfType(
                QueryException.class,
                () -> client.range("up", Instant.EPOCH, Instant.ofEpochSecond(100_000), Duration.ofSeconds(1)));
        assertThat(tooMany.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(tooMany).hasMessageContaining("exceeded maximum resolution of 11,000 points");
    }

    private static Kind kind(String expression, Instant at) {
        return catchThrowableOfType(QueryException.class, () -> client.instant(expression, at))
                .kind();
    }
}
