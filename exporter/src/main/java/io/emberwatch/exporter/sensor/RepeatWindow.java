package io.emberwatch.exporter.sensor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How often the most frequent value came lately. */
final class RepeatWindow {
    /** Older values are forgotten when more than these came within the window. */
    static final int MAX_VALUES = 10_000;

    private final long lengthMillis;
    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    private final Map<Double, Integer> counts = new HashMap<>();

    RepeatWindow(long lengthMillis) {
        this.lengthMillis = lengthMillis;
    }

    void add(double value, long atMillis) {
        forgetBefore(atMillis - lengthMillis);
        if (arrivals.size() == MAX_VALUES) {
            forget(arrivals.removeFirst());
        }
        arrivals.addLast(new Arrival(value, atMillis));
        counts.merge(value, 1, Integer::sum);
    }

    int mostFrequent(long nowMillis) {
        forgetBefore(nowMillis - lengthMillis);
        return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private void forgetBefore(long millis) {
        while (!arrivals.isEmpty() && arrivals.getFirst().atMillis <= millis) {
            forget(arrivals.removeFirst());
        }
    }

    private void forget(Arrival arrival) {
        counts.computeIfPresent(arrival.value, (value, count) -> count == 1 ? null : count - 1);
    }

    private record Arrival(double value, long atMillis) {}
}
