package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.service.config.ByteSize;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    @TempDir
    private Path directory;

    private final List<Labels> series = IntStream.range(0, 20)
            .mapToObj(i -> Labels.of("__name__", "m", "instance", Integer.toString(i)))
            .toList();

    @Test
    void everythingIsThereAfterARestart() throws Exception {
        TestStore first = TestStore.open(directory);
        first.run(1_000, INTERVAL, series);
        try (TestStore second = first.reopen(directory)) {
            assertComplete(second.store, 0, 1_000);
            second.run(200, INTERVAL, series);
            assertComplete(second.store, 0, 1_200);
        }
    }

    private void assertComplete(SeriesStore store, int from, int to) throws QueryException {
        List<Series> found = store.select(List.of(Matcher.equal("__name__", "m")), 0, Long.MAX_VALUE);
        assertThat(found).hasSize(series.size());
        for (Series one : found) {
            assertThat(one.size()).as("%s", one.labels()).isEqualTo(to - from);
            for (int i = from; i < to; i++) {
                long time = TestStore.START.toEpochMilli() + i * INTERVAL.toMillis();
                assertThat(one.timestampsMillis()[i - from]).isEqualTo(time);
                assertThat(one.values()[i - from]).isEqualTo(TestStore.valueAt(one.labels(), time));
            }
        }
    }

    @Test
    void randomDataIsTheSameBeforeAndAfterRestarts() throws Exception {
        Random random = new Random(11);
        ModelStore model = new ModelStore();
        TestStore store = TestStore.open(directory);
        long start = TestStore.START.toEpochMilli();
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 900; i++) {
                Labels labels = RandomData.labels(random);
                double value = RandomData.value(random);
                long time = store.clock.millis() + random.nextInt(30_000);
                model.append(labels, time, value);
                store.store.append(List.of(new Sample(labels, time, value)));
                store.scheduler.advance(Duration.ofSeconds(10));
            }
            for (int i = 0; i < 2; i++) {
                for (int query = 0; query < 20; query++) {
                    List<Matcher> matchers = RandomData.matchers(random);
                    long mint = start + random.nextInt(36_000_000);
                    long maxt = mint + random.nextInt(10_000_000);
                    assertThat(SeriesStoreTest.bits(store.store.select(matchers, mint, maxt)))
                            .isEqualTo(model.select(matchers, mint, maxt));
                }
                store = store.reopen(directory);
            }
        }
        store.close();
    }

    @Test
    void memoryHoldsTheWindowAndTheLogOnlyWhatIsInNoChunk() throws Exception {
        try (TestStore store = TestStore.open(directory)) {
            store.run(4_000, INTERVAL, series);
            assertThat(store.metric("prometheus_tsdb_head_chunks")).isLessThanOrEqualTo(7.0 * series.size());
            assertThat(logBytes(store)).isLessThan(150 * 20 * 10);
            assertComplete(store.store, 0, 4_000);
            assertThat(store.store.latest(List.of(), 0, TestStore.START.toEpochMilli() + 60_000))
                    .hasSize(series.size())
                    .allMatch(one -> one.timestampsMillis()[0] == TestStore.START.toEpochMilli() + 60_000);
        }
    }

    private static long logBytes(TestStore store) throws Exception {
        long[] bytes = new long[1];
        database(store).replay((row, id, time, value) -> bytes[0] += 10);
        return bytes[0];
    }

    private static ChunkDatabase database(TestStore store) {
        return store.store.persistence().database();
    }

    @Test
    void aSeriesThatEndedIsSealedAndTheLogForgetsIt() throws Exception {
        try (TestStore store = TestStore.open(directory)) {
            store.run(10, INTERVAL, series.subList(0, 1));
            store.scheduler.advance(Duration.ofHours(4));
            assertThat(logBytes(store)).isZero();
            assertThat(store.metric("prometheus_tsdb_head_series")).isZero();
            assertThat(store.metric("emberwatch_rules_store_series")).isEqualTo(1);
            assertThat(store.store.select(List.of(), 0, Long.MAX_VALUE).get(0).size())
                    .isEqualTo(10);
        }
    }

    @Test
    void samplesAndSeriesOlderThanTheRetentionGo() throws Exception {
        StoreConfig config = TestStore.config(Duration.ofHours(6), 0);
        try (TestStore store = new TestStore(directory, config, TestStore.START)) {
            store.run(100, INTERVAL, series.subList(0, 1));
            store.run(2_000, INTERVAL, series.subList(1, 2));
            assertThat(store.store.series(List.of(), 0, Long.MAX_VALUE)).containsExactly(series.get(1));
            assertThat(store.metric("emberwatch_rules_store_series")).isEqualTo(1);
            assertThat(store.metric("prometheus_tsdb_head_series_removed_total"))
                    .isEqualTo(1);
            Series kept = store.store.select(List.of(), 0, Long.MAX_VALUE).get(0);
            long oldest = kept.timestampsMillis()[0];
            assertThat(store.clock.millis() - oldest).isBetween(21_600_000L - 60_000, 21_600_000L + 3_600_000);
            store.store.append(List.of(new Sample(series.get(0), TestStore.START.toEpochMilli(), 1)));
            assertThat(store.registry.getSampleValue(
                            "emberwatch_rules_store_refused_samples_total",
                            new String[] {"reason"},
                            new String[] {"too_old"}))
                    .isEqualTo(1);
            store.run(1, INTERVAL, series.subList(0, 1));
            assertThat(store.store.series(List.of(), 0, Long.MAX_VALUE)).hasSize(2);
        }
        try (TestStore store = new TestStore(directory, config, TestStore.START.plus(Duration.ofDays(1)))) {
            store.store.sync();
            assertThat(store.store.labelValues("instance", List.of(), 0, Long.MAX_VALUE))
                    .contains("1");
        }
    }

    @Test
    void seriesThatEndedLongAgoMakeRoomForNewOnes() throws Exception {
        StoreConfig config =
                new StoreConfig(Duration.ofDays(15), new ByteSize(0), Duration.ofMinutes(5), Duration.ofHours(2), 100);
        try (TestStore store = new TestStore(directory, config, TestStore.START)) {
            for (int generation = 0; generation < 30; generation++) {
                int current = generation;
                List<Labels> born = IntStream.range(0, 10)
                        .mapToObj(i -> Labels.of("__name__", "m", "id", current + "-" + i))
                        .toList();
                store.run(20, INTERVAL, born);
                store.scheduler.advance(Duration.ofHours(3));
            }
            assertThat(store.registry.getSampleValue(
                            "emberwatch_rules_store_refused_samples_total",
                            new String[] {"reason"},
                            new String[] {"series_limit"}))
                    .isZero();
            assertThat(store.metric("emberwatch_rules_store_series_evicted_total"))
                    .isPositive();
            assertThat(store.store.labelValues("id", List.of(), 0, Long.MAX_VALUE))
                    .hasSizeLessThanOrEqualTo(100)
                    .contains("29-0", "24-9")
                    .doesNotContain("0-0");
        }
    }

    @Test
    void theOldestSamplesGoWhenTheDatabaseIsLargerThanAllowed() throws Exception {
        StoreConfig config = TestStore.config(Duration.ofDays(15), 300_000);
        List<Labels> many = IntStream.range(0, 200)
                .mapToObj(i -> Labels.of("__name__", "wide", "instance", Integer.toString(i)))
                .toList();
        try (TestStore store = new TestStore(directory, config, TestStore.START)) {
            store.run(4_000, INTERVAL, many);
            assertThat(database(store).usedBytes()).isLessThan(900_000);
            assertThat(store.store.select(List.of(), 0, Long.MAX_VALUE))
                    .hasSize(200)
                    .allMatch(one ->
                            one.timestampsMillis()[one.size() - 1] > TestStore.START.toEpochMilli() + 59_000_000);
            assertThat(store.store.select(List.of(), 0, TestStore.START.toEpochMilli() + 3_600_000))
                    .isEmpty();
        }
    }

    @Test
    void aFullDiskStopsNothingAndNothingIsMissingWhenThereIsSpaceAgain() throws Exception {
        TestStore store = TestStore.open(directory);
        store.run(50, INTERVAL, series);
        database(store).limitPages(1);
        store.run(200, INTERVAL, series);
        assertThat(store.store.notReady()).singleElement().asString().contains("full");
        assertThat(store.metric("emberwatch_rules_store_commit_failures_total")).isPositive();
        assertThatThrownBy(store.store::sync).isInstanceOf(IOException.class).hasMessageContaining("full");
        assertComplete(store.store, 0, 250);
        database(store).limitPages(1_000_000);
        store.scheduler.advance(Duration.ofMinutes(5));
        assertThat(store.store.notReady()).isEmpty();
        assertThat(store.metric("emberwatch_rules_store_lost_samples_total")).isZero();
        try (TestStore again = store.reopen(directory)) {
            List<Series> found = again.store.select(List.of(), 0, Long.MAX_VALUE);
            assertThat(found).hasSize(20).allMatch(one -> one.size() == 250);
        }
    }

    @Test
    void whatWaitsForTheDiskIsBoundedAndTheGapIsClosedFromMemory() throws Exception {
        ChunkDatabase database = ChunkDatabase.open(directory);
        StoredSeries one = new StoredSeries(1, series.get(0));
        ChunkEncoder encoder = new ChunkEncoder();
        List<Runnable> sealAll = new ArrayList<>();
        StoreMetrics metrics = new StoreMetrics(new CollectorRegistry());
        Journal journal = new Journal(database, metrics, () -> sealAll.forEach(Runnable::run), 50_000, 1);
        sealAll.add(() -> one.sealBefore(Long.MAX_VALUE, encoder, journal));
        journal.created(one);
        database.limitPages(1);
        for (int i = 0; i < 100; i++) {
            one.append(i, i, journal.nextLogRow(), encoder, journal);
            journal.logged(new byte[10_000]);
            assertThat(journal.commit(false)).isFalse();
        }
        assertThat(journal.waitingBytes()).isLessThanOrEqualTo(60_000);
        database.limitPages(100_000);
        assertThat(journal.commit(false)).isTrue();
        assertThat(one.chunksInMemory()).isPositive();
        long[] end = new long[1];
        database.readNewestChunks((id, from, to, data) -> {
            end[0] = Math.max(end[0], to);
            return true;
        });
        assertThat(end[0]).isEqualTo(99);
        database.close();
    }

    @Test
    void aFolderThatCannotBeUsedIsToldClearly() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no folder");
        assertThatThrownBy(() -> TestStore.open(file.resolve("data")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot make the data directory");
        assertThatThrownBy(() -> TestStore.open(Path.of("/proc/self")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not writable");
        Path broken = Files.createDirectory(directory.resolve("broken"));
        Files.writeString(broken.resolve(ChunkDatabase.FILE_NAME), "no database at all".repeat(100));
        assertThatThrownBy(() -> TestStore.open(broken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("move it away");
        try (TestStore store = TestStore.open(directory)) {
            assertThat(store.store.notReady()).isEmpty();
            assertThatThrownBy(() -> TestStore.open(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aLogBatchOfAnySamplesComesBack() {
        Random random = new Random(5);
        LogBatch batch = new LogBatch();
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int id = random.nextInt(Integer.MAX_VALUE);
            long time = random.nextLong();
            double value = random.nextBoolean() ? RandomData.value(random) : Double.longBitsToDouble(random.nextLong());
            batch.add(id, time, value);
            written.add(id + " " + time + " " + Double.doubleToRawLongBits(value));
        }
        List<String> read = new ArrayList<>();
        byte[] row = batch.take();
        assertThat(LogBatch.read(
                        row, (id, time, value) -> read.add(id + " " + time + " " + Double.doubleToRawLongBits(value))))
                .isTrue();
        assertThat(read).isEqualTo(written);
        assertThat(LogBatch.read(java.util.Arrays.copyOf(row, row.length - 3), (id, time, value) -> {}))
                .isFalse();
        for (int i = 0; i < 1_000; i++) {
            row[random.nextInt(row.length)] = (byte) random.nextInt();
            LogBatch.read(row, (id, time, value) -> {});
        }
    }

    @Test
    void aMillionSamplesOnDiskTakeLessThanTwoPointSevenBytesEach() throws Exception {
        List<Labels> gauges = IntStream.range(0, 500)
                .mapToObj(i -> Labels.of("__name__", "g", "instance", Integer.toString(i)))
                .toList();
        Random random = new Random(3);
        double[] level = new double[gauges.size()];
        try (TestStore store = TestStore.open(directory)) {
            for (int step = 0; step < 2_000; step++) {
                long now = store.clock.millis();
                List<Sample> samples = new ArrayList<>();
                for (int i = 0; i < level.length; i++) {
                    level[i] += random.nextGaussian();
                    samples.add(new Sample(gauges.get(i), now, Math.rint(level[i] * 100) / 100));
                }
                store.store.append(samples);
                store.scheduler.advance(INTERVAL);
            }
            store.scheduler.advance(Duration.ofHours(2));
            double bytes = database(store).usedBytes() / (2_000.0 * gauges.size());
            assertThat(bytes).isLessThan(2.7);
        }
    }

    @Test
    void anInstantFarFromTheEpochIsAsGoodAsAnyOther() throws Exception {
        try (TestStore store = new TestStore(directory, TestStore.CONFIG, Instant.EPOCH)) {
            store.run(300, INTERVAL, series);
            assertThat(store.store.select(List.of(), Long.MIN_VALUE, Long.MAX_VALUE))
                    .hasSize(20);
        }
    }
}
