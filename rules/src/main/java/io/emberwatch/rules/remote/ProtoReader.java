package io.emberwatch.rules.remote;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of a protobuf message (Protocol Buffers documentation, "Encoding") from a part of an array. One reader
 * goes into nested messages and back out again, so that reading makes no garbage.
 */
final class ProtoReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private static final int MAX_VARINT = 10;

    private final byte[] bytes;
    private final ByteBuffer numbers;
    private int position;
    private int end;
    private int tag;

    ProtoReader(byte[] bytes, int length) {
        this.bytes = bytes;
        end = length;
        numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes to the next field of the message; false at its end. */
    boolean next() throws MalformedRequestException {
        if (position == end) {
            return false;
        }
        long value = varint();
        if (value >>> 3 == 0 || value > Integer.MAX_VALUE) {
            throw new MalformedRequestException("bad field number");
        }
        tag = (int) value;
        return true;
    }

    /** Whether bytes of the message are left. */
    boolean hasMore() {
        return position < end;
    }

    int field() {
        return tag >>> 3;
    }

    /** Whether the field is this one, in this wire type; a known field in another type is refused. */
    boolean is(int field, int type) throws MalformedRequestException {
        if (field() != field) {
            return false;
        }
        if ((tag & 7) != type) {
            throw new MalformedRequestException("field " + field + " has wire type " + (tag & 7) + ", not " + type);
        }
        return true;
    }

    int type() {
        return tag & 7;
    }

    long varint() throws MalformedRequestException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT; i++) {
            if (position == end) {
                throw truncated();
            }
            byte group = bytes[position++];
            value |= (group & 0x7fL) << (7 * i);
            if (group >= 0) {
                return value;
            }
        }
        throw new MalformedRequestException("a number is longer than ten bytes");
    }

    double fixedDouble() throws MalformedRequestException {
        if (end - position < Long.BYTES) {
            throw truncated();
        }
        double value = Double.longBitsToDouble(numbers.getLong(position));
        position += Long.BYTES;
        return value;
    }

    /** Goes into the nested message of this field; {@link #leave} with what this returns goes back out. */
    int enter() throws MalformedRequestException {
        int length = length();
        int outer = end;
        end = position + length;
        return outer;
    }

    /** Goes on behind the nested message. */
    void leave(int outer) {
        position = end;
        end = outer;
    }

    private int length() throws MalformedRequestException {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw truncated();
        }
        return (int) length;
    }

    /** Text; what is not UTF-8 is refused. */
    String text() throws MalformedRequestException {
        int length = length();
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            // Either such a character stands there or the bytes are broken; only the strict decoder can tell.
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, position, length));
            } catch (CharacterCodingException e) {
                throw new MalformedRequestException("text is not UTF-8");
            }
        }
        position += length;
        return text;
    }

    void skip() throws MalformedRequestException {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> skip(Long.BYTES);
            case BYTES -> skip(length());
            case FIXED32 -> skip(Integer.BYTES);
            default -> throw new MalformedRequestException("unknown wire type " + (tag & 7));
        }
    }

    private void skip(int count) throws MalformedRequestException {
        if (count > end - position) {
            throw truncated();
        }
        position += count;
    }

    private static MalformedRequestException truncated() {
        return new MalformedRequestException("ends within a field");
    }
}
