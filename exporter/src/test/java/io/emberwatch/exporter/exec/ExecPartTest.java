package io.emberwatch.exporter.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.CarryingRegistry;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExecPartTest {
    @TempDir
    private Path folder;

    private final CollectorRegistry registry = new CarryingRegistry();
    private final ManualClock clock = ManualClock.atEpoch();
    private final ManualScheduler scheduler = new ManualScheduler(clock);

    private ExecPart part(String yaml) throws Exception {
        ExecConfig config = ConfigReader.parse("exec.yml", "name: test\n" + yaml, ExecConfig.class);
        return new ExecPart(List.of(config), new ServiceContext(clock, scheduler, folder, folder), registry);
    }

    private static String page(ExecPart part) throws IOException {
        return ExpositionWriter.toText(
                part.sources().get(0).samples().collect(Deadline.after(Duration.ofSeconds(10))),
                TextFormat.PROMETHEUS_0_0_4);
    }

    private double own(String name, String... more) {
        String[] names = more.length == 0 ? new String[] {"exec"} : new String[] {"exec", "error"};
        String[] values = more.length == 0 ? new String[] {"test"} : new String[] {"test", more[0]};
        @Nullable Double value = registry.getSampleValue("emberwatch_exporter_exec_" + name, names, values);
        return value == null ? -1 : value;
    }

    @Test
    void runsAProgramForTheScrape() throws Exception {
        ExecPart part = part("command: [sh, -c, 'echo answer=$ANSWER']\nformat: key_value\nenvironment: {ANSWER: 42}");
        assertThat(page(part)).contains("answer 42\n");
        assertThat(own("success")).isEqualTo(1);
        assertThat(own("errors_total", "timeout")).isZero();
    }

    @Test
    void aProgramThatHangsIsKilledWithItsChildren() throws Exception {
        ExecPart part =
                part("command: [sh, -c, 'sleep 300 & echo $! > %s/pid; sleep 300']\ntimeout: 300ms".formatted(folder));
        long started = System.nanoTime();
        assertThatThrownBy(() -> page(part)).hasMessage("sh: was killed when its time was over");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
        long child = Long.parseLong(Files.readString(folder.resolve("pid")).trim());
        assertGone(child);
        assertThat(own("errors_total", "timeout")).isEqualTo(1);
        assertThat(own("success")).isZero();
        assertThat(own("exit_code")).isEqualTo(-1);
    }

    @Test
    void aChildLeftInTheBackgroundDoesNotHoldUpThePage() throws Exception {
        ExecPart part =
                part("command: [sh, -c, 'sleep 300 & echo $! > %s/pid; echo up 1']\ntimeout: 20s".formatted(folder));
        long started = System.nanoTime();
        assertThat(page(part)).contains("up 1\n");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
        assertGone(Long.parseLong(Files.readString(folder.resolve("pid")).trim()));
    }

    private static void assertGone(long pid) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void moreOutputThanAllowedIsRefused() throws Exception {
        ExecPart part = part("command: ['yes']\nmax_output: 1MiB\ntimeout: 20s");
        assertThatThrownBy(() -> page(part)).hasMessage("yes: printed more than 1048576 bytes");
        assertThat(own("errors_total", "too_long")).isEqualTo(1);
    }

    @Test
    void aCodeOtherThanZeroIsAFailure() throws Exception {
        ExecPart part = part("command: [sh, -c, 'echo a 1; echo no luck >&2; exit 3']");
        assertThatThrownBy(() -> page(part)).hasMessage("sh: ended with code 3; it said: no luck");
        assertThat(own("exit_code")).isEqualTo(3);
        ExecPart missing = part("command: [/no/such/program]");
        assertThatThrownBy(() -> page(missing)).hasMessage("/no/such/program: no such file");
    }

    @Test
    void runsAtItsOwnIntervalWhenAskedTo() throws Exception {
        ExecPart part =
                part("command: [sh, -c, 'echo x >> %s/runs; wc -l < %s/runs']\nformat: key_value\nevery: 10s\nprefix: n"
                        .formatted(folder, folder)
                        .replace("wc -l", "printf \"runs \"; wc -l"));
        part.start();
        scheduler.advance(Duration.ofSeconds(25));
        assertThat(page(part)).contains("nruns 3\n").isEqualTo(page(part));
        part.close();
    }
}
