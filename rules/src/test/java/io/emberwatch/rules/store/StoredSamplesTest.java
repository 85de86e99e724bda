package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.rules.query.Matcher;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredSamplesTest {
    private static final List<Labels> SERIES =
            List.of(Labels.of("__name__", "m", "n", "0"), Labels.of("__name__", "m", "n", "1"));
    private static final Duration STEP = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private StoredSamples open() throws IOException {
        return StoredSamples.open(folder, new StoreMetrics(new CollectorRegistry()));
    }

    private static List<Matcher> name(String name) {
        return List.of(Matcher.of(Matcher.Type.EQ, "__name__", name));
    }

    private static void assertHolds(StoredSamples samples, int count) throws Exception {
        List<Series> all = samples.select(name("m"), 0, Long.MAX_VALUE / 2);
        assertThat(all).hasSize(2);
        for (Series series : all) {
            assertThat(series.size()).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                long time = TestStore.START.toEpochMilli() + i * STEP.toMillis();
                assertThat(series.timestampsMillis()[i]).isEqualTo(time);
                assertThat(series.values()[i]).isEqualTo(TestStore.valueAt(series.labels(), time));
            }
        }
    }

    @Test
    void readsChunksAndLogBesideTheWriter() throws Exception {
        try (TestStore writer = TestStore.open(folder)) {
            writer.run(1_000, STEP, SERIES);
            writer.store.sync();
            try (StoredSamples samples = open()) {
                assertHolds(samples, 1_000);
                // The writer goes on, seals and cleans up; what was opened stays as it was.
                writer.run(1_000, STEP, SERIES);
                writer.store.sync();
                assertHolds(samples, 1_000);
                assertThat(samples.latest(name("m"), 0, Long.MAX_VALUE / 2)).hasSize(2);
            }
            try (StoredSamples samples = open()) {
                assertHolds(samples, 2_000);
            }
            writer.run(10, STEP, SERIES);
        }
        try (StoredSamples samples = open()) {
            assertHolds(samples, 2_010);
        }
    }

    @Test
    void changesNothing() throws Exception {
        try (TestStore writer = TestStore.open(folder)) {
            writer.run(300, STEP, SERIES);
        }
        byte[] before = Files.readAllBytes(folder.resolve(ChunkDatabase.FILE_NAME));
        try (StoredSamples samples = open()) {
            assertHolds(samples, 300);
        }
        assertThat(Files.readAllBytes(folder.resolve(ChunkDatabase.FILE_NAME))).isEqualTo(before);
    }

    @Test
    void whatIsNotThereOrNoDatabaseIsNamed() throws Exception {
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("store.db: there is no such file; --data names");
        Files.writeString(folder.resolve(ChunkDatabase.FILE_NAME), "no database, but longer than a header".repeat(99));
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("damaged or no database");
    }
}
