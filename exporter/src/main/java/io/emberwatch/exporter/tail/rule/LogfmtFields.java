package io.emberwatch.exporter.tail.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Reads the fields of logfmt records: {@code key=value}, {@code key="some \"value\""} and bare {@code key}. */
final class LogfmtFields {
    private static final byte[] TRUE = "true".getBytes(UTF_8);

    private LogfmtFields() {}

    /** Whether the bytes hold a pair at least and no quote is left open; the fields that are asked for are put. */
    static boolean read(byte[] record, int from, int to, Fields fields) {
        int at = from;
        boolean pairs = false;
        while (at < to) {
            if (record[at] <= ' ' && record[at] >= 0) {
                at++;
                continue;
            }
            int keyFrom = at;
            while (at < to && record[at] != '=' && (record[at] > ' ' || record[at] < 0)) {
                at++;
            }
            int slot = fields.find(new String(record, keyFrom, at - keyFrom, UTF_8));
            if (at == to || record[at] != '=') {
                if (slot >= 0) {
                    fields.beginMade(slot);
                    fields.append(TRUE);
                    fields.endMade(slot);
                }
                continue;
            }
            pairs = true;
            at = value(record, at + 1, to, slot, fields);
            if (at < 0) {
                return false;
            }
        }
        return pairs;
    }

    /** Where the value ends, or -1 when its quote does not. */
    private static int value(byte[] record, int from, int to, int slot, Fields fields) {
        int at = from;
        if (at < to && record[at] == '"') {
            return quoted(record, at + 1, to, slot, fields);
        }
        while (at < to && (record[at] > ' ' || record[at] < 0)) {
            at++;
        }
        if (slot >= 0) {
            fields.put(slot, from, at);
        }
        return at;
    }

    private static int quoted(byte[] record, int from, int to, int slot, Fields fields) {
        if (slot >= 0) {
            fields.beginMade(slot);
        }
        for (int at = from; at < to; at++) {
            byte b = record[at];
            if (b == '"') {
                if (slot >= 0) {
                    fields.endMade(slot);
                }
                return at + 1;
            }
            if (b == '\\' && at + 1 < to) {
                at++;
                b = switch (record[at]) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    default -> record[at];
                };
            }
            if (slot >= 0) {
                fields.append(b);
            }
        }
        return -1;
    }
}
