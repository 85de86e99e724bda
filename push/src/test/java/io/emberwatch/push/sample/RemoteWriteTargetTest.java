package io.emberwatch.push.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.snappy.SnappyDecompressor;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.push.sample.RemoteWriteTarget.Outcome;
import io.emberwatch.service.config.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RemoteWriteTargetTest {
    private final MockWebServer server = new MockWebServer();
    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    private RemoteWriteTarget target;

    @BeforeEach
    void start() throws Exception {
        server.start();
        target = new RemoteWriteTarget(
                ConfigReader.parse(
                        "remote.yml",
                        "{url: \"" + server.url("/api/v1/write") + "\", labels: {farm: o2}}",
                        RemoteWriteConfig.class),
                (outcome, count) -> counts.merge(outcome, count, Integer::sum));
    }

    @AfterEach
    void stop() {
        target.close();
        server.close();
    }

    @Test
    void writesWhatRemoteWriteSays() throws Exception {
        server.enqueue(new MockResponse.Builder().code(204).build());
        assertThat(target.write(List.of(sample("m", 2, 1.5), sample("m", 1, 1), sample("m", 2, 3))))
                .isZero();
        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("Content-Encoding")).isEqualTo("snappy");
        assertThat(request.getHeaders().get("X-Prometheus-Remote-Write-Version"))
                .isEqualTo("0.1.0");
        String plain = new String(plain(request), StandardCharsets.ISO_8859_1);
        assertThat(plain).contains("\n\b__name__\u0012\u0001m").contains("farm\u0012\u0002o2");
        assertThat(plain)
                .endsWith("\u0012\u000b\t\0\0\0\0\0\0\u00f0?\u0010\u0001\u0012\u000b\t\0\0\0\0\0\0\b@\u0010\u0002");
    }

    @Test
    void findsTheOneSampleThatIsRefused() {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                boolean bad = new String(plain(request), StandardCharsets.ISO_8859_1).contains("bad");
                return new MockResponse.Builder().code(bad ? 400 : 200).build();
            }
        });
        Sample[] samples = new Sample[100];
        Arrays.setAll(samples, i -> sample(i == 37 ? "bad" : "good" + i, 1, i));
        assertThat(target.write(List.of(samples))).isZero();
        assertThat(counts).containsEntry(Outcome.WRITTEN, 99).containsEntry(Outcome.REFUSED, 1);
        assertThat(target.write(List.of(sample("good1", 0, 1)))).isZero();
        assertThat(target.trouble()).isEmpty();
    }

    @Test
    void asksForTheSameAgainWhenTheServerHasTrouble() {
        server.enqueue(new MockResponse.Builder().code(503).body("busy").build());
        server.enqueue(new MockResponse.Builder().code(429).build());
        server.enqueue(new MockResponse.Builder().code(200).build());
        assertThat(target.write(List.of(sample("m", 1, 1)))).isEqualTo(Duration.ofMillis(500));
        assertThat(target.trouble()).isEqualTo("503 busy");
        assertThat(target.write(List.of(sample("m", 1, 1)))).isEqualTo(Duration.ofSeconds(1));
        assertThat(target.write(List.of(sample("m", 1, 1)))).isZero();
        assertThat(counts).containsOnly(Map.entry(Outcome.WRITTEN, 1));
    }

    @Test
    void leavesOutWhatIsOlderThanWhatItHasWritten() {
        server.enqueue(new MockResponse.Builder().code(200).build());
        server.enqueue(new MockResponse.Builder().code(200).build());
        target.write(List.of(sample("m", 10, 1)));
        target.write(List.of(sample("m", 5, 1), sample("m", 10, 1)));
        assertThat(counts).containsEntry(Outcome.OUT_OF_ORDER, 1).containsEntry(Outcome.WRITTEN, 2);
    }

    private static byte[] plain(RecordedRequest request) {
        byte[] block =
                request.getBody() == null ? new byte[0] : request.getBody().toByteArray();
        byte[] plain = new byte[SnappyDecompressor.getUncompressedLength(block, 0)];
        new SnappyDecompressor().decompress(block, 0, block.length, plain, 0, plain.length);
        return plain;
    }

    private static Sample sample(String name, long millis, double value) {
        return new Sample(Labels.of("__name__", name), millis, value);
    }
}
