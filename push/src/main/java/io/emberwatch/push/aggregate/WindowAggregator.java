package io.emberwatch.push.aggregate;

import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.push.aggregate.AggregationRules.GroupKey;
import io.emberwatch.push.message.ByteBuilder;
import io.emberwatch.push.message.InternalReader;
import io.emberwatch.push.message.SeriesMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the messages of one partition over windows of event time, aligned to the Unix epoch. Not safe for several
 * threads.
 *
 * <p>A window is open until event time has passed its end by the grace; what comes later is late. With each open window
 * goes the offset of the first record that counted for it: reading again from the smallest of them, and leaving out what
 * belongs to windows that were closed, rebuilds the state exactly, without a copy of it anywhere.
 */
public final class WindowAggregator {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Groups that no open window has are forgotten once so many windows have closed. */
    private static final int FORGET_AFTER_WINDOWS = 10;

    private final AggregationRules rules;
    private final Settings settings;
    private final SeriesMap<Group[]> series = new SeriesMap<>();
    private final Map<GroupKey, Group> groups = new HashMap<>();
    private final TreeMap<Long, Window> windows = new TreeMap<>();
    private @Nullable Window recent;
    private long closedBefore = Long.MIN_VALUE;
    private long eventTime = Long.MIN_VALUE;
    private int closedSinceForgetting;

    /**
     * How windows are cut.
     *
     * @param windowMillis length
     * @param graceMillis how long after its end, in event time, a window still takes values
     * @param maxAheadMillis values further ahead of the clock than this are refused
     * @param maxSeries series held at a time; further ones are refused
     */
    public record Settings(long windowMillis, long graceMillis, long maxAheadMillis, int maxSeries) {
        public Settings {
            if (windowMillis < 1 || graceMillis < 0 || maxAheadMillis < 0 || maxSeries < 1) {
                throw new IllegalArgumentException("window, grace, look-ahead and number of series must be positive");
            }
        }
    }

    /** What became of a message. */
    public enum Outcome {
        /** It counts, or no aggregation wants it. */
        TAKEN,
        /** Its window was closed already. */
        LATE,
        /** It is too far ahead of the clock. */
        AHEAD,
        /** Its value is no number. */
        NOT_NUMERIC,
        /** There are too many series. */
        TOO_MANY_SERIES
    }

    public WindowAggregator(AggregationRules rules, Settings settings) {
        this.rules = rules;
        this.settings = settings;
    }

    /** Takes up where another left off: windows that end at or before this were closed. */
    public void resume(long closedBeforeMillis) {
        closedBefore = closedBeforeMillis;
    }

    /**
     * Takes a message.
     *
     * @param timeMillis its event time
     * @param offset of its record
     * @param nowMillis the clock
     */
    public Outcome add(InternalReader message, long timeMillis, long offset, long nowMillis) {
        if (timeMillis > nowMillis + settings.maxAheadMillis) {
            return Outcome.AHEAD;
        }
        Group[] wanted = series.find(message);
        if (wanted == null) {
            if (series.size() >= settings.maxSeries) {
                return Outcome.TOO_MANY_SERIES;
            }
            wanted = series.add(message, groups(rules.groups(message)));
        }
        if (wanted.length == 0) {
            return Outcome.TAKEN;
        }
        double value = LineDecoder.number(message.valueBytes(), message.valueStart(), message.valueEnd());
        if (Double.isNaN(value)) {
            return Outcome.NOT_NUMERIC;
        }
        // A source whose clock is fast must not make the values of all others late.
        eventTime = Math.max(eventTime, Math.min(timeMillis, nowMillis));
        long start = timeMillis - Math.floorMod(timeMillis, settings.windowMillis);
        long end = start + settings.windowMillis;
        if (end <= closedBefore || end + settings.graceMillis <= eventTime) {
            return Outcome.LATE;
        }
        Window window = window(start, offset);
        window.firstOffset = Math.min(window.firstOffset, offset);
        for (Group group : wanted) {
            window.accumulator(group).add(value, timeMillis);
        }
        return Outcome.TAKEN;
    }

