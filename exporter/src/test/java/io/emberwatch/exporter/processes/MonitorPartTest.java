package io.emberwatch.exporter.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorPartTest {
    @TempDir
    private Path proc;

    private final ManualScheduler scheduler = new ManualScheduler(new ManualClock(Instant.EPOCH));
    private long nanos;

    @BeforeEach
    void startTheMachine() throws IOException {
        Files.writeString(proc.resolve("stat"), "cpu  1 2 3\nbtime 1000000\n");
        Files.writeString(proc.resolve("meminfo"), "MemTotal:       8000 kB\n");
    }

    private void process(int pid, String cmdline, int ticks, int started, int switches, int pages) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(String.valueOf(pid)));
        Files.writeString(folder.resolve("comm"), cmdline.split(" ", 2)[0] + "\n");
        Files.writeString(folder.resolve("cmdline"), cmdline.replace(' ', '\0') + "\0");
        Files.writeString(
                folder.resolve("stat"),
                "%d (x) S 1 1 1 0 -1 0 10 0 3 0 %d 50 0 0 20 0 4 0 %d 4096000 %d 0"
                        .formatted(pid, ticks, started, pages));
        Files.writeString(
                folder.resolve("status"),
                "voluntary_ctxt_switches:\t%d\nnonvoluntary_ctxt_switches:\t%d\n".formatted(switches, 2 * switches));
        Files.writeString(folder.resolve("smaps_rollup"), "Pss: 90 kB\nPrivate_Clean: 30 kB\nPrivate_Dirty: 50 kB\n");
    }

    private MonitorPart start(String more) throws Exception {
        MonitorPart part = new MonitorPart(
                ConfigReader.parse("m.yml", "enabled: true\nprocfs: " + proc + "\n" + more, MonitorConfig.class),
                scheduler,
                10,
                () -> nanos);
        part.start();
        return part;
    }

    private void pass(int seconds) {
        nanos += seconds * 1_000_000_000L;
        scheduler.advance(Duration.ofSeconds(seconds));
    }

    private static String page(MonitorPart part) throws IOException {
        return ExpositionWriter.toText(
                        part.sources().get(0).samples().collect(Deadline.after(Duration.ofSeconds(5))),
                        TextFormat.PROMETHEUS_0_0_4)
                .replaceAll("(?m)^#.*\\n", "");
    }

    @Test
    void everyValueOfTheLibraryIsThere() throws Exception {
        process(10, "emberwatch exporter", 100, 7, 5, 100);
        MonitorPart part = start("");
        assertThat(page(part)).as("no interval yet").doesNotContain("cpuUsed").contains("residentSetSize");
        process(10, "emberwatch exporter", 350, 7, 9, 100);
        pass(5);
        assertThat(page(part)).isEqualTo("""
                cpuUsedPercentage{pid="10",process="emberwatch"} 50
                involuntaryContextSwitches{pid="10",process="emberwatch"} 8
                voluntaryContextSwitches{pid="10",process="emberwatch"} 4
                cpuUsedAbsolute{pid="10",process="emberwatch"} 2500000
                memoryUsagePercentage{pid="10",process="emberwatch"} 5
                virtualMemorySize{pid="10",process="emberwatch"} 4000
                residentSetSize{pid="10",process="emberwatch"} 400
                proportionalSetSize{pid="10",process="emberwatch"} 90
                memoryPrivateClean{pid="10",process="emberwatch"} 30
                memoryPrivateDirty{pid="10",process="emberwatch"} 50
                """);
    }

    @Test
    void averagesAreSaidAtTheEnd() throws Exception {
        process(10, "emberwatch exporter", 100, 7, 5, 100);
        MonitorPart part = start("");
        process(10, "emberwatch exporter", 350, 7, 9, 300);
        pass(5);
        assertThat(page(part)).doesNotContain("average");
        nanos += 5_000_000_000L;
        process(10, "emberwatch exporter", 400, 7, 9, 500);
        part.close();
        assertThat(page(part)).isEqualTo("""
                cpuTimeConsumedByProcess{pid="10",process="emberwatch"} 3000000
                averageCpuUsedPercentage{pid="10",process="emberwatch"} 30
                averageResidentSetSize{pid="10",process="emberwatch"} 1200
                averageVirtualMemorySize{pid="10",process="emberwatch"} 4000
                """);
    }

    @Test
    void othersAreFoundByNumberOrCommandAndTheirNumbersMayBeGivenAgain() throws Exception {
        process(20, "readout --rate 5", 10, 8, 1, 10);
        process(30, "dpl-driver --id 3", 10, 8, 1, 10);
        process(40, "bash", 10, 8, 1, 10);
        MonitorPart part = start("self: false\npids: [20]\ncommands: ['--id \\d']\nkeep_ended: 1m\n");
        pass(5);
        assertThat(page(part))
                .contains("cpuUsedAbsolute{pid=\"20\",process=\"readout\"} 0\n")
                .contains("process=\"dpl-driver\"")
                .doesNotContain("bash");
        process(20, "other", 5, 99, 1, 10);
        pass(5);
        assertThat(page(part))
                .contains("averageVirtualMemorySize{pid=\"20\",process=\"readout\"} 4000\n")
                .contains("residentSetSize{pid=\"20\",process=\"other\"} 40\n");
        pass(65);
        assertThat(page(part)).doesNotContain("readout");
        part.close();
    }

    @Test
    void thisProcessIsReadFromTheKernel() throws Exception {
        MonitorConfig config = ConfigReader.parse("m.yml", "enabled: true", MonitorConfig.class);
        MonitorPart part = new MonitorPart(config, scheduler);
        part.start();
        assertThat(page(part))
                .contains("residentSetSize{pid=\"" + ProcessHandle.current().pid() + "\"")
                .contains("proportionalSetSize{");
        part.close();
    }
}
