package io.emberwatch.push.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.flow.Deadline;
import io.emberwatch.push.metrics.CollectorMetrics;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigReader;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectorTest {
    @TempDir
    Path folder;

    private final CollectorRegistry registry = new CollectorRegistry();

    @Test
    void cutsLinesIntoRecordsButNoLineInTwo() {
        String text = "a v=1 1\nb v=\"x\ny\" 2\nc v=3 3\n";
        List<byte[]> records = Collector.records(text.getBytes(StandardCharsets.UTF_8), 2);
        assertThat(records)
                .extracting(record -> new String(record, StandardCharsets.UTF_8))
                .containsExactly("a v=1 1\nb v=\"x\ny\" 2\n", "c v=3 3\n");
    }

    @Test
    void takesLinesWithoutKafkaUntilItsBufferIsFullAndSaysSo() throws Exception {
        KafkaConfig kafka = ConfigReader.parse("k.yml", """
                bootstrap_servers: 127.0.0.1:1
                properties: {default.api.timeout.ms: "300", request.timeout.ms: "200"}
                """, KafkaConfig.class);
        CollectorConfig config = ConfigReader.parse("c.yml", "buffer: 64KiB", CollectorConfig.class);
        Collector collector = Collector.open(
                kafka, config, folder, new CollectorMetrics(registry), new PushMetrics(new CollectorRegistry()));
        byte[] lines = "m v=1 1\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        int taken = 0;
        while (collector.take(lines, 0, lines.length, 1000, Deadline.after(Duration.ofMillis(20)))) {
            taken++;
        }
        collector.observe();
        assertThat(taken).isEqualTo(8);
        assertThat(value("lines_total")).isEqualTo(8000);
        assertThat(value("refused_lines_total")).isEqualTo(1000);
        assertThat(value("waiting_lines")).isEqualTo(8000);
        assertThat(value("up")).isZero();
        collector.close();
        assertThat(collector.take(lines, 0, 8, 1, Deadline.after(Duration.ofSeconds(60))))
                .as("after its end, at once")
                .isFalse();
    }

    private double value(String name) {
        return registry.getSampleValue("emberwatch_push_collector_" + name);
    }
}
