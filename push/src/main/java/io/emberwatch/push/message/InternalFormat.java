package io.emberwatch.push.message;

import io.emberwatch.model.line.LineScanner;

/**
 * Writes the internal format: key {@code <measurement>#<field>}, value {@code <tags>#<value>#<timestamp>}, all of them in
 * the spelling of the line, so that no escape is lost; tags and timestamp may be empty.
 *
 * <p>Many messages fit in one record, in which case the record carries the header {@link #BATCH_HEADER} and its value is
 * a line {@code <key> TAB <value> LF} for each. Keys hold no control characters; a line feed within a string is written
 * {@code \n}, which means the same in line protocol.
 */
public final class InternalFormat {
    /** Present on a record that holds many messages. */
    public static final String BATCH_HEADER = "emberwatch-batch";

    private InternalFormat() {}

    /** {@code measurement#field} of one field of the line that the scanner stands on. */
    public static byte[] key(LineScanner line, int field) {
        byte[] in = line.input();
        int measurement = line.measurementEnd() - line.measurementStart();
        int name = line.fieldKeyEnd(field) - line.fieldKeyStart(field);
        byte[] key = new byte[measurement + 1 + name];
        System.arraycopy(in, line.measurementStart(), key, 0, measurement);
        key[measurement] = '#';
        System.arraycopy(in, line.fieldKeyStart(field), key, measurement + 1, name);
        return key;
    }

    /** {@code tags#value#timestamp} of one field of the line that the scanner stands on. */
    public static byte[] value(LineScanner line, int field) {
        byte[] in = line.input();
        int tagsStart = tagsStart(line);
        int tags = line.seriesEnd() - tagsStart;
        int text = line.fieldValueEnd(field) - line.fieldValueStart(field);
        int time = line.hasTimestamp() ? line.timestampEnd() - line.timestampStart() : 0;
        byte[] value = new byte[tags + text + time + 2];
        System.arraycopy(in, tagsStart, value, 0, tags);
        value[tags] = '#';
        System.arraycopy(in, line.fieldValueStart(field), value, tags + 1, text);
        value[tags + 1 + text] = '#';
        if (time > 0) {
            System.arraycopy(in, line.timestampStart(), value, tags + text + 2, time);
        }
        return value;
    }

    private static int tagsStart(LineScanner line) {
        return line.tagCount() == 0 ? line.seriesEnd() : line.tagKeyStart(0);
    }

    /** Appends one message to a batch. */
    public static void appendToBatch(byte[] key, LineScanner line, int field, ByteBuilder batch) {
        byte[] in = line.input();
        batch.append(key)
                .append('\t')
                .append(in, tagsStart(line), line.seriesEnd())
                .append('#');
        appendWithoutLineFeeds(in, line.fieldValueStart(field), line.fieldValueEnd(field), batch);
        batch.append('#');
        if (line.hasTimestamp()) {
            batch.append(in, line.timestampStart(), line.timestampEnd());
        }
        batch.append('\n');
    }

    private static void appendWithoutLineFeeds(byte[] in, int from, int to, ByteBuilder batch) {
        int start = from;
        for (int i = from; i < to; i++) {
            if (in[i] == '\n') {
                batch.append(in, start, i).append("\\n");
                start = i + 1;
            }
        }
        batch.append(in, start, to);
    }
}
