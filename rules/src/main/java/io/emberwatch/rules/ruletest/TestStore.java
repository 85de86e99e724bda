package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SeriesSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The series of one test: those given, as far as time has come, and those that rules recorded. Of one thread. */
final class TestStore implements SeriesSource, SampleSink {
    private static final class Points {
        long[] timestamps = new long[16];
        double[] values = new double[16];
        int size;

        void add(long timestamp, double value) {
            if (size > 0 && timestamps[size - 1] >= timestamp) {
                return; // a sample that is there already stays
            }
            if (size == timestamps.length) {
                timestamps = Arrays.copyOf(timestamps, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            timestamps[size] = timestamp;
            values[size++] = value;
        }

        /** The index of the first point at or after a time. */
        int from(long timestamp) {
            int index = Arrays.binarySearch(timestamps, 0, size, timestamp);
            return index < 0 ? -index - 1 : index;
        }
    }

    private static final class Input {
        final Series series;
        int loaded;

        Input(Series series) {
            this.series = series;
        }
    }

    private final Map<Labels, Points> stored = new LinkedHashMap<>();
    private final List<Input> inputs = new ArrayList<>();

    void give(Series series) {
        inputs.add(new Input(series));
    }

    /** Makes given samples visible up to a time, this included. */
    void loadUntil(long timestamp) {
        for (Input input : inputs) {
            Series series = input.series;
            int next = input.loaded;
            while (next < series.size() && series.timestampsMillis()[next] <= timestamp) {
                points(series.labels()).add(series.timestampsMillis()[next], series.values()[next]);
                next++;
            }
            input.loaded = next;
        }
    }

    private Points points(Labels labels) {
        return stored.computeIfAbsent(labels, key -> new Points());
    }

    @Override
    public void append(List<Sample> samples) {
        samples.forEach(sample -> points(sample.labels()).add(sample.timestampMillis(), sample.value()));
    }

    @Override
    public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) {
        List<Series> selected = new ArrayList<>();
        stored.forEach((labels, points) -> {
            if (matchers.stream().allMatch(matcher -> matcher.matches(labels))) {
                int from = points.from(mintMillis);
                int to = points.from(maxtMillis + 1);
                if (from < to) {
                    selected.add(new Series(
                            labels,
                            Arrays.copyOfRange(points.timestamps, from, to),
                            Arrays.copyOfRange(points.values, from, to)));
                }
            }
        });
        return selected;
    }
}
