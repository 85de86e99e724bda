package io.emberwatch.push.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.model.line.LinePoint;
import io.emberwatch.model.line.Precision;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PushDemoTest {
    @TempDir
    Path directory;

    @Test
    void endsWithTheRateAndLosesNothing() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        int exit =
                PushDemo.run(directory, Duration.ofSeconds(2), new PrintStream(printed, true, StandardCharsets.UTF_8));

        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(lines.size() - 1)).matches("\\d+ values/s sustained over \\d+ s, 0 lost, p99 \\d+ ms");
        assertThat(lines).anyMatch(line -> line.contains("values/s") && line.contains("p50 ms"));
        assertThat(exit).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aSourceGivesAHundredDifferentLinesEachTime() throws Exception {
        LoadSource source = new LoadSource(7);
        source.next(1_700_000_000_000_000_000L);

        List<LinePoint> points = LineDecoder.decode(source.next(1_700_000_000_000_000_000L), Precision.NANOSECONDS);

        assertThat(points).hasSize(100);
        assertThat(points.stream().mapToInt(point -> point.fields().size()).sum())
                .isEqualTo(250);
        assertThat(points.get(5).tags()).contains(new LinePoint.Tag("host", "flp0007"));
        assertThat(points.get(0).fields().toString()).contains("100");
        assertThat(points.get(99).timestampNanos()).isEqualTo(1_700_000_000_000_990_000L);
    }

    @Test
    void tellsQuantiles() {
        LatencyHistogram latency = new LatencyHistogram();
        assertThat(latency.quantile(0.99)).isZero();
        latency.add(10, 98);
        latency.add(500, 1);
        latency.add(1_000_000, 1);

        assertThat(latency.quantile(0.5)).isEqualTo(10);
        assertThat(latency.quantile(0.99)).isEqualTo(500);
        assertThat(latency.quantile(1)).isEqualTo(60_000);
    }
}
