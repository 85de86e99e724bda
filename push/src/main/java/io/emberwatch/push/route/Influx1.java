package io.emberwatch.push.route;

import io.emberwatch.model.line.FieldKind;
import io.emberwatch.model.line.LineFault;
import io.emberwatch.model.line.LineScanner;
import io.emberwatch.push.message.ByteBuilder;
import org.jspecify.annotations.Nullable;

/** Makes lines fit for InfluxDB 1.x, which knows no unsigned integers and no tag named {@code time}. */
final class Influx1 {
    private static final int MAX_KEY_BYTES = 65_535;

    /** 9223372036854775807 has 19 digits. */
    private static final int LONG_DIGITS = 19;

    private Influx1() {}

    /** Why the line cannot be made fit, or null when it can. */
    static @Nullable LineFault check(LineScanner line) {
        byte[] in = line.input();
        if (line.seriesEnd() - line.lineStart() > MAX_KEY_BYTES) {
            return LineFault.KEY_TOO_LONG;
        }
        for (int t = 0; t < line.tagCount(); t++) {
            if (isTime(in, line.tagKeyStart(t), line.tagKeyEnd(t))) {
                return LineFault.RESERVED_TAG;
            }
        }
        if (line.fieldCount() == 1 && isTime(in, line.fieldKeyStart(0), line.fieldKeyEnd(0))) {
            return LineFault.RESERVED_FIELD;
        }
        for (int f = 0; f < line.fieldCount(); f++) {
            if (line.fieldKind(f) == FieldKind.UNSIGNED
                    && !fitsSigned(in, line.fieldValueStart(f), line.fieldValueEnd(f) - 1)) {
                return LineFault.UNSIGNED_VALUE;
            }
        }
        return null;
    }

    private static boolean isTime(byte[] in, int from, int to) {
        return to - from == 4 && in[from] == 't' && in[from + 1] == 'i' && in[from + 2] == 'm' && in[from + 3] == 'e';
    }

    private static boolean fitsSigned(byte[] in, int from, int to) {
        int start = from;
        while (start < to - 1 && in[start] == '0') {
            start++;
        }
        if (to - start != LONG_DIGITS) {
            return to - start < LONG_DIGITS;
        }
        long value = 0;
        for (int i = start; i < to; i++) {
            value = 10 * value + (in[i] - '0');
        }
        return value >= 0;
    }

    static boolean needsRewrite(LineScanner line) {
        for (int f = 0; f < line.fieldCount(); f++) {
            if (line.fieldKind(f) == FieldKind.UNSIGNED) {
                return true;
            }
        }
        return false;
    }

    /**
     * Turns the unsigned integers of a copied line into signed ones.
     *
     * @param shift from an offset in the line's input to that in the copy
     */
    static void rewrite(LineScanner line, ByteBuilder copy, int shift) {
        for (int f = 0; f < line.fieldCount(); f++) {
            if (line.fieldKind(f) == FieldKind.UNSIGNED) {
                copy.set(line.fieldValueEnd(f) - 1 + shift, 'i');
            }
        }
    }
}
