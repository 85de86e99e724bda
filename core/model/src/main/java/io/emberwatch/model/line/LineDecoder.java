package io.emberwatch.model.line;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns line protocol text into points, for whoever does not need the speed of the scanner. */
public final class LineDecoder {
    private LineDecoder() {}

    /**
     * All points of a text, or nothing.
     *
     * @throws LineException at the first faulty line
     */
    public static List<LinePoint> decode(byte[] text, Precision precision) throws LineException {
        LineScanner scanner = new LineScanner();
        scanner.reset(text);
        List<LinePoint> points = new ArrayList<>();
        while (scanner.next()) {
            LineFault fault = scanner.fault();
            if (fault != null) {
                throw new LineException(scanner.faultOffset(), fault);
            }
            points.add(point(scanner, precision));
        }
        return points;
    }

    /**
     * The point that the scanner stands on; it must be without fault.
     *
     * @throws LineException when the timestamp, taken in this precision, is not within 64 bits of nanoseconds
     */
    public static LinePoint point(LineScanner scanner, Precision precision) throws LineException {
        byte[] in = scanner.input();
        List<LinePoint.Tag> tags = new ArrayList<>(scanner.tagCount());
        for (int t = 0; t < scanner.tagCount(); t++) {
            tags.add(new LinePoint.Tag(
                    key(in, scanner.tagKeyStart(t), scanner.tagKeyEnd(t)),
                    key(in, scanner.tagValueStart(t), scanner.tagValueEnd(t))));
        }
        List<LinePoint.Field> fields = new ArrayList<>(scanner.fieldCount());
        for (int f = 0; f < scanner.fieldCount(); f++) {
            fields.add(new LinePoint.Field(
                    key(in, scanner.fieldKeyStart(f), scanner.fieldKeyEnd(f)),
                    value(in, scanner.fieldValueStart(f), scanner.fieldValueEnd(f), scanner.fieldKind(f))));
        }
        String measurement = measurement(in, scanner.measurementStart(), scanner.measurementEnd());
        return new LinePoint(measurement, tags, fields, scanner.hasTimestamp() ? nanos(scanner, precision) : null);
    }

    private static long nanos(LineScanner scanner, Precision precision) throws LineException {
        try {
            return Math.multiplyExact(scanner.timestamp(), precision.nanos());
        } catch (ArithmeticException e) {
            throw new LineException(scanner.timestampStart(), LineFault.TIMESTAMP_RANGE);
        }
    }

    /** A measurement without its escapes. */
    public static String measurement(byte[] in, int from, int to) {
        return unescape(in, from, to, ", ");
    }

    /** A tag key, tag value or field key without its escapes. */
    public static String key(byte[] in, int from, int to) {
        return unescape(in, from, to, ",= ");
    }

    private static String unescape(byte[] in, int from, int to, String escaped) {
        byte[] out = null;
        int length = 0;
        for (int i = from; i < to; i++) {
            if (in[i] == '\\' && i + 1 < to && escaped.indexOf(in[i + 1]) >= 0) {
                if (out == null) {
                    out = new byte[to - from];
                    length = i - from;
                    System.arraycopy(in, from, out, 0, length);
                }
                i++;
            }
            if (out != null) {
                out[length++] = in[i];
            }
        }
        return out == null
                ? new String(in, from, to - from, StandardCharsets.UTF_8)
                : new String(out, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * The value of a field as the scanner found it.
     *
     * @param from where the value begins, quotes and suffix included
     */
    public static FieldValue value(byte[] in, int from, int to, FieldKind kind) {
        return switch (kind) {
            case FLOAT -> new FieldValue.FloatValue(Numbers.parseDouble(in, from, to));
            case INTEGER -> new FieldValue.IntegerValue(Numbers.parseLong(in, from, to - 1));
            case UNSIGNED ->
                new FieldValue.UnsignedValue(
                        Long.parseUnsignedLong(new String(in, from, to - 1 - from, StandardCharsets.ISO_8859_1)));
            case BOOLEAN -> new FieldValue.BooleanValue(in[from] == 't' || in[from] == 'T');
            case STRING -> new FieldValue.StringValue(string(in, from + 1, to - 1));
        };
    }

    private static String string(byte[] in, int from, int to) {
        byte[] out = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte c = in[i];
            int next = c == '\\' && i + 1 < to ? in[i + 1] : 0;
            byte replaced = switch (next) {
                case '"' -> '"';
                case '\\' -> '\\';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                default -> 0;
            };
            if (replaced != 0) {
                c = replaced;
                i++;
            }
            out[length++] = c;
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * A value as the scanner found it, as a number: {@code true} is 1, {@code false} is 0.
     *
     * @param from where the value begins, quotes and suffix included
     * @return NaN for a string
     */
    public static double number(byte[] in, int from, int to, FieldKind kind) {
        return switch (kind) {
            case FLOAT -> Numbers.parseDouble(in, from, to);
            case INTEGER -> Numbers.parseLong(in, from, to - 1);
            case UNSIGNED -> Numbers.parseDouble(in, from, to - 1);
            case BOOLEAN -> in[from] == 't' || in[from] == 'T' ? 1 : 0;
            case STRING -> Double.NaN;
        };
    }

    /**
     * A value as a number: integers as they are, {@code true} as 1 and {@code false} as 0.
     *
     * @return NaN for a string, and for what is no value at all
     */
    public static double number(byte[] in, int from, int to) {
        if (from >= to) {
            return Double.NaN;
        }
        byte last = in[to - 1];
        if (last == '"') {
            return Double.NaN;
        } else if (last == 'i') {
            return Numbers.checkLong(in, from, to - 1, LineFault.INTEGER, LineFault.OUT_OF_RANGE) == null
                    ? Numbers.parseLong(in, from, to - 1)
                    : Double.NaN;
        } else if (last == 'u') {
            return Numbers.checkUnsigned(in, from, to - 1) == null ? Numbers.parseDouble(in, from, to - 1) : Double.NaN;
        } else if (Numbers.checkFloat(in, from, to) == null) {
            return Numbers.parseDouble(in, from, to);
        }
        if (Numbers.isBoolean(in, from, to)) {
            return in[from] == 't' || in[from] == 'T' ? 1 : 0;
        }
        return Double.NaN;
    }

    /**
     * A timestamp as a number.
     *
     * @return the number, or {@code otherwise} when the bytes are none
     */
    public static long timestamp(byte[] in, int from, int to, long otherwise) {
        return from < to && Numbers.checkLong(in, from, to, LineFault.TIMESTAMP, LineFault.TIMESTAMP_RANGE) == null
                ? Numbers.parseLong(in, from, to)
                : otherwise;
    }
}
