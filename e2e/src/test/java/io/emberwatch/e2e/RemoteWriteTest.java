package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real Prometheus servers with the rule engine between: the first writes to it, it writes to the second. Whatever is
 * killed in between, the second ends up with every sample of the first.
 */
final class RemoteWriteTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private int port;

    @BeforeEach
    void choosePort() throws Exception {
        port = Peers.freePort();
    }

    private String url() {
        return "http://127.0.0.1:" + port;
    }

    private ServerProcess engine() throws Exception {
        ServerProcess engine = Program.startRules(folder, port);
        Peers.await("the engine is ready", Duration.ofSeconds(30), () -> Http.isOk(url() + "/-/ready"));
        return engine;
    }

    /** Times of the samples of a series of the last ten minutes. */
    private static List<String> samples(String base, String selector) throws Exception {
        List<String> samples = new ArrayList<>();
        JsonNode result = Http.query(base, selector + "[10m]");
        if (!result.isEmpty()) {
            result.get(0).path("values").forEach(point -> samples.add(point.toString()));
        }
        return samples;
    }

    @Test
    void nothingIsLostBetweenTwoServersWhateverIsKilled() throws Exception {
        try (PrometheusServer receiver = PrometheusServer.start("receiver", folder, "global: {}\n")) {
            Files.writeString(folder.resolve("prometheus.yml"), """
                    global: {external_labels: {through: emberwatch}}
                    remote_write:
                      - url: %s/api/v1/write
                        queue_config: {max_backoff: 500ms}
                        metadata_config: {send_interval: 1s}
                        write_relabel_configs:
                          - {source_labels: [__name__], regex: "go_.*", action: drop}
                    """.formatted(receiver.url()));
            Files.writeString(folder.resolve("emberwatch.yml"), """
                    rules: {prometheus_config: %s}
                    """.formatted(folder.resolve("prometheus.yml")));
            ServerProcess engine = engine();
            try (PrometheusServer sender = PrometheusServer.start("sender", folder, """
                    global: {scrape_interval: 1s}
                    scrape_configs:
                      - {job_name: self, static_configs: [{targets: ["127.0.0.1:PORT"]}]}
                    remote_write:
                      - {url: "%s/api/v1/write", metadata_config: {send_interval: 1s}, queue_config: {max_backoff: 1s}}
                    """.formatted(url()))) {
                try {
                    String up = "up{job=\"self\"}";
                    Peers.await(
                            "samples come out at the other end",
                            Duration.ofSeconds(30),
                            () -> samples(receiver.url(), up).size() >= 3);
                    assertThat(Http.query(receiver.url(), "{through=\"emberwatch\",__name__=~\"go_.*\"}"))
                            .isEmpty();
                    assertThat(Http.query(url(), "go_info")).isNotEmpty();
                    Peers.await(
                            "metadata comes through",
                            Duration.ofSeconds(10),
                            () -> Http.json(url() + "/api/v1/metadata?metric=prometheus_tsdb_head_series")
                                    .toString()
                                    .contains("\"type\":\"gauge\""));

                    receiver.kill();
                    int before = samples(url(), up).size();
                    Peers.await(
                            "samples wait",
                            Duration.ofSeconds(20),
                            () -> samples(url(), up).size() >= before + 3);
                    engine.kill();
                    engine = engine();
                    receiver.restart();
                    int after = samples(sender.url(), up).size();
                    Peers.await(
                            "samples come again",
                            Duration.ofSeconds(30),
                            () -> samples(receiver.url(), up).size() >= after);
                    engine.kill();
                    engine = engine();
                    int all = samples(sender.url(), up).size() + 2;
                    Peers.await(
                            "the newest samples are there",
                            Duration.ofSeconds(30),
                            () -> samples(receiver.url(), up).size() >= all);
                    List<String> sent = samples(sender.url(), up).subList(0, all);
                    assertThat(samples(url(), up)).startsWith(sent.toArray(String[]::new));
                    assertThat(samples(receiver.url(), up)).startsWith(sent.toArray(String[]::new));
                    String every = "prometheus_http_requests_total{handler=\"/-/ready\",job=\"self\"}";
                    List<String> more = samples(sender.url(), every).subList(0, all - 3);
                    assertThat(samples(receiver.url(), every)).startsWith(more.toArray(String[]::new));
                } catch (Throwable failed) {
                    throw new AssertionError(String.join("\n", sender.tail(), engine.tail(), receiver.tail()), failed);
                }
            } finally {
                engine.close();
            }
        }
    }
}
