package io.emberwatch.exporter.tail;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.emberwatch.exporter.tail.TailConfig.MultilineConfig;
import io.emberwatch.exporter.tail.pattern.LinePattern;
import io.emberwatch.exporter.tail.rule.Loss;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts bytes into records and hands them on.
 *
 * <p>Bytes that are not UTF-8 are replaced by U+FFFD. A carriage return at the end of a line is not part of it.
 */
final class LineCutter {
    /** Takes records. */
    interface Handler {
        /** A record, valid UTF-8, to be read before this returns. */
        void record(byte[] bytes, int from, int to);

        /** Lines that were seen, bytes with their line ends. */
        void read(int lines, int bytes);

        void lost(Loss loss);

        /** A record held bytes that are not UTF-8. */
        void mended();
    }

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NEWLINES = 0x0a0a0a0a0a0a0a0aL;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private final int maxLine;
    private final @Nullable LinePattern start;
    private final int maxLines;
    private final int[] startPlaces;
    private final Handler handler;
    private boolean beyondAscii;

    LineCutter(int maxLine, @Nullable MultilineConfig multiline, Handler handler) {
        this.maxLine = maxLine;
        this.handler = handler;
        start = multiline == null ? null : LinePattern.compile(multiline.start());
        startPlaces = new int[start == null ? 0 : start.slots()];
        maxLines = multiline == null ? 1 : multiline.maxLines();
    }

    /**
     * Cuts what is complete.
     *
     * @param skipping whether the bytes begin within a line that is too long
     * @param last whether nothing will follow, so that what is not complete is taken for complete
     * @return how many bytes need not be seen again; with its bits turned over ({@code ~}) when the next begin within a
     *     line that is too long
     */
    int cut(byte[] bytes, int length, boolean skipping, boolean last) {
        int at = 0;
        if (skipping) {
            int end = newline(bytes, 0, length);
            if (end < 0) {
                handler.read(0, length);
                return last ? length : ~length;
            }
            at = end + 1;
            handler.read(1, at);
        }
        return start == null ? lines(bytes, at, length, last) : records(bytes, at, length, last, start);
    }

    private int lines(byte[] bytes, int first, int length, boolean last) {
        int at = first;
        int lines = 0;
        while (at < length) {
            int end = newline(bytes, at, length);
            if (end < 0) {
                if (length - at > maxLine) {
                    handler.read(lines, length - first);
                    handler.lost(Loss.TOO_LONG);
                    return last ? length : ~length;
                }
                if (!last) {
                    break;
                }
                end = length;
            }
            lines++;
            emit(bytes, at, end);
            at = Math.min(length, end + 1);
        }
        handler.read(lines, at - first);
        return at;
    }

    private int records(byte[] bytes, int first, int length, boolean last, LinePattern begins) {
        int record = first; // where the record begins that is being put together
        int lines = 0; // of that record
        int at = first;
        while (at < length) {
            int end = newline(bytes, at, length);
            if (end < 0) {
                if (length - at > maxLine) {
                    finish(bytes, record, at, lines);
                    handler.read(0, length - at);
                    handler.lost(Loss.TOO_LONG);
                    return last ? length : ~length;
                }
                if (!last) {
                    return record;
                }
                end = length;
            }
            if (end - at > maxLine) {
                finish(bytes, record, at, lines);
                handler.read(1, Math.min(length, end + 1) - at);
                handler.lost(Loss.TOO_LONG);
                record = Math.min(length, end + 1);
                lines = 0;
            } else {
                boolean full = lines == maxLines || end - record > maxLine;
                if (lines > 0 && (full || begins.find(bytes, at, end, startPlaces))) {
                    finish(bytes, record, at, lines);
                    record = at;
                    lines = 0;
                }
                lines++;
            }
            at = Math.min(length, end + 1);
        }
        if (last) {
            finish(bytes, record, at, lines);
            return at;
        }
        return record;
    }

    private void finish(byte[] bytes, int from, int to, int lines) {
        if (lines > 0) {
            handler.read(lines, to - from);
            beyondAscii = true; // not known, several lines were seen
            record(bytes, from, to > from && bytes[to - 1] == '\n' ? to - 1 : to);
        }
    }

    private void emit(byte[] bytes, int from, int to) {
        if (to - from > maxLine) {
            handler.lost(Loss.TOO_LONG);
        } else {
            record(bytes, from, to);
        }
    }

    private void record(byte[] bytes, int from, int to) {
        int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
        if (beyondAscii) {
            String text = new String(bytes, from, end - from, UTF_8);
            if (text.indexOf('\ufffd') >= 0) {
                byte[] mended = text.getBytes(UTF_8);
                if (!Arrays.equals(mended, 0, mended.length, bytes, from, end)) {
                    handler.mended();
                }
                handler.record(mended, 0, mended.length);
                return;
            }
        }
        handler.record(bytes, from, end);
    }

    /** Where the next line feed is, or -1; eight bytes are looked at together. */
    private int newline(byte[] bytes, int from, int to) {
        long high = 0;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long eight = (long) LONGS.get(bytes, at);
            long same = eight ^ NEWLINES;
            // The lowest high bit that is set is exact; those above it may not be.
            long hit = (same - ONES) & ~same & HIGHS;
            if (hit != 0) {
                int index = Long.numberOfTrailingZeros(hit) >> 3;
                long before = (1L << (index << 3)) - 1;
                beyondAscii = ((high | (eight & before)) & HIGHS) != 0;
                return at + index;
            }
            high |= eight;
        }
        for (; at < to; at++) {
            if (bytes[at] == '\n') {
                beyondAscii = (high & HIGHS) != 0;
                return at;
            }
            high |= bytes[at] & 0x80L;
        }
        beyondAscii = (high & HIGHS) != 0;
        return -1;
    }
}
