package io.emberwatch.model.line;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the points in line protocol text and, in one pass, the borders of all their parts.
 *
 * <p>Follows the published grammar of line protocol v2: escapes {@code \,} {@code \=} and {@code \ } in keys, a backslash
 * before anything else stands for itself; no control characters and no invalid UTF-8 in keys; numbers checked for syntax
 * and range; no tag key twice. Blank lines and comments are passed over. Nothing is allocated per line: the parts are
 * offsets into the input, whose bytes must not change while they are read. Not safe for several threads.
 *
 * <p>A faulty line ends at its first line feed, also one inside a string: after an unclosed quote the lines that follow
 * are still found.
 */
public final class LineScanner {
    /** Longest line taken unless told otherwise, in bytes. */
    public static final int DEFAULT_MAX_LINE_BYTES = 64 << 10;

    static final int MAX_TAGS = 1024;

    private static final int MAX_KEY_BYTES_1 = 65_535;
    private static final byte[] RESERVED = {'t', 'i', 'm', 'e'};

    /** Ends a run of ordinary characters in a measurement. */
    private static final int IN_MEASUREMENT = 1;

    /** Ends a run of ordinary characters in a tag key, tag value or field key. */
    private static final int IN_KEY = 2;

    /** Ends a number or boolean. */
    private static final int IN_VALUE = 4;

    private static final byte[] STOPS = stops();

    private final Dialect dialect;
    private final int maxLineBytes;

    private byte[] in = new byte[0];
    private int to;
    private int limit;
    private int position;

    private int lineStart;
    private int lineEnd;
    private int measurementEnd;
    private int tagsEnd;
    private int[] tags = new int[4 * 16];
    private int tagCount;
    private int[] fields = new int[4 * 16];
    private FieldKind[] kinds = new FieldKind[16];
    private int fieldCount;
    private int timestampStart;
    private int timestampEnd;
    private long timestamp;
    private @Nullable LineFault fault;
    private int faultOffset;

    public LineScanner() {
        this(Dialect.V2, DEFAULT_MAX_LINE_BYTES);
    }

    /** @param maxLineBytes longer lines are refused as {@link LineFault#LINE_TOO_LONG} */
    public LineScanner(Dialect dialect, int maxLineBytes) {
        if (maxLineBytes < 1) {
            throw new IllegalArgumentException(maxLineBytes + ": a line has at least one byte");
        }
        this.dialect = dialect;
        this.maxLineBytes = maxLineBytes;
    }

    private static byte[] stops() {
        byte[] stops = new byte[256];
        for (int c = 0; c < 32; c++) {
            stops[c] = IN_MEASUREMENT | IN_KEY;
        }
        stops[0x7f] = IN_MEASUREMENT | IN_KEY;
        stops['\\'] = IN_MEASUREMENT | IN_KEY;
        stops['='] = IN_KEY;
        stops[','] = IN_MEASUREMENT | IN_KEY | IN_VALUE;
        stops[' '] = IN_MEASUREMENT | IN_KEY | IN_VALUE;
        stops['\r'] |= IN_VALUE;
        stops['\n'] |= IN_VALUE;
        return stops;
    }

    /** Begins with other text: {@code input[from, to)}. */
    public void reset(byte[] input, int from, int to) {
        if (from < 0 || to > input.length || from > to) {
            throw new IndexOutOfBoundsException(from + ".." + to + " of " + input.length);
        }
        this.in = input;
        this.to = to;
        this.position = from;
    }

    public void reset(byte[] input) {
        reset(input, 0, input.length);
    }

    /**
     * Goes to the next line that is neither blank nor a comment.
     *
     * @return whether there is one; it may be faulty
     */
    public boolean next() {
        while (position < to) {
            int i = position;
            lineStart = i;
            limit = to - i > maxLineBytes ? i + maxLineBytes : to;
            fault = null;
            while (i < limit && in[i] == ' ') {
                i++;
            }
            boolean point = i < limit && in[i] != '\n' && in[i] != '\r' && in[i] != '#';
            if (point) {
                lineStart = i;
                scanPoint(i);
            } else {
                scanBlankOrComment(i);
            }
            if (fault != null) {
                skipLine();
                return true;
            }
            if (point) {
                return true;
            }
        }
        return false;
    }

