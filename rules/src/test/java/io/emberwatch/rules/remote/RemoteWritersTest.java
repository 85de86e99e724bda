package io.emberwatch.rules.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.Sample;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.rules.store.StoreMetrics;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemoteWritersTest {
    private static final Labels EXTERNAL = Labels.of("cluster", "c1");
    private static final long LOG_LIMIT = 1 << 20;
    private static final String BASE = "prometheus_remote_storage_";

    @TempDir
    private Path folder;

    private final List<Sample> taken = new CopyOnWriteArrayList<>();
    private final List<MetricMetadata> described = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Integer> answers = new ConcurrentLinkedDeque<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final InstantSource clock = InstantSource.system();
    private final ThreadScheduler scheduler = new ThreadScheduler(clock);
    private final long now = clock.millis();
    private CollectorRegistry registry = new CollectorRegistry();
    private HttpServer server;
    private SeriesStore store;
    private RemoteWriters writers;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.start(
                ListenAddress.parse("127.0.0.1:0"), List.of(Route.post("/api/v1/write", this::receive)));
        open("");
    }

    private void receive(Exchange exchange) throws IOException, HttpError {
        Integer status = answers.poll();
        authorizations.add(exchange.header("Authorization") + " " + exchange.header("X-Scope-OrgID"));
        if (status != null && status != 204) {
            if (status == 429) {
                exchange.setHeader("Retry-After", "1");
            }
            throw new HttpError(status, "refused by the test");
        }
        try {
            WriteRequests.Content content = WriteRequests.read(exchange.body(1 << 24));
            taken.addAll(content.samples());
            described.addAll(content.metadata());
        } catch (MalformedRequestException e) {
            throw new HttpError(400, e.text());
        }
        exchange.respond(204, "text/plain", new byte[0]);
    }

    private void open(String more) throws Exception {
        registry = new CollectorRegistry();
        StoreConfig config = new StoreConfig(
                Duration.ofDays(15), new ByteSize(0), Duration.ofMinutes(5), Duration.ofHours(2), 100_000);
        store = SeriesStore.open(folder, config, clock, scheduler, new StoreMetrics(registry));
        MetricMetadata metadata = new MetricMetadata("m", MetricType.GAUGE, "help", "");
        writers = new RemoteWriters(new SenderMetrics(registry), clock, () -> List.of(metadata));
        replace(more);
    }

    private void replace(String more) throws Exception {
        writers.replace(store, settings(entry(more)), EXTERNAL, LOG_LIMIT, scheduler);
    }

    private String entry(String more) {
        return "remote_write:\n  - url: http://127.0.0.1:" + server.port() + "/api/v1/write\n    name: r\n"
                + "    queue_config: {min_backoff: 10ms, max_backoff: 50ms, max_samples_per_send: 100}\n" + more;
    }

    private static List<RemoteWriteSettings> settings(String yaml) throws ConfigException {
        List<Problem> problems = new ArrayList<>();
        YamlNode.Mapping root = (YamlNode.Mapping) YamlNode.parse("p.yml", yaml);
        List<RemoteWriteSettings> settings = RemoteWriteSettings.readAll(
                new MappingReader("p.yml", "", root, problems), "remote_write", Path.of(""));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return settings;
    }

    @AfterEach
    void stop() throws Exception {
        writers.close();
        store.close();
        server.close();
        scheduler.close();
    }

    private void append(int round, int series) throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < series; i++) {
            samples.add(new Sample(Labels.of("__name__", "m", "n", "" + i), now + round, round + i));
        }
        store.append(samples);
        store.sync();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private double metric(String name) {
        return registry.getSampleValue(BASE + name, new String[] {"remote_name", "url"}, new String[] {
            "r", "http://127.0.0.1:" + server.port() + "/api/v1/write"
        });
    }

    private double dropped(String reason) {
        return registry.getSampleValue(
                BASE + "samples_dropped_total",
                new String[] {"remote_name", "url", "reason"},
                new String[] {"r", "http://127.0.0.1:" + server.port() + "/api/v1/write", reason});
    }

    /** Every series has every round once and in its order. */
    private void assertComplete(int rounds, int series) {
        for (int i = 0; i < series; i++) {
            String n = "" + i;
            List<Long> times = taken.stream()
                    .filter(sample -> sample.labels().get("n").equals(n))
                    .map(sample -> sample.timestampMillis() - now)
                    .toList();
            assertThat(times).as("series " + n).hasSize(rounds).isSorted();
        }
    }

    @Test
    void sendsEverythingWithExternalLabelsAndMetadata() throws Exception {
        append(0, 350);
        append(1, 350);
        await("all samples", () -> metric("samples_total") == 700);
        assertComplete(2, 350);
        assertThat(taken)
                .allSatisfy(sample -> assertThat(sample.labels().get("cluster")).isEqualTo("c1"));
        assertThat(metric("samples_pending")).isZero();
        assertThat(metric("queue_highest_sent_timestamp_seconds")).isEqualTo((double) (now + 1) / 1000);
        replace("    metadata_config: {send_interval: 100ms}\n");
        await("metadata", () -> !described.isEmpty());
        assertThat(described.get(0).help()).isEqualTo("help");
    }

    @Test
    void aReceiverThatIsAwayOrBusyLosesNothing() throws Exception {
        answers.addAll(List.of(503, 500, 429, 503, 204, 502));
        long began = System.nanoTime();
        for (int round = 0; round < 5; round++) {
            append(round, 150);
        }
        await("all samples", () -> metric("samples_total") == 750);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("waits as long as Retry-After asks")
                .isGreaterThan(Duration.ofSeconds(1));
        assertComplete(5, 150);
        assertThat(metric("samples_retried_total")).isPositive();
        assertThat(metric("samples_failed_total")).isZero();
    }

    @Test
    void whatAReceiverRefusesForGoodIsDroppedAndCounted() throws Exception {
        answers.add(400);
        append(0, 100);
        await("the refusal", () -> metric("samples_failed_total") == 100);
        append(1, 100);
        await("the next", () -> metric("samples_total") == 100);
        assertComplete(1, 100);
    }

    @Test
    void goesOnWhereItStoodAfterARestart() throws Exception {
        append(0, 50);
        await("the first", () -> metric("samples_total") == 50);
        int port = server.port();
        server.close();
        for (int round = 1; round <= 20; round++) {
            append(round, 50);
        }
        // As a crash does: nothing is drained, the position is that of the last commit.
        writers = new RemoteWriters(new SenderMetrics(new CollectorRegistry()), clock, List::of);
        store.close();
        server = HttpServer.start(
                ListenAddress.parse("127.0.0.1:" + port), List.of(Route.post("/api/v1/write", this::receive)));
        open("");
        await(
                "the rest",
                () -> taken.stream().map(Sample::timestampMillis).distinct().count() == 21);
        await("all", () -> taken.stream().distinct().count() == 21 * 50);
        assertThat(metric("samples_failed_total")).isZero();
    }

    @Test
    void relabellingDropsAndChangesSeries() throws Exception {
        replace("""
                    headers: {X-Scope-OrgID: tenant}
                    authorization: {credentials: token}
                    write_relabel_configs:
                      - {source_labels: [n], regex: "1.", action: drop}
                      - {source_labels: [cluster], target_label: where}
                """);
        append(0, 20);
        await("all samples", () -> metric("samples_total") == 10);
        assertThat(dropped("dropped_series")).isEqualTo(10);
        assertThat(taken)
                .allSatisfy(sample -> assertThat(sample.labels().get("where")).isEqualTo("c1"));
        assertThat(authorizations).contains("Bearer token tenant");
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        assertThatThrownBy(() -> settings("""
                        remote_write:
                          - url: nonsense
                          - {url: "http://a/w", queue_config: {max_shards: 0, nonsense: 1}}
                          - {url: "http://a/w", send_exemplars: true, oauth2: {}}
                          - {url: "http://b/w", sigv4: {}, remote_timeout: never}
                        """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("p.yml:2:10: remote_write[0].url: \"nonsense\": expected an address")
                .hasMessageContaining("remote_write[1].queue_config.max_shards: must be at least 1")
                .hasMessageContaining("remote_write[1].queue_config.nonsense: unknown key")
                .hasMessageContaining("found multiple remote write configs with name \"http://a/w\"")
                .hasMessageContaining("the store keeps neither")
                .hasMessageContaining("remote_write[2].oauth2: is not supported here; remove it")
                .hasMessageContaining("remote_write[3].sigv4: is not supported here; remove it")
                .hasMessageContaining("remote_write[3].remote_timeout: ");
    }
}
