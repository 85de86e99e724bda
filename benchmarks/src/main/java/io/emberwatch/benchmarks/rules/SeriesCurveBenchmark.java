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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Processor time of queries over more and more series in memory, and over more and more steps: what one series and one step
 * cost should stay what it is. Draws what it saw.
 */
public final class SeriesCurveBenchmark implements Benchmark {
    private static final int[] SIZES = {1_000, 10_000, 100_000, 1_000_000};
    private static final int SAMPLES = 8;
    private static final long STEP = 15_000;
    private static final long START = 1_700_000_000_000L;
    private static final int CHUNK = 10_000;
    private static final double BAR = 2;
    private static final int[] STEPS = {1, 10, 100, 1_000, 10_000};
    private static final int STEPPED_SERIES = 100;
    private static final Path RESULTS = Path.of("benchmarks/results");

    @Override
    public String name() {
        return "rules/curve";
    }

    @Override
    public String description() {
        return "time of queries from a thousand to a million series and from one to ten thousand steps; no peer";
    }

    @Override
    public void run(Report report) throws IOException {
        GrowthChart chart = new GrowthChart();
        for (String text : List.of("sum by (zone) (m)", "sum by (zone) (rate(m[1m]))")) {
            series(report, text, chart);
        }
        for (String text : List.of("sum by (zone) (m)", "sum by (zone) (rate(m[1m]))")) {
            steps(report, text, chart);
        }
        if (Files.isDirectory(RESULTS)) {
            Files.writeString(RESULTS.resolve("rules-growth.svg"), chart.svg());
        }
    }

    private static void series(Report report, String text, GrowthChart chart) throws IOException {
        double[] each = new double[SIZES.length];
        for (int i = 0; i < SIZES.length; i++) {
            SeriesStore store = filled(SIZES[i], SAMPLES);
            each[i] = micros(new QueryEngine(store, EngineOptions.defaults()), text, SIZES[i], 1) / SIZES[i];
            chart.add(text + ", one step, by series", SIZES[i], each[i] * SIZES[i]);
        }
        for (int i = 0; i < SIZES.length; i++) {
            report.figure(
                    text + ", " + SIZES[i] + " series: per series",
                    each[i],
                    "µs",
                    "≤ 2× that of 10 000",
                    each[i] <= BAR * each[1]);
        }
    }

    private static void steps(Report report, String text, GrowthChart chart) throws IOException {
        SeriesStore store = filled(STEPPED_SERIES, STEPS[STEPS.length - 1] + SAMPLES);
        QueryEngine engine = new QueryEngine(store, EngineOptions.defaults());
        double[] each = new double[STEPS.length];
        for (int i = 0; i < STEPS.length; i++) {
            each[i] = micros(engine, text, STEPPED_SERIES, STEPS[i]) / STEPS[i];
            chart.add(text + ", 100 series, by steps", STEPS[i], each[i] * STEPS[i]);
        }
        for (int i = 0; i < STEPS.length; i++) {
            // Of few steps most is what a query costs at all.
            boolean few = STEPS[i] < STEPS[2];
            report.figure(
                    text + ", 100 series, " + STEPS[i] + (i == 0 ? " step" : " steps") + ": per step",
                    each[i],
                    "µs",
                    few ? "none" : "≤ 2× that of 100",
                    few || each[i] <= BAR * each[2]);
        }
    }

    private static SeriesStore filled(int size, int samplesEach) {
        SeriesStore store = SeriesStore.inMemory(StoreConfig.DEFAULT, new StoreMetrics(new CollectorRegistry()));
        for (int first = 0; first < size; first += CHUNK) {
            List<Labels> labels = new ArrayList<>();
            for (int i = first; i < Math.min(size, first + CHUNK); i++) {
                labels.add(Labels.of("__name__", "m", "instance", "host-" + i, "zone", "z" + i % 20));
            }
            for (int point = 0; point < samplesEach; point++) {
                List<Sample> samples = new ArrayList<>(labels.size());
                for (int i = 0; i < labels.size(); i++) {
                    samples.add(new Sample(labels.get(i), START + point * STEP, point * 7 + i % 100));
                }
                store.append(samples);
            }
        }
        return store;
    }

    private static double micros(QueryEngine engine, String text, int size, int steps) throws IOException {
        try {
            PreparedQuery query = engine.prepare(text);
            Instant start = Instant.ofEpochMilli(START + (SAMPLES - 1) * STEP);
            Instant end = start.plusMillis((steps - 1) * STEP);
            int times = Math.max(3, 600_000 / (size * steps));
            double[] rounds = new double[5];
            for (int round = -2; round < rounds.length; round++) {
                double before = Measured.ownCpuSeconds();
                for (int i = 0; i < times; i++) {
                    if (steps == 1) {
                        query.instant(start, QueryLimits.NONE);
                    } else {
                        query.range(start, end, Duration.ofMillis(STEP), QueryLimits.NONE);
                    }
                }
                if (round >= 0) {
                    rounds[round] = (Measured.ownCpuSeconds() - before) / times * 1e6;
                }
            }
            return Measured.median(rounds);
        } catch (QueryException e) {
            throw new IOException(e);
        }
    }
}