    private void scanBlankOrComment(int from) {
        int i = from;
        if (i < limit && in[i] == '#') {
            i++;
            while (i < limit && (in[i] >= ' ' || in[i] < 0 || in[i] == '\t') && in[i] != 0x7f) {
                i++;
            }
        }
        boolean comment = i > from;
        fieldCount = 0;
        endLine(i, comment ? LineFault.COMMENT_CHARACTER : LineFault.MEASUREMENT);
        if (fault == LineFault.CARRIAGE_RETURN && comment) {
            fault = null;
        }
    }

    private void scanPoint(int from) {
        tagCount = 0;
        fieldCount = 0;
        timestampStart = -1;
        int i = scanKey(from, IN_MEASUREMENT);
        measurementEnd = i;
        if (i == from) {
            fail(LineFault.MEASUREMENT, i);
        }
        while (fault == null && i < limit && in[i] == ',') {
            i = scanTag(i + 1);
        }
        tagsEnd = i;
        if (fault != null) {
            return;
        }
        if (i == limit || in[i] != ' ') {
            fail(tagCount == 0 ? LineFault.FIELDS_MISSING : LineFault.TAG_END, i);
            return;
        }
        if (dialect == Dialect.INFLUXDB_1 && tagsEnd - lineStart > MAX_KEY_BYTES_1) {
            fail(LineFault.KEY_TOO_LONG, tagsEnd);
            return;
        }
        i = scanField(skipSpaces(i));
        while (fault == null && i < limit && in[i] == ',') {
            i = scanField(i + 1);
        }
        if (fault == null && dialect == Dialect.INFLUXDB_1 && fieldCount == 1 && isReserved(fields[0], fields[1])) {
            fail(LineFault.RESERVED_FIELD, fields[0]);
        }
        if (fault == null) {
            scanTimestamp(i);
        }
    }

    private boolean isReserved(int keyStart, int keyEnd) {
        return Arrays.equals(in, keyStart, keyEnd, RESERVED, 0, RESERVED.length);
    }

    /** Scans {@code key=value}; returns the offset behind it. */
    private int scanTag(int from) {
        int keyEnd = scanKey(from, IN_KEY);
        if (fault != null) {
            return keyEnd;
        }
        if (keyEnd == from) {
            return fail(LineFault.TAG_KEY, from);
        }
        if (keyEnd == limit || in[keyEnd] != '=') {
            return fail(LineFault.TAG_EQUALS, keyEnd);
        }
        int valueStart = keyEnd + 1;
        int valueEnd = scanKey(valueStart, IN_KEY);
        if (fault != null) {
            return valueEnd;
        }
        if (valueEnd == valueStart) {
            return fail(LineFault.TAG_VALUE, valueStart);
        }
        addTag(from, keyEnd, valueStart, valueEnd);
        return valueEnd;
    }

    private void addTag(int keyStart, int keyEnd, int valueStart, int valueEnd) {
        if (tagCount == MAX_TAGS) {
            fail(LineFault.TOO_MANY_TAGS, keyStart);
            return;
        }
        int length = keyEnd - keyStart;
        for (int t = 0; t < 4 * tagCount; t += 4) {
            // Every key has one spelling only, so equal keys have equal bytes.
            if (tags[t + 1] - tags[t] == length
                    && in[tags[t]] == in[keyStart]
                    && Arrays.equals(in, tags[t], tags[t + 1], in, keyStart, keyEnd)) {
                fail(LineFault.DUPLICATE_TAG, keyStart);
                return;
            }
        }
        if (dialect == Dialect.INFLUXDB_1 && isReserved(keyStart, keyEnd)) {
            fail(LineFault.RESERVED_TAG, keyStart);
            return;
        }
        int at = 4 * tagCount;
        if (at == tags.length) {
            tags = Arrays.copyOf(tags, 2 * at);
        }
        tags[at] = keyStart;
        tags[at + 1] = keyEnd;
        tags[at + 2] = valueStart;
        tags[at + 3] = valueEnd;
        tagCount++;
    }

