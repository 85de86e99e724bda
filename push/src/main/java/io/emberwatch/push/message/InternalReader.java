package io.emberwatch.push.message;

/**
 * Reads messages of the internal format where they stand, one or many to a record. Not safe for several threads.
 *
 * <p>The format has no escape for {@code #}, so a message is taken apart from its ends: the key at its last {@code #};
 * the timestamp behind the value's last {@code #}; the field value before it, back to its opening quote when it is a
 * string; the rest is tags. That reads everything the format can say, also tags and strings that hold {@code #}.
 */
public final class InternalReader {
    private byte[] key = new byte[0];
    private byte[] value = new byte[0];
    private boolean batch;
    private int position;

    private int keyStart;
    private int keyEnd;
    private int fieldStart;
    private int tagsStart;
    private int valueStart;
    private int valueEnd;
    private int timestampStart;
    private int end;
    private boolean faulty;

    /** Begins with a record that is one message. */
    public void single(byte[] recordKey, byte[] recordValue) {
        key = recordKey;
        value = recordValue;
        batch = false;
        position = 0;
    }

    /** Begins with a record that holds many messages. */
    public void batch(byte[] recordValue) {
        key = recordValue;
        value = recordValue;
        batch = true;
        position = 0;
    }

    /** Goes to the next message; it may be {@link #faulty}. */
    public boolean next() {
        faulty = false;
        if (!batch) {
            if (position > 0) {
                return false;
            }
            position = 1;
            keyStart = 0;
            keyEnd = key.length;
            tagsStart = 0;
            end = value.length;
            split();
            return true;
        }
        if (position >= value.length) {
            return false;
        }
        keyStart = position;
        int tab = indexOf('\t', position, value.length);
        int lineFeed = indexOf('\n', position, value.length);
        position = lineFeed + 1;
        end = lineFeed;
        keyEnd = Math.min(tab, lineFeed);
        tagsStart = Math.min(keyEnd + 1, lineFeed);
        if (tab >= lineFeed) {
            faulty = true;
        } else {
            split();
        }
        return true;
    }

    private int indexOf(char wanted, int from, int to) {
        int i = from;
        while (i < to && value[i] != wanted) {
            i++;
        }
        return i;
    }

    private void split() {
        int hash = keyEnd - 1;
        while (hash >= keyStart && key[hash] != '#') {
            hash--;
        }
        int last = end - 1;
        while (last >= tagsStart && value[last] != '#') {
            last--;
        }
        if (hash <= keyStart || hash == keyEnd - 1 || last < tagsStart) {
            faulty = true;
            return;
        }
        fieldStart = hash + 1;
        timestampStart = last + 1;
        valueEnd = last;
        if (valueEnd > tagsStart && value[valueEnd - 1] == '"') {
            valueStart = openingQuote();
        } else {
            valueStart = valueEnd;
            while (valueStart > tagsStart && value[valueStart - 1] != '#') {
                valueStart--;
            }
        }
        faulty = valueStart == valueEnd || valueStart == tagsStart || value[valueStart - 1] != '#';
    }

    /** A quote within a string stands behind an odd number of backslashes; the opening one behind the {@code #}. */
    private int openingQuote() {
        for (int i = valueEnd - 2; i >= tagsStart; i--) {
            if (value[i] == '"') {
                int slash = i - 1;
                while (slash >= tagsStart && value[slash] == '\\') {
                    slash--;
                }
                if ((i - slash) % 2 == 1) {
                    return i;
                }
                i = slash + 1;
            }
        }
        return tagsStart;
    }

    /** Whether the message does not follow the format; then only {@link #keyBytes} and {@link #valueBytes} may be read. */
    public boolean faulty() {
        return faulty;
    }

    /** The array that holds the key's parts. */
    public byte[] keyBytes() {
        return key;
    }

    /** The array that holds the value's parts. */
    public byte[] valueBytes() {
        return value;
    }

    public int keyStart() {
        return keyStart;
    }

    public int keyEnd() {
        return keyEnd;
    }

    public int measurementEnd() {
        return fieldStart - 1;
    }

    public int fieldStart() {
        return fieldStart;
    }

    /** Where tags and, behind them, value and timestamp begin. */
    public int tagsStart() {
        return tagsStart;
    }

    public int tagsEnd() {
        return valueStart - 1;
    }

    public int valueStart() {
        return valueStart;
    }

    public int valueEnd() {
        return valueEnd;
    }

    public boolean hasTimestamp() {
        return timestampStart < end;
    }

    public int timestampStart() {
        return timestampStart;
    }

    /** Behind the whole message. */
    public int end() {
        return end;
    }
}
