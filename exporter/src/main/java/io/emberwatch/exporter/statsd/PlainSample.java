package io.emberwatch.exporter.statsd;

/**
 * Reads the lines that nearly all are: an ASCII name without tags, one decimal, a type, at most a rate. Whatever is different
 * in any way is left to {@link StatsdReader}. Not safe for several threads.
 */
final class PlainSample {
    private static final int MOST_DIGITS = 15;
    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };
    private static final boolean[] PLAIN = plain();

    private byte[] in = new byte[0];
    private int to;
    private double number;
    int nameEnd;
    EventKind kind = EventKind.COUNTER;
    double value;
    double weight;
    boolean relative;
    int end;

    private static boolean[] plain() {
        boolean[] plain = new boolean[256];
        for (int c = ' '; c < 0x7f; c++) {
            plain[c] = "#,[]:|".indexOf(c) < 0;
        }
        return plain;
    }

    /** Whether the line at {@code from} is such a line; {@code end} is then behind its line feed. */
    boolean read(byte[] text, int from, int limit) {
        in = text;
        to = limit;
        int i = from;
        while (i < to && PLAIN[in[i] & 0xff]) {
            i++;
        }
        nameEnd = i;
        if (i == from || i >= to || in[i] != ':' || in[from] == '_') {
            return false;
        }
        i++;
        boolean signed = i < to && (in[i] == '-' || in[i] == '+');
        i = number(i);
        if (i < 0 || i + 1 >= to || in[i] != '|') {
            return false;
        }
        value = number;
        i = type(i + 1);
        if (i < 0) {
            return false;
        }
        relative = signed && kind == EventKind.GAUGE;
        weight = 1;
        if (i + 1 < to && in[i] == '|' && in[i + 1] == '@') {
            i = number(i + 2);
            if (i < 0 || !(number > 0)) {
                return false;
            }
            weight = kind == EventKind.GAUGE ? 1 : 1 / number;
        }
        end = i + 1;
        return i == to || in[i] == '\n';
    }

    private int type(int at) {
        switch (in[at]) {
            case 'c' -> kind = EventKind.COUNTER;
            case 'g' -> kind = EventKind.GAUGE;
            case 'h', 'd' -> kind = EventKind.OBSERVER;
            case 'm' -> {
                kind = EventKind.TIMER;
                return at + 1 < to && in[at + 1] == 's' ? at + 2 : -1;
            }
            default -> {
                return -1;
            }
        }
        return at + 1;
    }

    /** Reads a decimal; returns the offset behind it, or -1. */
    private int number(int from) {
        int i = from;
        boolean negative = i < to && in[i] == '-';
        if (negative || (i < to && in[i] == '+')) {
            i++;
        }
        int first = i;
        long digits = 0;
        while (i < to && in[i] >= '0' && in[i] <= '9') {
            digits = 10 * digits + (in[i++] - '0');
        }
        int count = i - first;
        int scale = 0;
        if (i < to && in[i] == '.') {
            int point = ++i;
            while (i < to && in[i] >= '0' && in[i] <= '9') {
                digits = 10 * digits + (in[i++] - '0');
            }
            scale = i - point;
            count += scale;
        }
        if (count == 0 || count > MOST_DIGITS) {
            return -1;
        }
        // Both are exact, so the one rounding of the quotient is the right one.
        double magnitude = scale == 0 ? digits : digits / POWERS_OF_TEN[scale];
        number = negative ? -magnitude : magnitude;
        return i;
    }
}