    /** Scans {@code key=value}; returns the offset behind it. */
    private int scanField(int from) {
        int keyEnd = scanKey(from, IN_KEY);
        if (fault != null) {
            return keyEnd;
        }
        if (keyEnd == from) {
            return fail(LineFault.FIELD_KEY, from);
        }
        if (keyEnd == limit || in[keyEnd] != '=') {
            return fail(LineFault.FIELD_EQUALS, keyEnd);
        }
        int valueStart = keyEnd + 1;
        if (valueStart == limit) {
            return fail(LineFault.FIELD_VALUE, valueStart);
        }
        byte first = in[valueStart];
        if (first == '"') {
            return scanString(from, keyEnd, valueStart);
        }
        boolean number = (first >= '0' && first <= '9') || first == '-' || first == '.';
        if (!number && first != 't' && first != 'T' && first != 'f' && first != 'F') {
            return fail(LineFault.FIELD_VALUE, valueStart);
        }
        int i = valueStart + 1;
        while (i < limit && (STOPS[in[i] & 0xff] & IN_VALUE) == 0) {
            i++;
        }
        FieldKind kind = number ? numberKind(in[i - 1]) : FieldKind.BOOLEAN;
        LineFault wrong = checkValue(kind, valueStart, i);
        if (wrong != null) {
            return fail(wrong, valueStart);
        }
        addField(from, keyEnd, valueStart, i, kind);
        return i;
    }

    private static FieldKind numberKind(byte suffix) {
        if (suffix == 'i') {
            return FieldKind.INTEGER;
        }
        return suffix == 'u' ? FieldKind.UNSIGNED : FieldKind.FLOAT;
    }

    private @Nullable LineFault checkValue(FieldKind kind, int from, int end) {
        return switch (kind) {
            case FLOAT -> Numbers.checkFloat(in, from, end);
            case INTEGER -> Numbers.checkLong(in, from, end - 1, LineFault.INTEGER, LineFault.OUT_OF_RANGE);
            case UNSIGNED -> {
                LineFault wrong = Numbers.checkUnsigned(in, from, end - 1);
                yield wrong == null && dialect == Dialect.INFLUXDB_1 ? LineFault.UNSIGNED_VALUE : wrong;
            }
            case BOOLEAN, STRING -> Numbers.isBoolean(in, from, end) ? null : LineFault.BOOLEAN;
        };
    }

    private int scanString(int keyStart, int keyEnd, int valueStart) {
        int i = valueStart + 1;
        int high = 0;
        while (i < limit && in[i] != '"') {
            if (in[i] == '\\' && i + 1 < limit && (in[i + 1] == '"' || in[i + 1] == '\\')) {
                i++;
            }
            high |= in[i];
            i++;
        }
        if (i >= limit) {
            return limit < to ? fail(LineFault.LINE_TOO_LONG, limit) : fail(LineFault.UNTERMINATED_STRING, valueStart);
        }
        if (high < 0 && !Utf8.isValid(in, valueStart, i)) {
            return fail(LineFault.UTF8, valueStart);
        }
        addField(keyStart, keyEnd, valueStart, i + 1, FieldKind.STRING);
        return i + 1;
    }

    private void addField(int keyStart, int keyEnd, int valueStart, int valueEnd, FieldKind kind) {
        int at = 4 * fieldCount;
        if (at == fields.length) {
            fields = Arrays.copyOf(fields, 2 * at);
            kinds = Arrays.copyOf(kinds, 2 * fieldCount);
        }
        fields[at] = keyStart;
        fields[at + 1] = keyEnd;
        fields[at + 2] = valueStart;
        fields[at + 3] = valueEnd;
        kinds[fieldCount] = kind;
        fieldCount++;
    }

    private void scanTimestamp(int from) {
        int i = from;
        if (i < limit && in[i] != ' ' && in[i] != '\n' && in[i] != '\r') {
            fail(LineFault.FIELD_END, i);
            return;
        }
        i = skipSpaces(i);
        int start = i;
        while (i < limit && ((in[i] >= '0' && in[i] <= '9') || in[i] == '-')) {
            i++;
        }
        if (i > start) {
            LineFault wrong = Numbers.checkLong(in, start, i, LineFault.TIMESTAMP, LineFault.TIMESTAMP_RANGE);
            if (wrong != null) {
                fail(wrong, start);
                return;
            }
            timestampStart = start;
            timestampEnd = i;
            timestamp = Numbers.parseLong(in, start, i);
            i = skipSpaces(i);
        }
        endLine(i, LineFault.TIMESTAMP);
    }

