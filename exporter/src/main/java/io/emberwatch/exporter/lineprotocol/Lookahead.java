package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.series.RawIndex;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the series of the next {@value #LINES} lines before they are read.
 *
 * <p>With many series a line waits for memory most of the time: for the slot of its hash, for what stands there, for the key,
 * the series, its values. Done step by step for several lines at once, these waits overlap. Senders repeat themselves, so as
 * long as the series come in the order in which they came first, the next ones are looked at without being looked for; their
 * keys tell whether they are the ones. What is found is only a guess, as a string may hold a line feed: who uses it asks for a
 * line by where it really begins. Not safe for several threads.
 */
final class Lookahead {
    static final int LINES = 16;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long LINE_FEEDS = '\n' * ONES;

    private final int[] starts = new int[LINES];
    private final int[] seriesEnds = new int[LINES];
    private final @Nullable LineSeries[] found = new @Nullable LineSeries[LINES];
    private final RawIndex.Several<LineSeries> several = new RawIndex.Several<>(LINES);
    private final @Nullable LineSeries[] rest = new @Nullable LineSeries[LINES];
    private final List<LineSeries> order = new ArrayList<>();
    private boolean inOrder;
    private int expected;
    private int count;
    private int next;
    private long touched;

    /** A series that came for the first time; its key is known. */
    void add(LineSeries series) {
        series.position = order.size();
        order.add(series);
    }

    /** Forgets the order of the series for which the condition holds. */
    void removeIf(Predicate<LineSeries> condition) {
        order.removeIf(condition);
        for (int i = 0; i < order.size(); i++) {
            order.get(i).position = i;
        }
        inOrder = false;
    }

    /** Forgets everything: the text that comes is another one. */
    void clear() {
        Arrays.fill(found, 0, count, null);
        count = 0;
        next = 0;
    }

    /** Whether the line at {@code from} is the next one that was looked up; {@link #series} and {@link #seriesEnd} tell. */
    boolean has(int from) {
        return next < count && starts[next] == from;
    }

    /** The series of the line, or null. */
    @Nullable
    LineSeries series() {
        return found[next];
    }

    int seriesEnd() {
        return seriesEnds[next];
    }

    /** Goes to the line behind. */
    void advance() {
        next++;
    }

    /** Looks up the lines from {@code from} on, as far as they look like any that are known. */
    void fill(KnownLine scan, RawIndex<LineSeries> index, byte[] in, int from, int to) {
        clear();
        int at = from;
        int lines = 0;
        while (lines < LINES && at < to && scan.begin(in, at, to)) {
            starts[lines] = at;
            seriesEnds[lines] = scan.seriesEnd;
            lines++;
            at = afterLineFeed(in, scan.seriesEnd, to);
        }
        int guessed = inOrder ? guess(in, lines) : 0;
        if (guessed < lines) {
            several.clear();
            for (int i = guessed; i < lines; i++) {
                several.add(in, starts[i], seriesEnds[i]);
            }
            index.findAll(several, in, rest);
            for (int i = guessed; i < lines; i++) {
                found[i] = rest[i - guessed];
                rest[i - guessed] = null;
            }
            touch(found, guessed, lines);
        }
        count = lines;
        LineSeries last = lines < 2 ? null : found[lines - 1];
        LineSeries before = lines < 2 ? null : found[lines - 2];
        inOrder = last != null && before != null && last.position == before.position + 1;
        expected = last == null ? 0 : last.position + 1;
    }

    // How many of the lines are of the series that are expected.
    private int guess(byte[] in, int lines) {
        int first = expected < order.size() ? expected : 0;
        int most = Math.min(lines, order.size() - first);
        for (int i = 0; i < most; i++) {
            found[i] = order.get(first + i);
        }
        long sum = 0;
        for (int i = 0; i < most; i++) {
            LineSeries series = found[i];
            sum += series == null ? 0 : series.key[series.key.length - 1];
        }
        touched = sum; // so that nobody finds the reading useless
        touch(found, 0, most);
        int same = 0;
        for (; same < most; same++) {
            LineSeries series = found[same];
            if (series == null
                    || !Arrays.equals(series.key, 0, series.key.length, in, starts[same], seriesEnds[same])) {
                break;
            }
        }
        return same;
    }

    private void touch(@Nullable LineSeries[] all, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            LineSeries series = all[i];
            sum += series == null ? 0 : series.fresh + (series.layout == FieldLayout.EMPTY ? 1 : 0);
        }
        for (int i = from; i < to; i++) {
            LineSeries series = all[i];
            sum += series == null ? 0 : Double.doubleToRawLongBits(series.values[0]);
        }
        touched += sum;
    }

    private static int afterLineFeed(byte[] in, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) LONGS.get(in, i) ^ LINE_FEEDS;
            long zero = (word - ONES) & ~word & HIGH_BITS;
            if (zero != 0) {
                return i + Long.numberOfTrailingZeros(zero) / Byte.SIZE + 1;
            }
        }
        while (i < to && in[i] != '\n') {
            i++;
        }
        return i + 1;
    }

    @Override
    public String toString() {
        return next + " of " + count + " lines, " + touched;
    }
}
