package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import java.util.Arrays;

/**
 * The points of one series that a range function looks at, moved along the series without copying. For one thread.
 *
 * <p>The points are those from {@link #from} up to but not including {@link #to}; there is at least one when a function is
 * called.
 */
final class Window {
    private static final long[] NO_TIMES = {};
    private static final double[] NO_VALUES = {};

    private long[] times = NO_TIMES;
    private double[] values = NO_VALUES;
    private int size;
    private int from;
    private int to;
    private long start;
    private long end;
    private boolean hasHistograms;
    private int resetsScanned;
    private int lastReset;
    private long evaluationTime;
    private double parameter;
    private double secondParameter;
    private double[] scratch = NO_VALUES;

    /** Takes the points {@code begin} up to but not including {@code newSize} of a series without stale markers. */
    void load(long[] newTimes, double[] newValues, int begin, int newSize) {
        times = newTimes;
        values = newValues;
        size = newSize;
        from = begin;
        to = begin;
        hasHistograms = false;
        resetsScanned = begin + 1;
        lastReset = begin;
    }

    /**
     * Takes the points of a series as it is stored that are after one time and not after another, and leaves its stale
     * markers out.
     */
    void loadStored(long[] storedTimes, double[] storedValues, long after, long until) {
        int begin = countUntil(storedTimes, after);
        int end = countUntil(storedTimes, until);
        int n = begin;
        boolean histograms = false;
        while (n < end && !Staleness.isStale(storedValues[n])) {
            histograms |= Frame.isHistogram(storedValues[n++]);
        }
        if (n == end) {
            load(storedTimes, storedValues, begin, end);
            hasHistograms = histograms;
            return;
        }
        long[] keptTimes = Arrays.copyOfRange(storedTimes, begin, end);
        double[] keptValues = Arrays.copyOfRange(storedValues, begin, end);
        int kept = n - begin;
        for (int i = n; i < end; i++) {
            if (!Staleness.isStale(storedValues[i])) {
                histograms |= Frame.isHistogram(storedValues[i]);
                keptTimes[kept] = storedTimes[i];
                keptValues[kept++] = storedValues[i];
            }
        }
        load(keptTimes, keptValues, 0, kept);
        hasHistograms = histograms;
    }

    /** How many points are not after a time. */
    private static int countUntil(long[] times, long time) {
        int count = times.length;
        if (count == 0 || times[count - 1] <= time) {
            return count;
        }
        int found = Arrays.binarySearch(times, time);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** Moves on to the points after {@code newStart} up to and including {@code newEnd}; both never go back. */
    void moveTo(long newStart, long newEnd) {
        start = newStart;
        end = newEnd;
        while (to < size && times[to] <= newEnd) {
            to++;
        }
        while (from < to && times[from] <= newStart) {
            from++;
        }
    }

    /** Sets what a function may ask for besides the points. */
    void evaluateAt(long timeMillis, double newParameter, double newSecondParameter) {
        evaluationTime = timeMillis;
        parameter = newParameter;
        secondParameter = newSecondParameter;
    }

    /** The time of the query, which {@code offset} and {@code @} do not move. */
    long evaluationTime() {
        return evaluationTime;
    }

    /** The first scalar argument of the function. */
    double parameter() {
        return parameter;
    }

    /** The second scalar argument of the function. */
    double secondParameter() {
        return secondParameter;
    }

    /** Whether the series holds native histograms. */
    boolean hasHistograms() {
        return hasHistograms;
    }

    boolean isEmpty() {
        return from == to;
    }

    int count() {
        return to - from;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int size() {
        return size;
    }

    /** Where the window starts, exclusive; milliseconds since the Unix epoch. */
    long start() {
        return start;
    }

    /** Where the window ends, inclusive; milliseconds since the Unix epoch. */
    long end() {
        return end;
    }

    long time(int index) {
        return times[index];
    }

    double value(int index) {
        return values[index];
    }

    double first() {
        return values[from];
    }

    double last() {
        return values[to - 1];
    }

    /** Whether a value in the window is lower than the one before it, which is in the window too. */
    boolean hasReset() {
        for (int i = resetsScanned; i < to; i++) {
            if (values[i] < values[i - 1]) {
                lastReset = i;
            }
        }
        resetsScanned = Math.max(resetsScanned, to);
        return lastReset > from;
    }

    /** The points in the window as a series of its own. */
    Series toSeries(Labels labels) {
        return new Series(labels, Arrays.copyOfRange(times, from, to), Arrays.copyOfRange(values, from, to));
    }

    /** A copy of the values in the window, at the start of an array that is used again. */
    double[] copyOfValues() {
        int count = count();
        if (scratch.length < count) {
            scratch = new double[Math.max(count, 2 * scratch.length)];
        }
        System.arraycopy(values, from, scratch, 0, count);
        return scratch;
    }
}
