package io.emberwatch.exporter.graphite;

import io.emberwatch.exporter.graphite.GraphiteMetrics.Drop;
import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.exporter.series.DecimalReader;
import java.time.InstantSource;

/**
 * Reads Carbon's plaintext protocol: lines of path, value and time in seconds, between them white space of any kind and
 * length. A time of -1 is now. Not safe for several threads.
 */
final class CarbonReader implements Receiver {
    private final GraphiteStore store;
    private final GraphiteMetrics metrics;
    private final InstantSource clock;
    private final int maxLine;
    private final DecimalReader number = new DecimalReader();

    CarbonReader(GraphiteStore store, GraphiteMetrics metrics, InstantSource clock, int maxLine) {
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
        this.maxLine = maxLine;
    }

    @Override
    public void take(byte[] in, int from, int to) {
        synchronized (store) {
            long now = clock.millis();
            int start = from;
            while (start < to) {
                start = line(in, start, to, now);
            }
            store.publish(now);
        }
    }

    @Override
    public void lost(Loss loss) {
        metrics.lost(loss);
    }

    /** Reads one line; returns the offset behind it. */
    private int line(byte[] in, int from, int to, long now) {
        int path = skipBlanks(in, from, to);
        int pathEnd = skipWord(in, path, to);
        if (path == pathEnd) {
            return pathEnd + 1; // a blank line
        }
        int value = skipBlanks(in, pathEnd, to);
        int valueEnd = skipWord(in, value, to);
        int time = skipBlanks(in, valueEnd, to);
        int timeEnd = skipWord(in, time, to);
        int end = skipBlanks(in, timeEnd, to);
        boolean three = time < timeEnd && (end == to || in[end] == '\n');
        while (end < to && in[end] != '\n') {
            end++;
        }
        if (end - from > maxLine) {
            lost(Loss.TOO_LONG);
        } else if (!three) {
            store.drop(Drop.MALFORMED);
        } else if (!number.read(in, value, valueEnd) || Double.isNaN(number.value())) {
            store.drop(Drop.VALUE);
        } else {
            double sample = number.value();
            if (!number.read(in, time, timeEnd) || !Double.isFinite(number.value())) {
                store.drop(Drop.TIMESTAMP);
            } else {
                store.store(in, path, pathEnd, sample, number.value(), now);
            }
        }
        return end + 1;
    }

    private static int skipBlanks(byte[] in, int from, int to) {
        int i = from;
        while (i < to && in[i] != '\n' && in[i] <= ' ' && in[i] >= 0) {
            i++;
        }
        return i;
    }

    private static int skipWord(byte[] in, int from, int to) {
        int i = from;
        while (i < to && (in[i] > ' ' || in[i] < 0)) {
            i++;
        }
        return i;
    }
}
