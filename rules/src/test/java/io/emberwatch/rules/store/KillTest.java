package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Series;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {
    @TempDir
    private Path directory;

    @Test
    void whatACommitAcknowledgedSurvivesEveryKill() throws Exception {
        Random random = new Random();
        long next = 0;
        for (int round = 0; round < 5; round++) {
            long acknowledged = runUntilKilled(next, 80 + random.nextInt(150));
            try (TestStore store = new TestStore(
                    directory,
                    StoreConfig.DEFAULT,
                    TestStore.START.plus(KilledWriter.STEP.multipliedBy(acknowledged)))) {
                next = assertNothingMissing(store.store, acknowledged);
            }
        }
        assertThat(next).isGreaterThan(400);
    }

    /** The last step that the process said to be durable. */
    private long runUntilKilled(long first, int steps) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        directory.toString(),
                        Long.toString(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long acknowledged = first - 1;
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine();
            while (line != null) {
                acknowledged = Long.parseLong(line);
                if (acknowledged >= first + steps) {
                    process.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged).isGreaterThanOrEqualTo(first + steps);
        return acknowledged;
    }

    private static long assertNothingMissing(SeriesStore store, long acknowledged) throws Exception {
        long steps = acknowledged + 1;
        for (Series series : store.select(List.of(), 0, Long.MAX_VALUE)) {
            int number = Integer.parseInt(series.labels().get("series"));
            assertThat(series.size()).isGreaterThanOrEqualTo((int) acknowledged + 1);
            steps = Math.max(steps, series.size());
            for (int step = 0; step < series.size(); step++) {
                assertThat(series.timestampsMillis()[step])
                        .isEqualTo(TestStore.START.toEpochMilli() + step * KilledWriter.STEP.toMillis());
                assertThat(series.values()[step]).isEqualTo(KilledWriter.value(number, step));
            }
        }
        assertThat(store.statistics(1).seriesCount()).isEqualTo(KilledWriter.SERIES);
        return steps;
    }
}
