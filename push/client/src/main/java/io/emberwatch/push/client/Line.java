package io.emberwatch.push.client;

import io.emberwatch.model.line.FieldValue;
import io.emberwatch.model.line.LineWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/** A metric and how line protocol says it. */
public final class Line {
    private static final long NANOS = 1_000_000_000L;

    private final Metric metric;
    private final byte[] text;

    private Line(Metric metric, byte[] text) {
        this.metric = metric;
        this.text = text;
    }

    /**
     * The line of a metric that has a time; its timestamp is in nanoseconds.
     *
     * @throws IllegalArgumentException when a name, key or text is one that line protocol cannot hold, or the time is
     *     beyond the year 2262
     */
    static Line of(Metric metric, Instant at) {
        LineWriter out = new LineWriter();
        out.begin(metric.name());
        metric.tags().forEach(out::tag);
        for (Map.Entry<String, FieldValue> field : metric.fields().entrySet()) {
            out.field(field.getKey(), field.getValue());
        }
        try {
            out.end(Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano()));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(at + " cannot be said in nanoseconds", e);
        }
        return new Line(metric, out.toByteArray());
    }

    public Metric metric() {
        return metric;
    }

    /** Length of {@link #text()} in bytes. */
    public int length() {
        return text.length;
    }

    /** UTF-8, with a line feed at the end. */
    public byte[] text() {
        return Arrays.copyOf(text, text.length);
    }

    /** Copies {@link #text()} into {@code target} and returns where it ends there. */
    int copyTo(byte[] target, int from) {
        System.arraycopy(text, 0, target, from, text.length);
        return from + text.length;
    }

    /** All lines in one, as the body of a request. */
    static byte[] joined(Iterable<Line> lines) {
        int length = 0;
        for (Line line : lines) {
            length += line.text.length;
        }
        byte[] whole = new byte[length];
        int end = 0;
        for (Line line : lines) {
            end = line.copyTo(whole, end);
        }
        return whole;
    }
}
