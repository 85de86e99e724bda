package io.emberwatch.bridge.delivery;

import io.emberwatch.bridge.channel.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which groups wait for one channel, from when on, and whether the channel works. Groups beyond {@link #MAX_LANES} are
 * left on disk until there is room.
 *
 * <p>What was begun goes before what was not, once its time has come: the rest of a message, and what may have arrived and
 * is looked for at the channel, which is the harder the more others are told in between.
 *
 * <p>After a failure of the channel as a whole, nobody goes until its pause is over, and then one at a time until one
 * has come through.
 */
final class ChannelQueue {
    static final int MAX_LANES = 20_000;

    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::due).thenComparing(Entry::arrival).thenComparing(Entry::lane);

    private final Channel channel;
    private final int concurrency;
    private final Map<Long, Entry> byLane = new HashMap<>();
    private final TreeSet<Entry> waiting = new TreeSet<>(ORDER);
    private final TreeSet<Entry> begun = new TreeSet<>(ORDER);
    private final Set<Long> busy = new HashSet<>();
    private final Set<Long> asked = new HashSet<>();
    private long arrivals;
    private int failures;
    private boolean overflown;
    private Instant pausedUntil = Instant.MIN;

    /** @param tried whether it waits because an attempt failed; then nothing hastens it */
    private record Entry(long lane, Instant due, long arrival, boolean tried) {}

    ChannelQueue(Channel channel, int concurrency) {
        this.channel = channel;
        this.concurrency = concurrency;
    }

    Channel channel() {
        return channel;
    }

    /** A group has something new; one that waits to be tried again keeps its time. */
    synchronized void add(long lane, Instant due) {
        Entry known = byLane.get(lane);
        if (busy.contains(lane)) {
            asked.add(lane);
        } else if (known == null) {
            if (byLane.size() >= MAX_LANES) {
                overflown = true;
            } else {
                put(new Entry(lane, due, arrivals++, false));
            }
        } else if (!known.tried() && due.isBefore(known.due())) {
            waiting.remove(known);
            put(new Entry(lane, due, known.arrival(), false));
        }
    }

    private void put(Entry entry) {
        byLane.put(entry.lane(), entry);
        (entry.tried() ? begun : waiting).add(entry);
    }

    private @Nullable Entry first(Instant now) {
        for (TreeSet<Entry> entries : List.of(begun, waiting)) {
            if (!entries.isEmpty() && !entries.first().due().isAfter(now)) {
                return entries.first();
            }
        }
        return null;
    }

    /** Whether groups were left on disk for which there is room now; asking resets it. */
    synchronized boolean wantsMore() {
        boolean wants = overflown && byLane.size() < MAX_LANES / 2;
        if (wants) {
            overflown = false;
        }
        return wants;
    }

    /** A group that may go now, which is then busy, or null. */
    synchronized @Nullable Long next(Instant now) {
        if (now.isBefore(pausedUntil) || busy.size() >= (failures > 0 ? 1 : concurrency)) {
            return null;
        }
        Entry first = first(now);
        if (first == null) {
            return null;
        }
        Duration wait = channel.admit();
        if (!wait.isZero()) {
            pausedUntil = now.plus(wait);
            return null;
        }
        (first.tried() ? begun : waiting).remove(first);
        byLane.remove(first.lane());
        busy.add(first.lane());
        return first.lane();
    }

    /** When it makes sense to ask again if nothing happens before, or null when only news can change anything. */
    synchronized @Nullable Instant wakeAt() {
        if (byLane.isEmpty() || busy.size() >= (failures > 0 ? 1 : concurrency)) {
            return null;
        }
        Instant due = Stream.of(begun, waiting)
                .filter(entries -> !entries.isEmpty())
                .map(entries -> entries.first().due())
                .min(Instant::compareTo)
                .orElseThrow();
        return due.isAfter(pausedUntil) ? due : pausedUntil;
    }

    /** A group is no longer busy; {@code due} says when its next state may go, null that there was none. */
    synchronized void release(long lane, @Nullable Instant due, Instant now) {
        busy.remove(lane);
        boolean news = asked.remove(lane);
        if (due != null) {
            put(new Entry(lane, due, arrivals++, true));
        } else if (news) {
            put(new Entry(lane, now, arrivals++, false));
        }
    }

    /** The channel as a whole failed; the answer is how often it did in a row. */
    synchronized int failed() {
        return ++failures;
    }

    /** Nobody goes before {@code until}. */
    synchronized void pause(Instant until) {
        if (until.isAfter(pausedUntil)) {
            pausedUntil = until;
        }
    }

    /** The other side answered; true when it had failed before. */
    synchronized boolean worked() {
        boolean changed = failures > 0;
        failures = 0;
        return changed;
    }

    synchronized boolean isFailing() {
        return failures > 0;
    }

    synchronized int busy() {
        return busy.size();
    }
}
