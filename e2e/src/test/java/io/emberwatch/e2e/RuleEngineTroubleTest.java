package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The rule engine is killed, its disk fills, its memory is asked for more than there is: nothing acknowledged is lost. */
final class RuleEngineTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    @BeforeEach
    void choosePort() throws Exception {
        port = Peers.freePort();
    }

    private String url() {
        return "http://127.0.0.1:" + port;
    }

    private ServerProcess engine(Path data, String javaOptions) throws Exception {
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), "rules: {rule_files: []}\n");
        ServerProcess engine = ServerProcess.start(
                "rules",
                folder,
                Map.of("EMBERWATCH_JAVA_OPTS", javaOptions),
                List.of(
                        Program.home().resolve("bin/emberwatch").toString(),
                        "rules",
                        "run",
                        "--config=" + config,
                        "--listen=127.0.0.1:" + port,
                        "--data=" + data));
        Peers.await("the engine is ready", PATIENCE, () -> Http.isOk(url() + "/-/ready"));
        return engine;
    }

    /** Writes a sample of {@code up} after the other, two milliseconds apart, and notes the acknowledged. */
    private final class Sender implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        final ConcurrentSkipListSet<Long> acknowledged = new ConcurrentSkipListSet<>();
        final ConcurrentSkipListSet<Integer> refusals = new ConcurrentSkipListSet<>();
        private final CompletableFuture<Void> running = CompletableFuture.runAsync(this::run);

        private void run() {
            long time = InstantSource.system().millis() - 60_000;
            while (!stopped.get()) {
                time += 2;
                try {
                    // A sample of another kind too, or the disk would not fill.
                    int status = new RemoteWriteRequest()
                            .add(List.of("__name__", "up", "job", "sent"), 0, time)
                            .add(List.of("__name__", "n" + time, "padding", "x".repeat(2_000)), 1, time)
                            .send(url());
                    if (status / 100 == 2) {
                        acknowledged.add(time);
                    } else {
                        refusals.add(status);
                    }
                } catch (IOException gone) {
                    // It was killed: what it did not answer need not be there.
                }
            }
        }

        void finish() {
            stopped.set(true);
            running.join();
        }

        @Override
        public void close() {
            finish();
        }
    }

    private Set<Long> stored() throws Exception {
        Set<Long> times = new TreeSet<>();
        Http.query(url(), "up{job=\"sent\"}[10m]")
                .path(0)
                .path("values")
                .forEach(point -> times.add(Math.round(point.get(0).asDouble() * 1000)));
        return times;
    }

    @Test
    void whatIsAcknowledgedIsThereAfterAKillAndCanBeReadBesideTheRunningProgram() throws Exception {
        Path data = folder.resolve("data");
        ServerProcess engine = engine(data, "");
        try (Sender sender = new Sender()) {
            for (int kill = 0; kill < 2; kill++) {
                int before = sender.acknowledged.size();
                Peers.await("samples come in", PATIENCE, () -> sender.acknowledged.size() > before + 100);
                engine.kill();
                engine = engine(data, "");
            }
            readBeside(data);
            sender.finish();
            assertThat(stored()).containsAll(sender.acknowledged);
        } finally {
            engine.close();
        }
        assertThat(engine.output()).doesNotContain("damaged");
    }

    /** The commands that take a data directory, while the engine goes on writing there. */
    private void readBeside(Path data) throws Exception {
        Path rules = Files.writeString(
                folder.resolve("rules.yml"), "groups: [{name: g, rules: [{alert: Down, expr: up == 0}]}]\n");
        Program.Finished value = Program.run(
                folder, "rules", "eval", "--data=" + data, "count_over_time(up{job=\"sent\"}[10m]) > bool 100");
        assertThat(value.output()).contains("job=\"sent\"").containsPattern("\\b1\\b");
        assertThat(value.exitCode()).isZero();
        Program.Finished tested = Program.run(
                folder, "rules", "backtest", "--data=" + data, "--start=5m", "--step=15s", rules.toString());
        assertThat(tested.output()).contains("Down");
        assertThat(tested.exitCode()).isZero();
        Program.Finished checked = Program.run(folder, "rules", "check", "--against=" + data, rules.toString());
        assertThat(checked.output()).contains("SUCCESS: 1 rules found").doesNotContain("NO SERIES");
        assertThat(checked.exitCode()).isZero();
    }

    @Test
    void aFullDiskRefusesForNowWhatComesInAndLosesNothingAcknowledged() throws Exception {
        try (MemoryDisk disk = MemoryDisk.mount(folder.resolve("disk"), "6m")) {
            ServerProcess engine = engine(disk.folder(), "");
            try (Sender sender = new Sender()) {
                Peers.await("samples come in", PATIENCE, () -> sender.acknowledged.size() > 20);
                Path filling = disk.fill();
                Peers.await("the sender is told", PATIENCE, () -> sender.refusals.contains(503));
                assertThat(Http.get(url() + "/-/ready").statusCode()).isEqualTo(503);
                assertThat(Http.query(url(), "count(up)")).isNotEmpty();
                Files.delete(filling);
                long full = sender.acknowledged.size();
                Peers.await("samples come in again", PATIENCE, () -> sender.acknowledged.size() > full + 20);
                assertThat(sender.refusals).containsExactly(503);
                engine.kill();
                engine = engine(disk.folder(), "");
                sender.finish();
                assertThat(stored()).containsAll(sender.acknowledged);
            } finally {
                engine.close();
            }
            assertThat(engine.output()).contains("cannot write, samples stay in memory");
        }
    }

    @Test
    void queriesThatNeedMoreMemoryThanThereIsAreRefusedAndTheOthersAnswered() throws Exception {
        ServerProcess engine = engine(folder.resolve("data"), "-Xmx64m");
        try {
            Instant now = InstantSource.system().instant();
            long[] times = IntStream.range(0, 1_000)
                    .mapToLong(i -> now.minusSeconds(1_000 - i).toEpochMilli())
                    .toArray();
            for (int part = 0; part < 40; part++) {
                RemoteWriteRequest request = new RemoteWriteRequest();
                for (int i = 0; i < 10; i++) {
                    request.add(List.of("__name__", "m", "n", part + "-" + i), i, times);
                }
                assertThat(request.send(url())).isEqualTo(204);
            }
            // Each holds 6 MB of samples, all together more than there is, and the last ones more than that alone.
            List<String> queries = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                queries.add("sum(max_over_time(m[30m])) + " + i);
            }
            for (int i = 0; i < 4; i++) {
                queries.add("sum(max_over_time((m + " + i + ")[1h:1s]))");
            }
            List<CompletableFuture<HttpResponse<String>>> answers = queries.stream()
                    .map(query -> http.sendAsync(
                            HttpRequest.newBuilder(URI.create(url() + "/api/v1/query?query="
                                            + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()))
                    .toList();
            int answered = 0;
            for (CompletableFuture<HttpResponse<String>> future : answers) {
                HttpResponse<String> answer = future.join();
                if (answer.statusCode() == 200) {
                    answered++;
                } else {
                    assertThat(answer.statusCode()).isEqualTo(422);
                    assertThat(answer.body())
                            .contains("query processing would load too many samples into memory in query execution");
                }
            }
            assertThat(answered).isBetween(1, 60);
            assertThat(answers.subList(60, 64))
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(422));
            assertThat(Http.value(url(), "count(m)")).isEqualTo(400);
            explodeLabels(now.toEpochMilli());
            assertThat(Http.value(url(), "count(m)")).isEqualTo(400);
            assertThat(engine.output()).doesNotContain("OutOfMemory");
        } finally {
            engine.close();
        }
    }

    /** Many more series than memory has room for. */
    private void explodeLabels(long time) throws Exception {
        int last = 0;
        for (int part = 0; part < 30; part++) {
            RemoteWriteRequest request = new RemoteWriteRequest();
            for (int i = 0; i < 2_000; i++) {
                request.add(List.of("__name__", "exploding", "id", "request-" + part + "-" + i), 1, time);
            }
            last = request.send(url());
        }
        assertThat(last).isEqualTo(400);
        String page = Http.get(url() + "/metrics").body();
        assertThat(page)
                .containsPattern("emberwatch_rules_store_refused_samples_total\\{reason=\"series_limit\"} [1-9]");
        assertThat(Http.value(url(), "count(exploding)")).isBetween(10_000.0, 30_000.0);
    }
}
