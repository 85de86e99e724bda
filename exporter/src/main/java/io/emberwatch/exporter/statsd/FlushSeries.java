package io.emberwatch.exporter.statsd;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** What one name has brought since the last flush. Guarded by its table's monitor. */
final class FlushSeries {
    /** Of more values a fair sample is kept; counts and sums stay exact. */
    static final int MOST_VALUES = 65_536;

    /** Beyond so many a set does not grow. */
    static final int MOST_MEMBERS = 100_000;

    private static final double[] NOTHING = new double[0];

    final EventKind kind;
    final String name;
    double count;
    double value;
    double[] values = NOTHING;
    int size;
    private long seen;
    final Set<Long> members = new HashSet<>();
    boolean active;
    boolean removed;

    /** @param name sanitized, with its tags as Graphite writes them */
    FlushSeries(EventKind kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    void add(double sample, double weight) {
        active = true;
        value += sample * weight;
        count += weight;
    }

    void gauge(double sample, boolean relative) {
        active = true;
        value = relative ? value + sample : sample;
    }

    void time(double millis, double weight) {
        active = true;
        count += weight;
        seen++;
        if (size < MOST_VALUES) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.max(16, Math.min(MOST_VALUES, 2 * size)));
            }
            values[size++] = millis;
        } else {
            long at = ThreadLocalRandom.current().nextLong(seen);
            if (at < MOST_VALUES) {
                values[(int) at] = millis;
            }
        }
    }

    void member(long hash) {
        active = true;
        if (members.size() < MOST_MEMBERS) {
            members.add(hash);
        }
    }

    /** Begins the next interval; a gauge keeps its value. */
    void reset() {
        active = false;
        count = 0;
        size = 0;
        seen = 0;
        members.clear();
        if (kind != EventKind.GAUGE) {
            value = 0;
        }
    }
}
