package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleLogTest {
    private static final Labels A = Labels.of("__name__", "a");
    private static final Labels B = Labels.of("__name__", "b");

    @TempDir
    private Path folder;

    private static SampleLog log(TestStore store) {
        return Objects.requireNonNull(store.store.log());
    }

    /** Reads on to the end and acknowledges; names and seconds since the start. */
    private static List<String> readOn(TestStore store, String reader) throws IOException {
        List<String> seen = new ArrayList<>();
        SampleLog log = log(store);
        for (SampleLog.Row row = log.after(log.position(reader)); row != null; row = log.after(row.number())) {
            row.read((series, time, value) ->
                    seen.add(series.labels().metricName() + " " + (time - TestStore.START.toEpochMilli()) / 1000));
            log.acknowledge(reader, row.number());
        }
        return seen;
    }

    private static void append(TestStore store, int steps, Labels... series) throws IOException {
        for (int i = 0; i < steps; i++) {
            store.run(1, Duration.ofSeconds(1), List.of(series));
            store.store.sync();
        }
    }

    @Test
    void aReaderSeesWhatIsAppendedSinceItCame() throws IOException {
        try (TestStore store = TestStore.open(folder)) {
            append(store, 1, A);
            log(store).readers(Set.of("r"), 1 << 20);
            append(store, 2, A, B);
            assertThat(readOn(store, "r")).containsExactly("a 1", "b 1", "a 2", "b 2");
            assertThat(readOn(store, "r")).isEmpty();
            assertThat(log(store).waiting("r")).isZero();
        }
    }

    @Test
    void aReaderGoesOnWhereItStoodAndAnotherAlone() throws IOException {
        TestStore store = TestStore.open(folder);
        log(store).readers(Set.of("r", "s"), 1 << 20);
        append(store, 2, A);
        readOn(store, "r");
        append(store, 1, A);
        store = store.reopen(folder);
        log(store).readers(Set.of("r", "s"), 1 << 20);
        assertThat(readOn(store, "r")).containsExactly("a 2");
        assertThat(readOn(store, "s")).containsExactly("a 0", "a 1", "a 2");
        store.close();
    }

    @Test
    void housekeepingKeepsWhatAReaderHasNotSeen() throws IOException {
        try (TestStore store = TestStore.open(folder)) {
            log(store).readers(Set.of("r"), 1 << 20);
            store.run(1_000, Duration.ofSeconds(30), List.of(A));
            store.store.sync();
            assertThat(readOn(store, "r")).hasSize(1_000);
        }
    }

    @Test
    void theLogIsBoundedAndWhatGoesIsCounted() throws IOException {
        try (TestStore store = TestStore.open(folder)) {
            log(store).readers(Set.of("r"), 300);
            store.run(1_000, Duration.ofSeconds(30), List.of(A));
            store.store.sync();
            int left = readOn(store, "r").size();
            assertThat(left).isLessThan(900);
            assertThat(log(store).takeDropped("r")).isEqualTo(1_000 - left);
            assertThat(log(store).takeDropped("r")).isZero();
        }
    }

    @Test
    void aReaderThatIsForgottenHoldsNothing() throws Exception {
        try (TestStore store = TestStore.open(folder)) {
            log(store).readers(Set.of("r"), 1 << 20);
            append(store, 1, A);
            log(store).readers(Set.of(), 1 << 20);
            assertThat(Objects.requireNonNull(store.store.persistence())
                            .database()
                            .positions())
                    .isEmpty();
            log(store).readers(Set.of("r"), 1 << 20);
            assertThat(readOn(store, "r")).isEmpty();
        }
    }
}
