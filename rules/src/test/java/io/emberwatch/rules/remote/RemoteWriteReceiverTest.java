package io.emberwatch.rules.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.rules.store.StoreMetrics;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemoteWriteReceiverTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long NOW = START.toEpochMilli();
    private static final String FIRST = "application/x-protobuf";
    private static final String SECOND = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    private static final String BASE = "emberwatch_rules_remote_write_";

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock(START);
    private final CollectorRegistry registry = new CollectorRegistry();
    private final HttpClient http = HttpClient.newHttpClient();
    private SeriesStore store;
    private RemoteWriteReceiver receiver;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        StoreConfig config =
                new StoreConfig(Duration.ofDays(15), new ByteSize(0), Duration.ofMinutes(5), Duration.ofHours(2), 100);
        store = SeriesStore.open(folder, config, clock, new ManualScheduler(clock), new StoreMetrics(registry));
        receiver = new RemoteWriteReceiver(
                new ReceiverConfig(true, new ByteSize(1 << 20), new ByteSize(2 << 20)),
                () -> store,
                clock,
                new ReceiverMetrics(registry));
        server = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), receiver.routes());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        store.close();
    }

    private HttpResponse<String> post(byte[] body, String type, String encoding) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/write");
        return http.send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", type)
                        .header("Content-Encoding", encoding)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String post(byte[] body) throws Exception {
        HttpResponse<String> response = post(body, FIRST, "snappy");
        return (response.statusCode() + " " + response.body()).strip();
    }

    private static Sample sample(String name, long millis, double value) {
        return new Sample(Labels.of("__name__", name, "job", "j"), millis, value);
    }

    private List<Series> stored(String selector) throws Exception {
        return store.select(Promql.parseSelector(selector), 0, Long.MAX_VALUE / 2);
    }

    private double metric(String name) {
        return registry.getSampleValue(BASE + name);
    }

    private double dropped(String reason) {
        return registry.getSampleValue(BASE + "dropped_samples_total", new String[] {"reason"}, new String[] {reason});
    }

    @Test
    void storesWhatIsWrittenAndKeepsItOverACrash() throws Exception {
        assertThat(post(WriteRequests.of(List.of(
                        sample("a", NOW, 1.5), sample("a", NOW + 1, Staleness.STALE_NAN), sample("b", NOW, 2)))))
                .isEqualTo("204");
        assertThat(stored("a")).singleElement().satisfies(series -> {
            assertThat(series.timestampsMillis()).containsExactly(NOW, NOW + 1);
            assertThat(series.values()[0]).isEqualTo(1.5);
            assertThat(Staleness.isStale(series.values()[1])).isTrue();
        });
        assertThat(metric("received_samples_total")).isEqualTo(3);
        assertThat(metric("stored_samples_total")).isEqualTo(3);
        assertThat(registry.getSampleValue("emberwatch_rules_store_unsaved_bytes"))
                .as("answered only when it is on the disk")
                .isZero();
    }

    @Test
    void takesTheSecondVersionAndSaysHowMuchItTook() throws Exception {
        byte[] body = WriteRequests.second(
                List.of(sample("x_total", NOW, 1), sample("x_total", NOW + 5, 2)), MetricType.COUNTER);
        HttpResponse<String> response = post(body, SECOND, "snappy");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
                .hasValue("2");
        assertThat(stored("x_total"))
                .singleElement()
                .satisfies(series -> assertThat(series.values()).containsExactly(1, 2));
        assertThat(receiver.metadata())
                .containsExactly(new MetricMetadata("x_total", MetricType.COUNTER, "what it is", ""));
    }

    @Test
    void keepsWhatIsGoodOfABadRequestAndSaysWhatIsNot() throws Exception {
        assertThat(post(WriteRequests.of(List.of(sample("a", NOW, 1))))).isEqualTo("204");
        assertThat(post(WriteRequests.of(List.of(
                        sample("a", NOW - 1_000, 5),
                        sample("a", NOW, 2),
                        sample("b", NOW + 3_600_000, 1),
                        new Sample(Labels.of("job", "nameless"), NOW, 1),
                        sample("c", NOW, 7)))))
                .isEqualTo("400 4 of 5 samples were not stored: the time 1767229200000 is too far in the future:"
                        + " b{job=\"j\"}");
        assertThat(stored("c")).hasSize(1);
        assertThat(dropped("out_of_order")).isEqualTo(1);
        assertThat(dropped("duplicate_timestamp")).isEqualTo(1);
        assertThat(dropped("too_far_in_future")).isEqualTo(1);
        assertThat(dropped("invalid_labels")).isEqualTo(1);
        assertThat(post(WriteRequests.of(List.of(sample("a", NOW - 1, 1)))))
                .isEqualTo("400 1 of 1 samples were not stored: out of order: a{job=\"j\"}");
    }

    @Test
    void aRequestThatIsSentAgainIsNoFault() throws Exception {
        byte[] body = WriteRequests.of(List.of(sample("a", NOW, 1), sample("a", NOW + 1, 2), sample("a", NOW + 2, 3)));
        assertThat(post(body)).isEqualTo("204");
        assertThat(post(body)).isEqualTo("204");
        assertThat(dropped("repeated")).isEqualTo(3);
        assertThat(stored("a").get(0).values()).containsExactly(1, 2, 3);
    }

    @Test
    void seriesBeyondTheLimitAreRefusedAndTheOthersTaken() throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            samples.add(new Sample(Labels.of("__name__", "m", "n", "" + i), NOW, i));
        }
        assertThat(post(WriteRequests.of(samples)))
                .startsWith("400 50 of 150 samples were not stored: series limit: m{n=\"100\"}");
        assertThat(stored("m")).hasSize(100);
        assertThat(metric("received_samples_total"))
                .isEqualTo(metric("stored_samples_total") + dropped("series_limit"));
    }

    @Test
    void refusesWhatIsNoRequest() throws Exception {
        byte[] good = WriteRequests.of(List.of(sample("a", NOW, 1)));
        assertThat(post(new byte[0])).startsWith("400 snappy: the body is empty");
        assertThat(post("no snappy at all".getBytes(StandardCharsets.UTF_8))).startsWith("400 snappy");
        assertThat(post(SnappyBlock.compress("no protobuf".getBytes(StandardCharsets.UTF_8), 11)))
                .startsWith("400");
        assertThat(post(good, "text/plain", "snappy").statusCode()).isEqualTo(415);
        assertThat(post(good, FIRST, "gzip").statusCode()).isEqualTo(415);
        assertThat(post(good, FIRST + ";proto=some.Other", "snappy").statusCode())
                .isEqualTo(415);
        assertThat(post(new byte[(1 << 20) + 1]).substring(0, 3)).isEqualTo("413");
        assertThat(post(SnappyBlock.compress(new byte[3 << 20], 3 << 20)).substring(0, 3))
                .as("a block that grows beyond the bound")
                .isEqualTo("413");
        byte[] huge = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 1, 2, 3};
        assertThat(post(huge)).startsWith("400 snappy: a block of 8 bytes says to hold 2147483647");
        assertThat(stored("a")).isEmpty();
    }

    @Test
    void mangledRequestsAreTakenOrRefusedAndNothingElse() throws Exception {
        Random random = new Random(20260101);
        byte[] first = WriteRequests.of(List.of(sample("a", NOW, 1), sample("b", NOW, 2)));
        byte[] second = WriteRequests.second(List.of(sample("a", NOW, 1), sample("b", NOW, 2)), MetricType.GAUGE);
        for (int i = 0; i < 2_000; i++) {
            boolean old = random.nextBoolean();
            byte[] plain = SnappyBlock.decompress(old ? first : second);
            byte[] body;
            if (random.nextBoolean()) {
                mangle(plain, random);
                body = SnappyBlock.compress(plain, random.nextInt(plain.length) + 1);
            } else {
                body = (old ? first : second).clone();
                mangle(body, random);
            }
            int status = post(body, old ? FIRST : SECOND, "snappy").statusCode();
            assertThat(status).as("round " + i).isIn(204, 400, 413);
        }
    }

    private static void mangle(byte[] bytes, Random random) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
    }

    @Test
    void tellsTheMetadataOfTheFirstVersion() throws Exception {
        MetricMetadata metadata = new MetricMetadata("x", MetricType.SUMMARY, "text ü", "s");
        assertThat(post(WriteRequests.describing(metadata))).isEqualTo("204");
        assertThat(receiver.metadata()).containsExactly(metadata);
    }
}
