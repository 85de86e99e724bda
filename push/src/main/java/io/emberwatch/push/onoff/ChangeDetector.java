package io.emberwatch.push.onoff;

import io.emberwatch.model.line.LineDecoder;
import io.emberwatch.push.message.InternalReader;
import io.emberwatch.push.message.SeriesMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Remembers the last value of every series of a partition and tells which messages change it. Not safe for several
 * threads.
 *
 * <p>Values are compared as they are written: {@code 1} and {@code 1.0} differ. A message that is older than the last is
 * out of order and changes nothing, so reading again after a failure repeats no change.
 */
public final class ChangeDetector {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NO_TIME = Long.MIN_VALUE;

    private final int maxSeries;
    private final SeriesMap<Known> series = new SeriesMap<>();
    private final Deque<Known> toRefresh = new ArrayDeque<>();

    /** @param maxSeries series held, at most */
    public ChangeDetector(int maxSeries) {
        this.maxSeries = maxSeries;
    }

    /** What a message means. */
    public enum Outcome {
        /** The value is new or differs from the last. */
        CHANGED,
        SAME,
        /** Older than the last. */
        OUT_OF_ORDER,
        /** There are too many series. */
        TOO_MANY_SERIES
    }

    /** Takes where to keep what changed. */
    public interface Store {
        void put(byte[] key, byte[] value);

        void delete(byte[] key);
    }

    /** Takes lines. */
    @FunctionalInterface
    public interface LineOutput {
        /** @param key {@code measurement,tags#field} */
        void line(byte[] key, byte[] line);
    }

    /** Takes a message; a change is put into the store. */
    public Outcome add(InternalReader message, long nowMillis, Store store) {
        Known known = series.find(message);
        if (known == null) {
            if (series.size() >= maxSeries) {
                return Outcome.TOO_MANY_SERIES;
            }
            known = series.add(message, new Known(message));
        } else if (known.isSame(message)) {
            known.seenMillis = nowMillis;
            return Outcome.SAME;
        } else if (known.isOlder(message)) {
            return Outcome.OUT_OF_ORDER;
        }
        known.change(message);
        known.seenMillis = nowMillis;
        store.put(known.storeKey, known.stored());
        return Outcome.CHANGED;
    }

    /** Takes what a store held. What cannot be read is left out. */
    public void restore(byte[] storeKey, byte[] stored, long nowMillis) {
        int zero = 0;
        while (zero < storeKey.length && storeKey[zero] != 0) {
            zero++;
        }
        if (zero == storeKey.length) {
            return;
        }
        byte[] tags = Arrays.copyOfRange(storeKey, zero + 1, storeKey.length);
        byte[] value = Arrays.copyOf(tags, tags.length + 1 + stored.length);
        value[tags.length] = '#';
        System.arraycopy(stored, 0, value, tags.length + 1, stored.length);
        InternalReader message = new InternalReader();
        message.single(Arrays.copyOf(storeKey, zero), value);
        if (message.next() && !message.faulty() && series.find(message) == null) {
            Known known = series.add(message, new Known(message));
            known.change(message);
            known.seenMillis = nowMillis;
        }
    }

    /** The message as a line, with its own time. */
    public static byte[] line(InternalReader message) {
        String line = seriesText(message) + " " + text(message.keyBytes(), message.fieldStart(), message.keyEnd()) + "="
                + text(message.valueBytes(), message.valueStart(), message.valueEnd())
                + (message.hasTimestamp()
                        ? " " + text(message.valueBytes(), message.timestampStart(), message.end())
                        : "");
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private static String seriesText(InternalReader message) {
        String measurement = text(message.keyBytes(), message.keyStart(), message.measurementEnd());
        String tags = text(message.valueBytes(), message.tagsStart(), message.tagsEnd());
        return tags.isEmpty() ? measurement : measurement + "," + tags;
    }

    private static String text(byte[] in, int from, int to) {
        return new String(in, from, to - from, StandardCharsets.UTF_8);
    }

    /** Plans to give every series again, one {@link #refresh} after the other. Ends a plan that is under way. */
    public void planRefresh() {
        toRefresh.clear();
        series.forEach(toRefresh::add);
    }

    /** Series that are still to be given again. */
    public int leftToRefresh() {
        return toRefresh.size();
    }

    /** Gives up to so many of the planned series again, with the clock's time. */
    public void refresh(int count, long nowMillis, LineOutput output) {
        for (int i = 0; i < count && !toRefresh.isEmpty(); i++) {
            Known known = toRefresh.removeFirst();
            output.line(known.outputKey(), known.line(nowMillis));
        }
    }

    /** Forgets every series that was last seen before this time, in the store too. */
    public int expire(long beforeMillis, Store store) {
        List<Known> expired = new ArrayList<>();
        series.forEach(known -> {
            if (known.seenMillis < beforeMillis) {
                expired.add(known);
            }
        });
        if (!expired.isEmpty()) {
            series.removeIf(known -> known.seenMillis < beforeMillis);
            expired.forEach(known -> store.delete(known.storeKey));
        }
        return expired.size();
    }

    /** Series held. */
    public int size() {
        return series.size();
    }

    private static final class Known {
        final byte[] storeKey;
        private final String seriesText;
        private final String field;
        private byte[] value = new byte[0];
        private long time = NO_TIME;
        private long seenMillis;

        Known(InternalReader message) {
            seriesText = seriesText(message);
            field = text(message.keyBytes(), message.fieldStart(), message.keyEnd());
            int key = message.keyEnd() - message.keyStart();
            int tags = message.tagsEnd() - message.tagsStart();
            storeKey = new byte[key + 1 + tags];
            System.arraycopy(message.keyBytes(), message.keyStart(), storeKey, 0, key);
            System.arraycopy(message.valueBytes(), message.tagsStart(), storeKey, key + 1, tags);
        }

        boolean isSame(InternalReader message) {
            if (!Arrays.equals(
                    value, 0, value.length, message.valueBytes(), message.valueStart(), message.valueEnd())) {
                return false;
            }
            time = Math.max(time, time(message));
            return true;
        }

        boolean isOlder(InternalReader message) {
            long other = time(message);
            return other != NO_TIME && other < time;
        }

        void change(InternalReader message) {
            value = Arrays.copyOfRange(message.valueBytes(), message.valueStart(), message.valueEnd());
            time = time(message);
        }

        private static long time(InternalReader message) {
            return LineDecoder.timestamp(message.valueBytes(), message.timestampStart(), message.end(), NO_TIME);
        }

        /** {@code value#time}. */
        byte[] stored() {
            byte[] suffix = ("#" + (time == NO_TIME ? "" : time)).getBytes(StandardCharsets.US_ASCII);
            byte[] stored = Arrays.copyOf(value, value.length + suffix.length);
            System.arraycopy(suffix, 0, stored, value.length, suffix.length);
            return stored;
        }

        byte[] outputKey() {
            return (seriesText + "#" + field).getBytes(StandardCharsets.UTF_8);
        }

        byte[] line(long nowMillis) {
            return (seriesText + " " + field + "=" + new String(value, StandardCharsets.UTF_8) + " "
                            + nowMillis * NANOS_PER_MILLI)
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
