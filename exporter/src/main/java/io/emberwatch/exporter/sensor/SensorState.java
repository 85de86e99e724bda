package io.emberwatch.exporter.sensor;

import io.emberwatch.exporter.sensor.SensorConfig.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a sensor's lines have told so far. Safe for one writer and several readers. */
final class SensorState {
    private final SensorConfig config;
    private final SensorMetrics.Counters counters;
    private final List<FieldState> fields = new ArrayList<>();
    private @Nullable Instant lastLine;

    SensorState(SensorConfig config, SensorMetrics.Counters counters) {
        this.config = config;
        this.counters = counters;
        config.fields().forEach(field -> fields.add(new FieldState(field)));
    }

    /** Takes up a line. Values are separated by white space, commas or semicolons. */
    synchronized void accept(String line, Instant now) {
        String trimmed = line.strip();
        if (trimmed.isEmpty()) {
            return;
        }
        counters.lines();
        String[] texts = trimmed.split("[\\s,;]+", -1);
        if (texts.length != fields.size()) {
            counters.error("line.fields");
            return;
        }
        lastLine = now;
        double[] values = new double[texts.length];
        boolean zeros = true;
        for (int i = 0; i < texts.length; i++) {
            values[i] = parse(texts[i]);
            zeros &= values[i] == 0;
        }
        if (zeros && config.allZeroIsDefect()) {
            counters.defect();
            return;
        }
        for (int i = 0; i < values.length; i++) {
            FieldState field = fields.get(i);
            if (Double.isNaN(values[i])) {
                counters.error("error." + field.config.name());
            } else {
                field.accept(values[i], now);
            }
        }
    }

    // NaN for what is not a finite number.
    private static double parse(String text) {
        if (!text.matches("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")) {
            return Double.NaN;
        }
        double value = Double.parseDouble(text);
        return Double.isInfinite(value) ? Double.NaN : value;
    }

    /** Whether a line with the right number of values has come recently. */
    synchronized boolean isFresh(Instant now) {
        return lastLine != null && lastLine.plus(config.staleAfter()).isAfter(now);
    }

    /** When the last such line came, or null. */
    synchronized @Nullable Instant lastLine() {
        return lastLine;
    }

    /** The fields as they are now, in the order of the configuration. */
    synchronized List<Reading> readings(Instant now) {
        return fields.stream().map(field -> field.reading(now)).toList();
    }

    /**
     * One field at one time.
     *
     * @param value the last value; empty before the first
     * @param buckets values per bucket, not cumulative; values above the last bucket come last
     * @param sum of all values in buckets
     * @param repeats how often the most frequent recent value came; empty when that is not asked for
     */
    record Reading(Field field, OptionalDouble value, List<Long> buckets, double sum, OptionalInt repeats) {}

    private static final class FieldState {
        private final Field config;
        private final long[] buckets;
        private final Deque<Timed> recent = new ArrayDeque<>();
        private OptionalDouble last = OptionalDouble.empty();
        private double sum;

        FieldState(Field config) {
            this.config = config;
            SensorConfig.Buckets wanted = config.buckets();
            buckets = new long[wanted == null ? 0 : wanted.count() + 1];
        }

        private record Timed(Instant at, double value) {}

        void accept(double value, Instant now) {
            last = OptionalDouble.of(value);
            SensorConfig.Buckets wanted = config.buckets();
            if (wanted != null) {
                int index = 0;
                while (index < wanted.count() && value > wanted.upperBound(index)) {
                    index++;
                }
                buckets[index]++;
                sum += value;
            }
            if (config.repeatsOver() != null) {
                recent.addLast(new Timed(now, value));
                forget(now, config.repeatsOver());
            }
        }

        // At most this many values are kept, whatever the rate.
        private static final int MAX_RECENT = 10_000;

        private void forget(Instant now, Duration over) {
            Instant oldest = now.minus(over);
            while (!recent.isEmpty()
                    && (recent.size() > MAX_RECENT || recent.getFirst().at().isBefore(oldest))) {
                recent.removeFirst();
            }
        }

        Reading reading(Instant now) {
            OptionalInt repeats = OptionalInt.empty();
            Duration over = config.repeatsOver();
            if (over != null) {
                forget(now, over);
                Map<Double, Integer> counts = new HashMap<>();
                int most = 0;
                for (Timed timed : recent) {
                    most = Math.max(most, counts.merge(timed.value(), 1, Integer::sum));
                }
                repeats = OptionalInt.of(most);
            }
            List<Long> counted = new ArrayList<>();
            for (long bucket : buckets) {
                counted.add(bucket);
            }
            return new Reading(config, last, counted, sum, repeats);
        }
    }
}
