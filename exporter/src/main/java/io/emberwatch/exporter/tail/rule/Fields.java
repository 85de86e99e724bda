package io.emberwatch.exporter.tail.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of the record at hand, as places in its bytes or in bytes made of them. */
final class Fields {
    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };
    private static final int EXACT_DIGITS = 15;

    private final Map<String, Integer> slots = new LinkedHashMap<>();
    private int[] from = {};
    private int[] to = {};
    private boolean[] made = {};
    private byte[] record = {};
    private byte[] scratch = new byte[256];
    private int scratchLength;

    /** The slot of a field; made when there is none. */
    int slot(String name) {
        Integer known = slots.putIfAbsent(name, slots.size());
        if (known != null) {
            return known;
        }
        from = Arrays.copyOf(from, slots.size());
        to = Arrays.copyOf(to, slots.size());
        made = Arrays.copyOf(made, slots.size());
        return slots.size() - 1;
    }

    List<String> names() {
        return new ArrayList<>(slots.keySet());
    }

    /** The slot of a field that is asked for, or -1. */
    int find(String name) {
        Integer slot = slots.get(name);
        return slot == null ? -1 : slot;
    }

    void begin(byte[] bytes) {
        record = bytes;
        scratchLength = 0;
        Arrays.fill(from, -1);
    }

    /** A field as a part of the record. */
    void put(int slot, int begin, int end) {
        from[slot] = begin;
        to[slot] = end;
        made[slot] = false;
    }

    /** A field as text. */
    void put(int slot, String text) {
        beginMade(slot);
        append(text.getBytes(UTF_8));
        endMade(slot);
    }

    void beginMade(int slot) {
        from[slot] = scratchLength;
        made[slot] = true;
    }

    void append(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, scratch, scratchLength, bytes.length);
        scratchLength += bytes.length;
    }

    void append(byte b) {
        ensure(1);
        scratch[scratchLength++] = b;
    }

    private void ensure(int more) {
        if (scratchLength + more > scratch.length) {
            scratch = Arrays.copyOf(scratch, Math.max(2 * scratch.length, scratchLength + more));
        }
    }

    void endMade(int slot) {
        to[slot] = scratchLength;
    }

    boolean has(int slot) {
        return from[slot] >= 0;
    }

    byte[] bytes(int slot) {
        return made[slot] ? scratch : record;
    }

    int from(int slot) {
        return from[slot];
    }

    int to(int slot) {
        return to[slot];
    }

    String text(int slot) {
        return has(slot) ? new String(bytes(slot), from[slot], to[slot] - from[slot], UTF_8) : "";
    }

    /** The number that a field holds, or NaN. */
    double number(int slot) {
        if (!has(slot)) {
            return Double.NaN;
        }
        byte[] bytes = bytes(slot);
        int at = from[slot];
        int end = to[slot];
        boolean negative = at < end && bytes[at] == '-';
        long mantissa = 0;
        int digits = 0;
        int point = -1;
        for (int i = negative ? at + 1 : at; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                mantissa = 10 * mantissa + digit;
                digits++;
            } else if (bytes[i] == '.' && point < 0) {
                point = digits;
            } else {
                return slowNumber(slot);
            }
            if (digits > EXACT_DIGITS) {
                return slowNumber(slot);
            }
        }
        if (digits == 0) {
            return Double.NaN;
        }
        // Both are exact, so their quotient is the nearest double (Clinger 1990).
        double value = point < 0 ? mantissa : mantissa / POWERS[digits - point];
        return negative ? -value : value;
    }

    private double slowNumber(int slot) {
        if (to[slot] - from[slot] > 64) {
            return Double.NaN;
        }
        try {
            double value = FloatText.parse(text(slot));
            return Double.isInfinite(value) ? Double.NaN : value;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