    /** Takes the end of the line at {@code at}, or fails. */
    private void endLine(int at, LineFault otherwise) {
        lineEnd = at;
        if (at == limit) {
            if (limit < to && in[at] != '\n' && in[at] != '\r') {
                fail(LineFault.LINE_TOO_LONG, at);
                return;
            }
            position = at;
            if (at == to) {
                return;
            }
        }
        if (in[at] == '\n') {
            position = at + 1;
        } else if (in[at] == '\r' && (at + 1 == to || in[at + 1] == '\n')) {
            if (dialect == Dialect.INFLUXDB_1 && !endsWithString(at)) {
                fail(LineFault.CARRIAGE_RETURN, at);
            }
            position = Math.min(to, at + 2);
        } else {
            fail(otherwise, at);
        }
    }

    /** InfluxDB 1.x does take a carriage return right behind a closing quote. */
    private boolean endsWithString(int at) {
        return fieldCount > 0 && in[at - 1] == '"' && fieldValueEnd(fieldCount - 1) == at;
    }

    private int skipSpaces(int from) {
        int i = from;
        while (i < limit && in[i] == ' ') {
            i++;
        }
        return i;
    }

    /** The end of the measurement or key that begins at {@code from}; may be {@code from}. */
    private int scanKey(int from, int where) {
        byte[] text = in;
        int end = limit;
        int i = from;
        int high = 0;
        while (i < end) {
            byte c = text[i];
            if ((STOPS[c & 0xff] & where) != 0) {
                if (c != '\\') {
                    break;
                }
                if (i + 1 < end && isEscapable(text[i + 1], where)) {
                    i++;
                }
            }
            high |= c;
            i++;
        }
        if (high < 0 && !Utf8.isValid(text, from, i)) {
            fail(LineFault.UTF8, from);
        }
        return i;
    }

    static boolean isEscapable(byte c, int where) {
        return c == ',' || c == ' ' || (c == '=' && where == IN_KEY);
    }

    private int fail(LineFault why, int at) {
        fault = at == limit && limit < to ? LineFault.LINE_TOO_LONG : why;
        faultOffset = at;
        return at;
    }

    /** Goes behind the first line feed of the line, wherever the fault was. */
    private void skipLine() {
        int i = lineStart;
        while (i < to && in[i] != '\n') {
            i++;
        }
        lineEnd = i > lineStart && i < to && in[i - 1] == '\r' ? i - 1 : i;
        position = Math.min(to, i + 1);
    }

    /** Why the line is refused, or null when it is a point. With a fault only the line's borders may be read. */
    public @Nullable LineFault fault() {
        return fault;
    }

    /** Where the search for the next line goes on. */
    public int position() {
        return position;
    }

    /** Where in the input the fault is. */
    public int faultOffset() {
        return faultOffset;
    }

    public byte[] input() {
        return in;
    }

    /** Where the line begins, leading spaces left out. */
    public int lineStart() {
        return lineStart;
    }

    /** Behind the line's last byte; the line end is not part of it. */
    public int lineEnd() {
        return lineEnd;
    }

    public int measurementStart() {
        return lineStart;
    }

    public int measurementEnd() {
        return measurementEnd;
    }

    public int tagCount() {
        return tagCount;
    }

    public int tagKeyStart(int tag) {
        return tags[4 * tag];
    }

    public int tagKeyEnd(int tag) {
        return tags[4 * tag + 1];
    }

    public int tagValueStart(int tag) {
        return tags[4 * tag + 2];
    }

    public int tagValueEnd(int tag) {
        return tags[4 * tag + 3];
    }

    /** Behind the measurement and all tags. */
    public int seriesEnd() {
        return tagsEnd;
    }

    public int fieldCount() {
        return fieldCount;
    }

    public int fieldKeyStart(int field) {
        return fields[4 * field];
    }

    public int fieldKeyEnd(int field) {
        return fields[4 * field + 1];
    }

    /** Where the value begins, quotes included. */
    public int fieldValueStart(int field) {
        return fields[4 * field + 2];
    }

    /** Behind the value, its suffix or closing quote included. */
    public int fieldValueEnd(int field) {
        return fields[4 * field + 3];
    }

    public FieldKind fieldKind(int field) {
        return kinds[field];
    }

    public boolean hasTimestamp() {
        return timestampStart >= 0;
    }

    public int timestampStart() {
        return timestampStart;
    }

    public int timestampEnd() {
        return timestampEnd;
    }

    /** The timestamp as written, in whatever precision the sender meant. */
    public long timestamp() {
        return timestamp;
    }
}
