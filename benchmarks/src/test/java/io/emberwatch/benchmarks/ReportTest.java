package io.emberwatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private final Report report =
            new Report(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

    @Test
    void saysWhetherABarIsMet() {
        report.atMost("less", 1, 2, "s", 0.5);
        report.atMost("more than the bar", 1.1, 2, "s", 0.5);
        report.atLeast("faster", 30, 2, "M/s", 15);

        assertThat(report.markdown())
                .contains("| less | 1.000 s | 2.000 s | 0.500 | ≤ 0.5 | met |")
                .contains("| more than the bar | 1.100 s | 2.000 s | 0.550 | ≤ 0.5 | missed |")
                .contains("| faster | 30.00 M/s | 2.000 M/s | 15.0 | ≥ 15.0 | met |");
    }

    @Test
    void takesTheMiddle() {
        assertThat(Measured.median(3, 1, 2)).isEqualTo(2);
        assertThat(Measured.median(4, 1, 2, 3)).isEqualTo(2.5);
    }

    @Test
    void readsProcessorTimeOfAProcess() throws IOException {
        long pid = ProcessHandle.current().pid();

        assertThat(Measured.cpuSeconds(pid)).isPositive().isLessThan(Measured.ownCpuSeconds() + 1);
        assertThat(Measured.residentBytes(pid)).isGreaterThan(10_000_000);
    }
}
