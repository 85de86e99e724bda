package io.emberwatch.exporter.listen;

/**
 * Lines ended by a line feed; the last one may lack it.
 *
 * @param maxFrame the longest line in bytes
 */
public record LineFraming(int maxFrame) implements Framing {
    public LineFraming {
        if (maxFrame < 1) {
            throw new IllegalArgumentException("max_line: must be at least 1 byte");
        }
    }

    @Override
    public int take(byte[] in, int from, int to, Receiver receiver) {
        int end = to;
        while (end > from && in[end - 1] != '\n') {
            end--;
        }
        if (end > from) {
            receiver.take(in, from, end);
        }
        return end;
    }

    @Override
    public int resume(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    @Override
    public void end(byte[] in, int from, int to, Receiver receiver) {
        if (from < to) {
            receiver.take(in, from, to);
        }
    }
}
