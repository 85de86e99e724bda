package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.rules.query.Promql;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash, a bad disk or a careless hand does to the files of a store. */
final class DamagedFileTest {
    private static final Labels A = Labels.of("__name__", "a");
    private static final Labels B = Labels.of("__name__", "b");

    @TempDir
    private Path folder;

    /** The files of a running store as a crash would leave them. */
    private Path crashed() throws IOException {
        Path from = folder.resolve("running");
        Path to = folder.resolve("crashed");
        Files.createDirectories(to);
        try (TestStore store = TestStore.open(from)) {
            store.run(500, Duration.ofSeconds(15), List.of(A, B));
            store.store.sync();
            for (String name : List.of("store.db", "store.db-wal")) {
                Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }

    private static int samples(Path directory) throws Exception {
        try (TestStore store = TestStore.open(directory)) {
            List<Series> found = store.store.select(Promql.parseSelector("a"), 0, Long.MAX_VALUE / 2);
            return found.isEmpty() ? 0 : found.get(0).size();
        }
    }

    private static void truncate(Path file, long length) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(length);
        }
    }

    @Test
    void whatACrashLeavesIsWhole() throws Exception {
        assertThat(samples(crashed())).isEqualTo(500);
    }

    @Test
    void aTornCommitIsAsIfItHadNotBeen() throws Exception {
        Path directory = crashed();
        Path log = directory.resolve("store.db-wal");
        long length = Files.size(log);
        for (long cut : new long[] {1, 100, 4_000, length / 2}) {
            truncate(log, Math.max(0, length - cut));
            int left = samples(directory);
            assertThat(left).isBetween(1, 500);
            directory = crashed();
            log = directory.resolve("store.db-wal");
            length = Files.size(log);
        }
    }

    @Test
    void aTruncatedDatabaseIsRefusedWithWhatToDo() throws Exception {
        Path directory = crashed();
        samples(directory);
        Path file = directory.resolve("store.db");
        truncate(file, Files.size(file) / 2 / 4_096 * 4_096);
        assertThatThrownBy(() -> samples(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("store.db")
                .hasMessageContaining("damaged");
    }

    @Test
    void whatIsNoDatabaseIsRefusedWithWhatToDo() throws Exception {
        Files.writeString(folder.resolve("store.db"), "this is no database ".repeat(1_000));
        assertThatThrownBy(() -> samples(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("move it away to begin anew");
    }

    @Test
    void damagedChunksAndLogRowsAreLeftOutAndCounted() throws Exception {
        Path directory = crashed();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("store.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE chunk SET data = x'ff00ff00ff' WHERE id = 1");
            statement.executeUpdate("UPDATE log SET data = x'00000009ffff' WHERE row = (SELECT max(row) FROM log)");
        }
        try (TestStore store = TestStore.open(directory)) {
            List<Series> all = store.store.select(Promql.parseSelector("{__name__=~\".+\"}"), 0, Long.MAX_VALUE / 2);
            assertThat(all).hasSize(2);
            assertThat(all.stream().mapToInt(Series::size).sum()).isBetween(500, 999);
            assertThat(store.metric("emberwatch_rules_store_damaged_chunks_total"))
                    .isPositive();
        }
    }
}
