package io.emberwatch.scorer;

import io.emberwatch.scorer.Measurements.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Lets a component's score fall only after it was worse for a while, and rise only after it was better for a while.
 *
 * <p>The score is taken as a step function of time: it keeps its value until the next one. It falls to the best value
 * that it had within {@code falls_after}, and of what is left rises to the worst within {@code rises_after}. At first,
 * and after a gap, the component counts as it is.
 *
 * <p>Bounded: one memory per member and indicator that holds, each of at most {@link #LONGEST_MEMORY} values; members that
 * are no longer asked about are forgotten.
 */
final class Settling {
    /** The most values remembered for one component; beyond, the oldest goes. */
    static final int LONGEST_MEMORY = 1024;

    /** What was longer ago than the hold and this counts as a gap. */
    static final Duration GAP = Duration.ofMinutes(5);

    private final Map<Key, Held> held = new HashMap<>();

    private record Key(Member member, String indicator) {}

    private record Value(Instant at, double score) {}

    private static final class Held {
        private final Deque<Value> raw = new ArrayDeque<>();
        private final Deque<Value> fallen = new ArrayDeque<>();
    }

    /** The score that counts, given what came before. Times must not go back. */
    double settle(Member member, ScoreModel.Indicator indicator, Instant at, double score) {
        if (indicator.fallsAfter().isZero() && indicator.risesAfter().isZero()) {
            return score;
        }
        Held own = held.computeIfAbsent(new Key(member, indicator.name()), key -> new Held());
        remember(own.raw, new Value(at, score), indicator.fallsAfter());
        double fallen = score;
        for (Value value : own.raw) {
            fallen = Math.max(fallen, value.score());
        }
        remember(own.fallen, new Value(at, fallen), indicator.risesAfter());
        double settled = fallen;
        for (Value value : own.fallen) {
            settled = Math.min(settled, value.score());
        }
        return settled;
    }

    // The newest value at or before the window's beginning still holds when the window begins.
    private static void remember(Deque<Value> values, Value value, Duration window) {
        values.addLast(value);
        Instant begin = value.at().minus(window);
        while (values.size() > 1 && isSuperseded(values, begin)) {
            values.removeFirst();
        }
        if (values.getFirst().at().isBefore(begin.minus(GAP)) || values.size() > LONGEST_MEMORY) {
            values.removeFirst();
        }
    }

    // Whether the second value holds at that time already.
    private static boolean isSuperseded(Deque<Value> values, Instant begin) {
        Iterator<Value> rest = values.iterator();
        rest.next();
        return !rest.next().at().isAfter(begin);
    }

    /** Forgets all members but these. */
    void keepOnly(Set<Member> members) {
        held.keySet().removeIf(key -> !members.contains(key.member()));
    }
}
