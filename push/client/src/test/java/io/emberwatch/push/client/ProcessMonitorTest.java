package io.emberwatch.push.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessMonitorTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    private Path folder;

    @BeforeEach
    void memory() throws Exception {
        Files.writeString(folder.resolve("meminfo"), "MemTotal:    2000 kB\nMemFree:    1 kB\n");
        Files.writeString(
                folder.resolve("smaps_rollup"),
                "00400000-7ff rw-p [rollup]\nPss:  90 kB\nPrivate_Clean: 3 kB\nPrivate_Dirty: 80 kB\n");
    }

    @Test
    void shareAndSwitchesAreOfTheTimeBetweenTwoLooks() throws Exception {
        ProcessMonitor monitor = new ProcessMonitor(folder, folder.resolve("meminfo"), 100);
        process(100, 50, 400, 10, 20);
        monitor.look(START);
        process(130, 60, 500, 17, 25);
        assertThat(texts(monitor.look(START.plusSeconds(2))))
                .containsExactly(
                        "cpuUsedPercentage 20.0",
                        "cpuUsedAbsolute 400000.0",
                        "involuntaryContextSwitches 7.0",
                        "voluntaryContextSwitches 5.0",
                        "memoryUsagePercentage 25.0",
                        "virtualMemorySize 1000.0",
                        "residentSetSize 500.0",
                        "proportionalSetSize 90.0",
                        "memoryPrivateClean 3.0",
                        "memoryPrivateDirty 80.0");
        assertThat(texts(monitor.farewell()))
                .containsExactly(
                        "cpuTimeConsumedByProcess 1900000.0",
                        "averageCpuUsedPercentage 20.0",
                        "averageResidentSetSize 450.0",
                        "averageVirtualMemorySize 1000.0");
    }

    @Test
    void whatTheSystemDoesNotTellIsLeftOut() {
        ProcessMonitor monitor = new ProcessMonitor(folder.resolve("nothing"), folder.resolve("nothing"), 100);
        assertThat(monitor.look(START)).isEmpty();
        assertThat(monitor.farewell()).isEmpty();
    }

    private void process(long user, long system, long resident, long involuntary, long voluntary) throws Exception {
        Files.writeString(
                folder.resolve("stat"),
                "7 (a ) name) S 1 2 3 4 5 6 7 8 9 10 " + user + " " + system + " 0 0 20 0 1 0 5 6 7\n");
        Files.writeString(
                folder.resolve("status"),
                "Name:\ta\nVmSize:\t 1000 kB\nVmRSS:\t " + resident + " kB\nvoluntary_ctxt_switches:\t" + voluntary
                        + "\nnonvoluntary_ctxt_switches:\t" + involuntary + "\n");
    }

    private static List<String> texts(List<Metric> metrics) {
        return metrics.stream()
                .map(metric ->
                        metric.name() + " " + Derivations.number(metric.fields().get(Metric.VALUE)))
                .toList();
    }
}
