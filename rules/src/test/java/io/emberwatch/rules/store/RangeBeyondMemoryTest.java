package io.emberwatch.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SeriesSource;
import io.emberwatch.service.config.ByteSize;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries over more than memory holds give what a store gives that holds everything in memory. */
final class RangeBeyondMemoryTest {
    private static final Duration STEP = Duration.ofSeconds(15);
    private static final Duration SPAN = Duration.ofHours(9);
    private static final List<String> QUERIES = List.of(
            "m",
            "sum by (n) (rate(m[5m]))",
            "increase(m[1h])",
            "avg_over_time(m[3h])",
            "max_over_time(m[10m] offset 4h)",
            "count_over_time(m[30m:90s])",
            "quantile_over_time(0.9, m[2h])",
            "m - m offset 90m",
            "last_over_time(m[7h] @ 1772330000)",
            "absent_over_time(m{n=\"3\"}[5m])",
            "changes(m{n=~\"[0-3]\"}[4h]) + resets(m[4h])");

    @TempDir
    private Path folder;

    private final SeriesStore whole =
            SeriesStore.inMemory(StoreConfig.DEFAULT, new StoreMetrics(new CollectorRegistry()));
    private TestStore durable;

    @BeforeEach
    void fill() throws Exception {
        StoreConfig config = new StoreConfig(
                Duration.ofDays(15), new ByteSize(0), Duration.ofMinutes(5), Duration.ofMinutes(30), 1_000_000);
        durable = new TestStore(folder, config, TestStore.START);
        Random random = new Random(7);
        double[] counters = new double[6];
        for (Duration at = Duration.ZERO; at.compareTo(SPAN) < 0; at = at.plus(STEP)) {
            List<Sample> samples = new ArrayList<>();
            for (int n = 0; n < counters.length; n++) {
                counters[n] = random.nextInt(500) == 0 ? 0 : counters[n] + random.nextInt(9);
                // One series pauses, one ends for a while, one comes off the beat.
                long hour = at.toHours();
                boolean silent = n == 3 && hour >= 3 && hour < 6;
                boolean ends = n == 4 && hour == 5 && at.minusHours(5).isZero();
                if (!silent && !(n == 4 && hour == 5 && !ends)) {
                    long time = durable.clock.millis() + (n == 5 ? random.nextInt(9_000) : 0);
                    Labels labels = Labels.of("__name__", "m", "n", Integer.toString(n));
                    samples.add(new Sample(labels, time, ends ? Staleness.STALE_NAN : counters[n]));
                }
            }
            durable.store.append(samples);
            whole.append(samples);
            durable.scheduler.advance(STEP);
        }
    }

    private static List<String> rows(QueryResult result) {
        List<String> rows = new ArrayList<>();
        for (Series series : ((QueryValue.Matrix) result.value()).series()) {
            for (int i = 0; i < series.size(); i++) {
                rows.add(series.labels() + " " + series.timestampsMillis()[i] + " "
                        + Double.doubleToRawLongBits(series.values()[i]));
            }
        }
        return rows;
    }

    private void assertSame(SeriesSource source) throws Exception {
        QueryEngine engine = new QueryEngine(source, EngineOptions.defaults());
        QueryEngine model = new QueryEngine(whole, EngineOptions.defaults());
        Instant start = TestStore.START;
        Instant end = start.plus(SPAN);
        for (String query : QUERIES) {
            // The whole time, one that ends in the database, one across the border, and points off the beat.
            for (Duration[] part : new Duration[][] {
                {Duration.ZERO, SPAN, Duration.ofMinutes(1)},
                {Duration.ofHours(1), Duration.ofHours(3), Duration.ofSeconds(17)},
                {Duration.ofHours(8), SPAN, Duration.ofSeconds(15)},
                {Duration.ofMillis(1), SPAN.minusMillis(1), Duration.ofMillis(601_337)}
            }) {
                List<String> expected = rows(model.range(query, start.plus(part[0]), start.plus(part[1]), part[2]));
                assertThat(rows(engine.range(query, start.plus(part[0]), start.plus(part[1]), part[2])))
                        .as(query)
                        .isEqualTo(expected);
            }
            assertThat(engine.instant(query, end.minusSeconds(7_000)).value().toString())
                    .isEqualTo(model.instant(query, end.minusSeconds(7_000))
                            .value()
                            .toString());
        }
    }

    @Test
    void whatIsInTheDatabaseOnlyIsReadAsIfItWereInMemory() throws Exception {
        long held = durable.store.select(List.of(), 0, Long.MAX_VALUE / 2).stream()
                .mapToLong(Series::size)
                .sum();
        assertThat(held).isGreaterThan(10_000);
        assertThat(durable.metric("prometheus_tsdb_head_chunks")).isLessThan(6 * 6.0);
        assertSame(durable.store);
        try (StoredSamples beside = StoredSamples.open(folder, new StoreMetrics(new CollectorRegistry()))) {
            durable.store.sync();
        }
        durable = durable.reopen(folder);
        assertSame(durable.store);
        durable.close();
        try (StoredSamples alone = StoredSamples.open(folder, new StoreMetrics(new CollectorRegistry()))) {
            assertSame(alone);
        }
    }
}
