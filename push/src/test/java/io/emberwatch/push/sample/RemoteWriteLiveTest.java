package io.emberwatch.push.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.push.sample.RemoteWriteTarget.Outcome;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples into a real Prometheus, which refuses a whole request for one sample that is too old. */
final class RemoteWriteLiveTest {
    private static final Duration DEADLINE = Duration.ofSeconds(40);
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");

    @TempDir
    Path folder;

    private int port;

    @Test
    void prometheusHasEverySampleButTheOneThatIsTooOld() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROMETHEUS), "prometheus is not installed");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path settings = Files.writeString(folder.resolve("prometheus.yml"), "global: {}\n");
        Process server = new ProcessBuilder(List.of(
                        PROMETHEUS.toString(),
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--web.enable-remote-write-receiver"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        try (RemoteWriteTarget target = new RemoteWriteTarget(
                ConfigReader.parse(
                        "remote.yml",
                        "{url: \"http://127.0.0.1:" + port + "/api/v1/write\", labels: {farm: o2}}",
                        RemoteWriteConfig.class),
                (outcome, count) -> counts.merge(outcome, count, Integer::sum))) {
            awaitReady(server);
            long now = System.currentTimeMillis();
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                samples.add(new Sample(
                        Labels.of("__name__", "m", "n", Integer.toString(i % 10)), now - 9_000 + 90L * i, i));
            }
            samples.add(50, new Sample(Labels.of("__name__", "old"), 1, 1));
            assertThat(target.write(samples)).isZero();
            assertThat(counts).containsEntry(Outcome.WRITTEN, 100).containsEntry(Outcome.REFUSED, 1);
            assertThat(get("/api/v1/query?query=" + encode("sum(count_over_time(m{farm=\"o2\"}[1m]))")))
                    .contains("\"100\"");
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private void awaitReady(Process server) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            try {
                get("/-/ready");
                return;
            } catch (IOException e) {
                assertThat(server.isAlive()).isTrue();
                assertThat(System.nanoTime()).isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String get(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
