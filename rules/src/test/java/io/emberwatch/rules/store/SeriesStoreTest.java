package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.Matcher;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesStoreTest {
    private static final long ALWAYS = Long.MAX_VALUE;

    private final CollectorRegistry registry = new CollectorRegistry();
    private final SeriesStore store = SeriesStore.inMemory(StoreConfig.DEFAULT, new StoreMetrics(registry));

    @Test
    void whatWasAppendedIsSelectedByEveryKindOfMatcher() throws QueryException {
        put("http_requests", "job", "api", "code", "200");
        put("http_requests", "job", "api", "code", "500");
        put("http_requests", "job", "web", "code", "200");
        put("up", "job", "api");
        assertThat(names(Matcher.equal("job", "api"))).hasSize(3);
        assertThat(names(Matcher.equal("__name__", "http_requests"), Matcher.equal("code", "200")))
                .hasSize(2);
        assertThat(names(Matcher.of(Matcher.Type.RE, "code", "5..|2..")))
                .as("regular expressions match whole values")
                .hasSize(3);
        assertThat(names(Matcher.of(Matcher.Type.RE, "code", "0"))).isEmpty();
        assertThat(names(Matcher.of(Matcher.Type.NRE, "code", "5..")))
                .as("up has no code")
                .hasSize(3);
        assertThat(names(Matcher.of(Matcher.Type.NEQ, "code", ""))).hasSize(3);
        assertThat(names(Matcher.equal("code", ""), Matcher.equal("job", "api")))
                .hasSize(1);
        assertThat(names(Matcher.of(Matcher.Type.RE, "code", ".*"))).hasSize(4);
        assertThat(names()).hasSize(4);
        assertThat(names(Matcher.equal("nothing", "here"))).isEmpty();
    }

    private void put(String name, String... labels) {
        Labels all = Labels.of(labels).with(Labels.METRIC_NAME, name);
        store.append(List.of(new Sample(all, 1_000, 1)));
    }

    private List<Labels> names(Matcher... matchers) throws QueryException {
        return store.select(List.of(matchers), 0, ALWAYS).stream()
                .map(Series::labels)
                .toList();
    }

    @Test
    void aSelectionKnowsSeriesThatCameAfterItWasAskedFirst() throws QueryException {
        put("a", "job", "x");
        assertThat(names(Matcher.equal("job", "x"))).hasSize(1);
        put("b", "job", "x");
        assertThat(names(Matcher.equal("job", "x"))).hasSize(2);
    }

    @Test
    void theSameLabelsComeBackAsTheSameInstance() throws QueryException {
        put("a", "job", "x");
        assertThat(names().get(0)).isSameAs(names().get(0));
    }

    @Test
    void staleMarkersKeepTheirBits() throws QueryException {
        Labels labels = Labels.of("__name__", "up");
        store.append(List.of(new Sample(labels, 1, 1), new Sample(labels, 2, Staleness.STALE_NAN)));
        assertThat(Staleness.isStale(store.select(List.of(), 0, ALWAYS).get(0).values()[1]))
                .isTrue();
        assertThat(Staleness.isStale(store.latest(List.of(), 0, ALWAYS).get(0).values()[0]))
                .isTrue();
    }

    @Test
    void samplesThatDoNotFitAreRefusedAndCountedByReason() {
        Labels labels = Labels.of("__name__", "a");
        store.append(List.of(
                new Sample(labels, 10, 1),
                new Sample(labels, 9, 1),
                new Sample(labels, 10, 1),
                new Sample(labels, 10, 2),
                new Sample(Labels.EMPTY, 10, 1),
                new Sample(Labels.of("__name__", "b".repeat(SeriesStore.MAX_LABELS_LENGTH)), 10, 1)));
        assertThat(refused(Refusal.OUT_OF_ORDER)).isEqualTo(1);
        assertThat(refused(Refusal.REPEATED)).isEqualTo(1);
        assertThat(refused(Refusal.DUPLICATE_TIMESTAMP)).isEqualTo(1);
        assertThat(refused(Refusal.BAD_LABELS)).isEqualTo(2);
        assertThat(value("prometheus_tsdb_head_samples_appended_total", "type", "float"))
                .isEqualTo(1);
        assertThat(value("prometheus_tsdb_out_of_order_samples_total", "type", "float"))
                .isEqualTo(1);
    }

    private double refused(Refusal reason) {
        return value("emberwatch_rules_store_refused_samples_total", "reason", reason.text());
    }

    private double value(String name, String label, String labelValue) {
        return registry.getSampleValue(name, new String[] {label}, new String[] {labelValue});
    }

    @Test
    void noMoreSeriesAreTakenThanMemoryHasRoomFor() {
        assertThat(StoreConfig.DEFAULT.within(1L << 30).seriesLimit()).isEqualTo(349_525);
        assertThat(StoreConfig.DEFAULT.within(8L << 30)).isEqualTo(StoreConfig.DEFAULT);
        assertThat(StoreConfig.DEFAULT.within(0).seriesLimit()).isEqualTo(1);
    }

    @Test
    void seriesOverTheLimitAreRefusedAndTheOthersGoOn() throws QueryException {
        StoreConfig two = new StoreConfig(
                StoreConfig.DEFAULT.retention(),
                StoreConfig.DEFAULT.retentionSize(),
                StoreConfig.DEFAULT.commitInterval(),
                StoreConfig.DEFAULT.memoryWindow(),
                2);
        CollectorRegistry own = new CollectorRegistry();
        SeriesStore small = SeriesStore.inMemory(two, new StoreMetrics(own));
        for (int time = 1; time <= 3; time++) {
            for (String name : List.of("a", "b", "c")) {
                small.append(List.of(new Sample(Labels.of("__name__", name), time, 1)));
            }
        }
        assertThat(small.select(List.of(), 0, ALWAYS)).hasSize(2).allMatch(series -> series.size() == 3);
        assertThat(own.getSampleValue(
                        "emberwatch_rules_store_refused_samples_total",
                        new String[] {"reason"},
                        new String[] {"series_limit"}))
                .isEqualTo(3);
    }

    @Test
    void anAppenderTellsWhatBecameOfItsBatchAndForgetsARolledBackOne() throws QueryException {
        StoreAppender appender = store.appender();
        StoredSeries series = appender.series(Labels.of("__name__", "a"));
        appender.append(series, 5, 1);
        appender.rollback();
        assertThat(appender.commit()).isEqualTo(new AppendCounts(0, Map.of()));
        appender.append(series, 5, 1);
        appender.append(series, 4, 1);
        appender.append(series, 6, 1);
        AppendCounts counts = appender.commit();
        assertThat(counts.appended()).isEqualTo(2);
        assertThat(counts.refused(Refusal.OUT_OF_ORDER)).isEqualTo(1);
        assertThat(store.select(List.of(), 0, ALWAYS).get(0).timestampsMillis()).containsExactly(5, 6);
    }

    @Test
    void namesValuesAndSeriesAreListedSorted() {
        put("b", "job", "x", "zone", "ö");
        put("a", "job", "y");
        Labels late = Labels.of("__name__", "late", "job", "z");
        store.append(List.of(new Sample(late, 1_000_000, 1)));
        assertThat(store.labelNames(List.of(), 0, ALWAYS)).containsExactly("__name__", "job", "zone");
        assertThat(store.labelNames(List.of(List.of(Matcher.equal("__name__", "a"))), 0, ALWAYS))
                .containsExactly("__name__", "job");
        assertThat(store.labelValues("job", List.of(), 0, ALWAYS)).containsExactly("x", "y", "z");
        assertThat(store.labelValues("job", List.of(), 0, 2_000)).containsExactly("x", "y");
        assertThat(store.series(
                        List.of(List.of(Matcher.equal("job", "x")), List.of(Matcher.of(Matcher.Type.RE, "job", "x|z"))),
                        0,
                        ALWAYS))
                .extracting(Labels::metricName)
                .containsExactly("b", "late");
        HeadStatistics statistics = store.statistics(1);
        assertThat(statistics.seriesCount()).isEqualTo(3);
        assertThat(statistics.maxTimeMillis()).isEqualTo(1_000_000);
        assertThat(statistics.labelValueCountByLabelName())
                .containsExactly(new HeadStatistics.NamedCount("__name__", 3));
    }

    @Test
    void randomAppendsAndSelectionsAgreeWithTheModel() {
        qt().withExamples(60).forAll(longs().all()).checkAssert(seed -> {
            Random random = new Random(seed);
            SeriesStore tried = SeriesStore.inMemory(StoreConfig.DEFAULT, new StoreMetrics(new CollectorRegistry()));
            ModelStore model = new ModelStore();
            for (int i = 0; i < 3_000; i++) {
                Labels labels = RandomData.labels(random);
                long time = i * 100L + random.nextInt(400);
                double value = RandomData.value(random);
                model.append(labels, time, value);
                tried.append(List.of(new Sample(labels, time, value)));
            }
            for (int i = 0; i < 40; i++) {
                assertAgreement(random, tried, model);
            }
        });
    }

    static void assertAgreement(Random random, SeriesStore tried, ModelStore model) throws AssertionError {
        List<Matcher> matchers = RandomData.matchers(random);
        long mint = random.nextInt(350_000) - 20_000L;
        long maxt = mint + random.nextInt(200_000);
        try {
            assertThat(bits(tried.select(matchers, mint, maxt)))
                    .as("%s [%s,%s]", matchers, mint, maxt)
                    .isEqualTo(model.select(matchers, mint, maxt));
            Map<Labels, Map<Long, Long>> newest = new LinkedHashMap<>();
            model.select(matchers, mint, maxt).forEach((labels, points) -> {
                long last = points.keySet().stream().max(Long::compare).orElseThrow();
                newest.put(labels, Map.of(last, points.get(last)));
            });
            assertThat(bits(tried.latest(matchers, mint, maxt)))
                    .as("latest %s [%s,%s]", matchers, mint, maxt)
                    .isEqualTo(newest);
        } catch (QueryException e) {
            throw new AssertionError(e);
        }
    }

    static Map<Labels, Map<Long, Long>> bits(List<Series> selected) {
        Map<Labels, Map<Long, Long>> found = new LinkedHashMap<>();
        for (Series series : selected) {
            Map<Long, Long> points = new LinkedHashMap<>();
            for (int i = 0; i < series.size(); i++) {
                points.put(series.timestampsMillis()[i], Double.doubleToRawLongBits(series.values()[i]));
            }
            assertThat(found.put(series.labels(), points)).isNull();
        }
        return found;
    }

    @Test
    void readersSeeSoundDataWhileOthersAppend() throws Exception {
        int threads = 3;
        List<Thread> writers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Labels labels = Labels.of("__name__", "m", "thread", Integer.toString(t));
            Thread writer = new Thread(() -> {
                StoreAppender appender = store.appender();
                StoredSeries series = appender.series(labels);
                for (int i = 1; i <= 20_000; i++) {
                    appender.append(series, i, i * 0.5);
                    if (i % 10 == 0) {
                        appender.commit();
                    }
                }
            });
            writers.add(writer);
            writer.start();
        }
        while (writers.stream().anyMatch(Thread::isAlive)) {
            for (Series series : store.select(List.of(Matcher.equal("__name__", "m")), 0, ALWAYS)) {
                for (int i = 0; i < series.size(); i++) {
                    assertThat(series.timestampsMillis()[i]).isEqualTo(i + 1L);
                    assertThat(series.values()[i]).isEqualTo((i + 1) * 0.5);
                }
            }
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(store.select(List.of(), 0, ALWAYS)).hasSize(threads).allMatch(series -> series.size() == 20_000);
    }
}