    /** Most messages fall into the window of the one before. */
    private Window window(long start, long offset) {
        Window window = recent;
        if (window == null || window.start != start) {
            window = windows.computeIfAbsent(start, at -> new Window(at, offset));
            recent = window;
        }
        return window;
    }

    private Group[] groups(List<GroupKey> keys) {
        List<Group> found = new ArrayList<>();
        keys.forEach(key -> found.add(groups.computeIfAbsent(key, Group::new)));
        return found.toArray(new Group[0]);
    }

    /** The latest time that was taken, but never ahead of the clock; {@link Long#MIN_VALUE} when there is none. */
    public long eventTime() {
        return eventTime;
    }

    /**
     * Closes every window that event time has passed by the grace.
     *
     * @param untilMillis event time, or later when the clock stands in for messages that do not come
     * @return whether any window was closed
     */
    public boolean close(long untilMillis, LineOutput output) {
        boolean any = false;
        for (Window first = oldest(); first != null; first = oldest()) {
            long end = first.start + settings.windowMillis;
            if (end + settings.graceMillis > untilMillis) {
                break;
            }
            windows.remove(first.start);
            recent = null;
            write(first, end, output);
            closedBefore = Math.max(closedBefore, end);
            closedSinceForgetting++;
            any = true;
        }
        if (closedSinceForgetting >= FORGET_AFTER_WINDOWS) {
            forgetUnused();
        }
        return any;
    }

    private @Nullable Window oldest() {
        Map.Entry<Long, Window> first = windows.firstEntry();
        return first == null ? null : first.getValue();
    }

    private static void write(Window window, long endMillis, LineOutput output) {
        ByteBuilder line = new ByteBuilder(256);
        String time = " " + endMillis * NANOS_PER_MILLI + "\n";
        window.accumulators.forEach((group, accumulator) -> {
            line.clear();
            line.append(group.series);
            if (accumulator.writeFields(group.field, group.key.functions(), line)) {
                output.line(group.outputKey, line.append(time).toByteArray());
            }
        });
    }

    private void forgetUnused() {
        closedSinceForgetting = 0;
        Set<Group> used = new HashSet<>();
        windows.values().forEach(window -> used.addAll(window.accumulators.keySet()));
        groups.values().removeIf(group -> !used.contains(group));
        series.removeIf(of -> {
            for (Group group : of) {
                if (used.contains(group)) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Windows that end at or before this are closed. */
    public long closedBefore() {
        return closedBefore;
    }

    /**
     * The offset from which reading again rebuilds the state.
     *
     * @param position the offset of the next record to be read
     */
    public long neededFrom(long position) {
        long first = position;
        for (Window window : windows.values()) {
            first = Math.min(first, window.firstOffset);
        }
        return first;
    }

    /** Windows that are open. */
    public int openWindows() {
        return windows.size();
    }

    private static final class Group {
        final GroupKey key;
        final byte[] series;
        final byte[] field;
        final byte[] outputKey;
        final boolean sketched;

        Group(GroupKey key) {
            this.key = key;
            sketched = key.functions().stream().anyMatch(AggregateFunction::needsSketch);
            series = key.series().getBytes(StandardCharsets.UTF_8);
            field = key.field().getBytes(StandardCharsets.UTF_8);
            outputKey = (key.series() + "#" + key.field()).getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final class Window {
        final Map<Group, Accumulator> accumulators = new HashMap<>();
        final long start;
        long firstOffset;

        Window(long start, long firstOffset) {
            this.start = start;
            this.firstOffset = firstOffset;
        }

        Accumulator accumulator(Group group) {
            return accumulators.computeIfAbsent(group, ignored -> new Accumulator(group.sketched));
        }
    }
}
