package io.emberwatch.model.line;

import io.emberwatch.model.Utf8Order;
import io.emberwatch.model.text.FloatText;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes points as line protocol, one line each, in one growing buffer.
 *
 * <p>Order of calls: {@link #begin}, {@link #tag} in ascending order of keys, {@link #field} at least once, {@link #end}.
 * Whatever cannot be written so that it reads back the same is refused with {@link IllegalArgumentException}; the line
 * that was begun is then dropped and the buffer holds the lines before it. Not safe for several threads.
 */
public final class LineWriter {
    private byte[] out;
    private int length;
    private int lineStart;
    private int fields;
    private String lastTag = "";

    public LineWriter() {
        this(1024);
    }

    public LineWriter(int capacity) {
        out = new byte[Math.max(16, capacity)];
    }

    /**
     * Begins a line.
     *
     * @throws IllegalArgumentException when the name is empty, begins with {@code #}, ends with a backslash or holds
     *     control characters
     */
    public LineWriter begin(String measurement) {
        lineStart = length;
        fields = 0;
        lastTag = "";
        if (measurement.startsWith("#")) {
            throw new IllegalArgumentException(measurement + ": a measurement must not begin with #");
        }
        writeKey("measurement", measurement, false);
        return this;
    }

    /** @throws IllegalArgumentException when key or value cannot be written, or the key is not above the one before */
    public LineWriter tag(String key, String value) {
        if (Utf8Order.compareUtf8(key, lastTag) <= 0) {
            throw refuse("tag key \"" + key + "\" does not stand above \"" + lastTag + "\"");
        }
        lastTag = key;
        writeByte(',');
        writeKey("tag key", key, true);
        writeByte('=');
        writeKey("value of tag \"" + key + "\"", value, true);
        return this;
    }

    /** @throws IllegalArgumentException when the key or the text cannot be written */
    public LineWriter field(String key, FieldValue value) {
        if (value instanceof FieldValue.FloatValue number) {
            return field(key, number.value());
        }
        fieldKey(key);
        if (value instanceof FieldValue.IntegerValue number) {
            writeAscii(Long.toString(number.value()));
            writeByte('i');
        } else if (value instanceof FieldValue.UnsignedValue number) {
            writeAscii(Long.toUnsignedString(number.bits()));
            writeByte('u');
        } else if (value instanceof FieldValue.BooleanValue flag) {
            writeAscii(Boolean.toString(flag.value()));
        } else if (value instanceof FieldValue.StringValue text) {
            writeString(key, text.value());
        }
        return this;
    }

    /** @throws IllegalArgumentException when the number is not finite or the key cannot be written */
    public LineWriter field(String key, double value) {
        if (!Double.isFinite(value)) {
            throw refuse(value + ": line protocol has finite numbers only");
        }
        fieldKey(key);
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            // FloatText.formatG gives the same for these; most values of a monitoring system are small and whole.
            writeAscii(value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value));
        } else {
            writeAscii(FloatText.formatG(value));
        }
        return this;
    }

    private void fieldKey(String key) {
        writeByte(fields++ == 0 ? ' ' : ',');
        writeKey("field key", key, true);
        writeByte('=');
    }

    /** Ends the line with a timestamp in whatever precision the receiver expects. */
    public LineWriter end(long timestamp) {
        requireFields();
        writeByte(' ');
        writeAscii(Long.toString(timestamp));
        writeByte('\n');
        return this;
    }

    /** Ends the line without a timestamp. */
    public LineWriter end() {
        requireFields();
        writeByte('\n');
        return this;
    }

    private void requireFields() {
        if (fields == 0) {
            throw refuse("a line needs at least one field");
        }
    }

    /** Bytes written so far. */
    public int length() {
        return length;
    }

    /** The lines so far, each with its line feed. */
    public byte[] toByteArray() {
        return Arrays.copyOf(out, length);
    }

    /** Begins with an empty buffer. */
    public void clear() {
        length = 0;
        lineStart = 0;
    }

    private void writeKey(String what, String text, boolean escapeEquals) {
        if (text.isEmpty()) {
            throw refuse("empty " + what);
        }
        if (text.endsWith("\\")) {
            throw refuse(what + " \"" + text + "\" ends with a backslash");
        }
        boolean ascii = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw refuse(what + " holds control character " + (int) c);
            }
            ascii &= c < 0x80;
        }
        if (!ascii) {
            byte[] bytes = utf8(what, text);
            for (byte b : bytes) {
                writeKeyByte(b, escapeEquals);
            }
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            writeKeyByte((byte) text.charAt(i), escapeEquals);
        }
    }

    private void writeKeyByte(byte b, boolean escapeEquals) {
        if (b == ',' || b == ' ' || (b == '=' && escapeEquals)) {
            writeByte('\\');
        }
        writeByte(b);
    }

    private void writeString(String key, String text) {
        writeByte('"');
        for (byte b : utf8("value of field \"" + key + "\"", text)) {
            byte letter = switch (b) {
                case '"', '\\' -> b;
                case '\n' -> 'n';
                case '\r' -> 'r';
                case '\t' -> 't';
                default -> 0;
            };
            if (letter != 0) {
                writeByte('\\');
                writeByte(letter);
            } else {
                writeByte(b);
            }
        }
        writeByte('"');
    }

    private byte[] utf8(String what, String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            throw refuse(what + " holds half a surrogate pair");
        }
    }

    private IllegalArgumentException refuse(String message) {
        length = lineStart;
        fields = 0;
        return new IllegalArgumentException(message);
    }

    private void writeAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            writeByte(text.charAt(i));
        }
    }

    private void writeByte(int b) {
        if (length == out.length) {
            out = Arrays.copyOf(out, 2 * length);
        }
        out[length++] = (byte) b;
    }
}
