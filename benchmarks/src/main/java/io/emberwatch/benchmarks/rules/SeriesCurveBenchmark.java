package io.emberwatch.benchmarks.rules;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.PreparedQuery;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.QueryLimits;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.rules.store.StoreMetrics;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Processor time per series of queries over more and more series in memory: it should stay what it is. */
public final class SeriesCurveBenchmark implements Benchmark {
    private static final int[] SIZES = {1_000, 10_000, 100_000, 1_000_000};
    private static final int SAMPLES = 8;
    private static final long STEP = 15_000;
    private static final long START = 1_700_000_000_000L;
    private static final int CHUNK = 10_000;
    private static final double BAR = 2;

    @Override
    public String name() {
        return "rules/curve";
    }

    @Override
    public String description() {
        return "microseconds per series from a thousand to a million series; no peer";
    }

    @Override
    public void run(Report report) throws IOException {
        double[] sums = new double[SIZES.length];
        double[] rates = new double[SIZES.length];
        for (int i = 0; i < SIZES.length; i++) {
            SeriesStore store = filled(SIZES[i]);
            QueryEngine engine = new QueryEngine(store, EngineOptions.defaults());
            sums[i] = perSeries(engine, "sum by (zone) (m)", SIZES[i]);
            rates[i] = perSeries(engine, "sum by (zone) (rate(m[1m]))", SIZES[i]);
        }
        for (int i = 0; i < SIZES.length; i++) {
            report.figure(
                    "sum by, " + SIZES[i] + " series, per series",
                    sums[i],
                    "µs",
                    "≤ 2× that of 10 000",
                    sums[i] <= BAR * sums[1]);
            report.figure(
                    "sum by of rate[1m], " + SIZES[i] + " series, per series",
                    rates[i],
                    "µs",
                    "≤ 2× that of 10 000",
                    rates[i] <= BAR * rates[1]);
        }
    }

    private static SeriesStore filled(int size) {
        SeriesStore store = SeriesStore.inMemory(StoreConfig.DEFAULT, new StoreMetrics(new CollectorRegistry()));
        for (int first = 0; first < size; first += CHUNK) {
            List<Labels> labels = new ArrayList<>();
            for (int i = first; i < Math.min(size, first + CHUNK); i++) {
                labels.add(Labels.of("__name__", "m", "instance", "host-" + i, "zone", "z" + i % 20));
            }
            for (int point = 0; point < SAMPLES; point++) {
                List<Sample> samples = new ArrayList<>(labels.size());
                for (int i = 0; i < labels.size(); i++) {
                    samples.add(new Sample(labels.get(i), START + point * STEP, point * 7 + i % 100));
                }
                store.append(samples);
            }
        }
        return store;
    }

    private static double perSeries(QueryEngine engine, String text, int size) throws IOException {
        try {
            PreparedQuery query = engine.prepare(text);
            Instant at = Instant.ofEpochMilli(START + (SAMPLES - 1) * STEP);
            int times = Math.max(3, 300_000 / size);
            double[] rounds = new double[5];
            for (int round = -2; round < rounds.length; round++) {
                double before = Measured.ownCpuSeconds();
                for (int i = 0; i < times; i++) {
                    query.instant(at, QueryLimits.NONE);
                }
                if (round >= 0) {
                    rounds[round] = (Measured.ownCpuSeconds() - before) / times / size * 1e6;
                }
            }
            return Measured.median(rounds);
        } catch (QueryException e) {
            throw new IOException(e);
        }
    }
}
