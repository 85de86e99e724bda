package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.LineSink;
import io.emberwatch.model.line.LineScanner;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Passes lines on to a sink in batches, each line with a timestamp in nanoseconds. Not safe for several threads.
 */
final class LineForwarder {
    private static final int FIRST_BYTES = 16 << 10;
    private static final int LONGEST_NUMBER = 20;

    private final @Nullable LineSink sink;
    private final InfluxMetrics metrics;
    private final Duration patience;
    private byte[] batch;
    private int length;
    private int count;

    LineForwarder(@Nullable LineSink sink, InfluxMetrics metrics, Duration patience) {
        this.sink = sink;
        this.metrics = metrics;
        this.patience = patience;
        batch = new byte[sink == null ? 0 : FIRST_BYTES];
    }

    /** Whether lines go anywhere at all. */
    boolean isOn() {
        return sink != null;
    }

    /** Adds the line that the scanner stands on, which must be without fault, to the batch. */
    void add(LineScanner line, long timestampNanos) {
        add(line.input(), line.lineStart(), line.fieldValueEnd(line.fieldCount() - 1), timestampNanos);
    }

    /** Adds a line, of which this is all but the timestamp, to the batch. */
    void add(byte[] in, int from, int to, long timestampNanos) {
        int bytes = to - from;
        if (length + bytes + LONGEST_NUMBER + 2 > batch.length) {
            batch = Arrays.copyOf(batch, Math.max(2 * batch.length, length + bytes + LONGEST_NUMBER + 2));
        }
        System.arraycopy(in, from, batch, length, bytes);
        length += bytes;
        batch[length++] = ' ';
        putNumber(timestampNanos);
        batch[length++] = '\n';
        count++;
    }

    private void putNumber(long number) {
        if (number < 0) {
            batch[length++] = '-';
        }
        int digits = 1;
        for (long rest = number / 10; rest != 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = length + digits - 1; i >= length; i--) {
            batch[i] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        }
        length += digits;
    }

    /**
     * Sends the batch.
     *
     * @return whether it was taken; if not, it is lost and counted
     */
    boolean flush() {
        if (sink == null || count == 0) {
            return true;
        }
        boolean taken = false;
        try {
            taken = sink.take(batch, 0, length, count, Deadline.after(patience));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        (taken ? metrics.forwarded() : metrics.forwardLost()).inc(count);
        length = 0;
        count = 0;
        return taken;
    }
}
