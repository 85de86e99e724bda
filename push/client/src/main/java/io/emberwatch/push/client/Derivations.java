package io.emberwatch.push.client;

import io.emberwatch.model.line.FieldValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What was sent before, as far as something is derived from it. Bounded: beyond {@value #MOST_SERIES} series a metric
 * passes as it is. Not safe for several threads.
 */
final class Derivations {
    static final int AVERAGED = 100;
    static final int MOST_SERIES = 10_000;
    private static final double MILLIS = 1e3;

    private final Map<Key, Past> series = new HashMap<>();

    /** A metric with its time set; nothing when it is left out. */
    Optional<Metric> apply(Metric metric, Derivation derivation, Instant at) {
        String field = derivation == Derivation.NONE ? null : firstNumber(metric);
        if (field == null) {
            return Optional.of(metric);
        }
        Key key = new Key(metric.name(), metric.tags(), field, derivation);
        Past past = series.get(key);
        if (past == null) {
            if (series.size() >= MOST_SERIES) {
                return Optional.of(metric);
            }
            past = new Past();
            series.put(key, past);
        }
        double value = number(metric.fields().get(field));
        return switch (derivation) {
            case NONE -> Optional.of(metric);
            case RATE -> Optional.of(with(metric, at, field + "_rate", past.rate(value, at)));
            case INCREMENT -> Optional.of(with(metric, at, field + "_increment", past.increment(value)));
            case AVERAGE -> Optional.of(with(metric, at, field + "_average", past.average(value)));
            case SUPPRESS -> past.changed(value, at) ? Optional.of(metric) : Optional.empty();
        };
    }

    private static Metric with(Metric metric, Instant at, String field, double value) {
        if (!Double.isFinite(value)) {
            return metric;
        }
        Map<String, FieldValue> fields = new LinkedHashMap<>(metric.fields());
        fields.put(field, new FieldValue.FloatValue(value));
        return metric.with(metric.tags(), fields, at);
    }

    private static @Nullable String firstNumber(Metric metric) {
        for (Map.Entry<String, FieldValue> field : metric.fields().entrySet()) {
            if (!Double.isNaN(number(field.getValue()))) {
                return field.getKey();
            }
        }
        return null;
    }

    /** NaN for what is no number. */
    static double number(@Nullable FieldValue value) {
        if (value instanceof FieldValue.FloatValue real) {
            return real.value();
        }
        if (value instanceof FieldValue.IntegerValue whole) {
            return whole.value();
        }
        if (value instanceof FieldValue.UnsignedValue whole) {
            return whole.bits() >= 0 ? whole.bits() : whole.bits() + 0x1p64;
        }
        return Double.NaN;
    }

    private record Key(String name, SortedMap<String, String> tags, String field, Derivation derivation) {}

    private static final class Past {
        private double value;
        private double sum;
        private @Nullable Instant at;
        private final Deque<Double> last = new ArrayDeque<>(0);

        double rate(double now, Instant when) {
            Instant before = at;
            double change = now - value;
            at = when;
            value = now;
            if (before == null || (change < 0 && now == 0)) {
                return 0;
            }
            long millis = Duration.between(before, when).toMillis();
            return millis > 0 ? MILLIS * change / millis : Double.NaN;
        }

        double increment(double now) {
            sum += now;
            return sum;
        }

        double average(double now) {
            last.addLast(now);
            if (last.size() > AVERAGED) {
                last.removeFirst();
            }
            return last.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }

        boolean changed(double now, Instant when) {
            Instant before = at;
            boolean due = before == null
                    || Double.compare(now, value) != 0
                    || when.isBefore(before)
                    || Duration.between(before, when).compareTo(Derivation.QUIET) >= 0;
            if (due) {
                at = when;
                value = now;
            }
            return due;
        }
    }
}
