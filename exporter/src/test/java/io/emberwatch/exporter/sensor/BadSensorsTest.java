package io.emberwatch.exporter.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real programs that do what sensors should not. */
class BadSensorsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String GOOD_LINE = "echo 7.5 5000000 1";

    @TempDir
    Path folder;

    private final ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
    private final ExporterMetrics metrics = new ExporterMetrics(new CollectorRegistry());
    private SensorSource source;

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
        scheduler.close();
    }

    /** What a script prints, and what comes of it besides a good line that is always seen. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    wrong number of values | echo 1 2; echo 1 2 3 4; echo        | errors_total:line.field_count | 2
                    a value is no number   | echo 7.5 seven 2; echo 7.5 1e999 3 | errors_total:error.random_value | 2
                    ten megabytes a line   | head -c 10485760 /dev/zero; echo    | errors_total:line.too_long | 1
                    the known defect       | echo 0 0 0; echo 0,0,0; echo '0;0;0'| defects_total | 3
                    not UTF-8              | printf '\\377\\376 1 2\\n'          | errors_total:error.cpu_load | 1
                    crashes after a line   | echo 7.5 2 3; exit 3                | restarts_total | 1
                    ends within a line     | printf '7.5 50000'; exit 0          | errors_total:line.incomplete | 1
                    closes its output      | exec >&- 2>&-; sleep 60             | restarts_total | 1
                    talks on standard error| head -c 3000000 /dev/zero >&2       | lines_total | 1
                    """)
    void badOutputIsCountedAndTheRestGoesOn(String name, String script, String metric, int atLeast) throws Exception {
        start(script(GOOD_LINE + "\n" + script + "\n" + GOOD_LINE + "\nexec sleep 60"), "");

        eventually(() -> value(metric) >= atLeast);
        assertThat(values()).containsEntry("sensor_cpu_load", 7.5);
    }

    @Test
    void aProgramThatDoesNotExistIsTriedAgainAndAgainAndFound() throws Exception {
        Path late = folder.resolve("late.sh");
        start(late, "");

        eventually(() -> value("restarts_total") >= 2);
        assertThat(value("up")).isZero();

        script(late, GOOD_LINE + "\nexec sleep 60");
        eventually(() -> value("up") == 1);
    }

    @Test
    void aFileThatIsNoProgramAndAFolderAreNotRun() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
        start(text, "");
        eventually(() -> value("restarts_total") >= 1);

        assertThat(value("lines_total")).isZero();
    }

    @Test
    void aSensorThatFallsSilentIsDownAndItsSeriesDisappear() throws Exception {
        start(script(GOOD_LINE + "\nexec sleep 60"), ", stale_after: 700ms");

        eventually(() -> value("up") == 1);
        eventually(() -> value("up") == 0);
        assertThat(values()).doesNotContainKey("sensor_cpu_load");
        assertThat(value("restarts_total")).isZero();
    }

    @Test
    void aFloodOfLinesIsHeldUpAndNothingIsLost() throws Exception {
        start(script("yes '7.5 5000000 1' | head -n 15000\necho 9 5000000 2\nexec sleep 60"), "");

        eventually(() -> value("lines_total") == 15_001);
        assertThat(values()).containsEntry("sensor_cpu_load", 9.0);
    }

    @Test
    void everythingThatASensorStartedEndsWithIt() throws Exception {
        Path pids = folder.resolve("pids");
        // A child, and a grandchild whose parent is gone and who ignores being asked.
        start(
                script("sleep 300 &\necho $! >> " + pids + "\n(sh -c 'trap \"\" TERM; echo $$ >> " + pids
                        + "; while :; do sleep 1; done' &)\n" + GOOD_LINE + "\nwait"),
                "");
        eventually(() -> lines(pids) == 2 && value("up") == 1);

        source.close();

        for (String pid : Files.readAllLines(pids)) {
            eventually(() -> ProcessHandle.of(Long.parseLong(pid))
                    .map(handle -> !handle.isAlive())
                    .orElse(true));
        }
    }

    @Test
    void childrenThatOutliveTheSensorDoNotKeepItFromBeingStartedAgain() throws Exception {
        start(script("sleep 300 &\n" + GOOD_LINE), "");

        eventually(() -> value("restarts_total") >= 1 && value("lines_total") >= 2);
    }

    @Test
    void argumentsAreHandedOnAsTheyAre() throws Exception {
        Path script = script("echo \"$1\" \"$2\"\nexec sleep 60");
        start(List.of(script.toString(), "7.5 4000000", "12"), "");

        eventually(() -> value("up") == 1);
        assertThat(values()).containsEntry("sensor_ticks_total", 12.0);
    }

    private void start(Path program, String more) throws ConfigException {
        start(List.of(program.toString()), more);
    }

    private void start(List<String> command, String more) throws ConfigException {
        SensorConfig config = ConfigReader.parse(
                "sensor.yml", "{name: bad, restart: {min: 50ms, max: 100ms}" + more + "}", SensorConfig.class);
        source = new SensorSource(List.of(config), command, scheduler, InstantSource.system(), metrics);
        source.start();
    }

    private Path script(String body) throws IOException {
        return script(folder.resolve("sensor.sh"), body);
    }

    private static Path script(Path path, String body) throws IOException {
        Path written = Files.writeString(path.resolveSibling("written"), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.move(written, path);
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            return 0;
        }
    }

    /** A metric of the sensor's own, such as {@code up} or {@code errors_total:line.too_long}. */
    private double value(String metric) {
        return values().getOrDefault("emberwatch_exporter_sensor_" + metric, 0.0);
    }

    private Map<String, Double> values() {
        return source.collect(Deadline.after(PATIENCE)).stream()
                .map(MetricFamily::points)
                .flatMap(List::stream)
                .filter(point -> !point.key().labels().has("le"))
                .collect(Collectors.toMap(BadSensorsTest::name, MetricPoint::value));
    }

    private static String name(MetricPoint point) {
        String error = point.key().labels().get("error");
        return point.key().name() + (error.isEmpty() ? "" : ':' + error);
    }

    private void eventually(BooleanSupplier condition) {
        Deadline deadline = Deadline.after(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(deadline.isPast()).as("in time, last seen %s", values()).isFalse();
            LockSupport.parkNanos(10_000_000);
        }
    }
}
