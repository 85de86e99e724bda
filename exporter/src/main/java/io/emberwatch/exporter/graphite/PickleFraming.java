package io.emberwatch.exporter.graphite;

import io.emberwatch.exporter.listen.Framing;
import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.listen.Receiver;
import java.nio.ByteBuffer;

/**
 * Pickles behind their lengths, four bytes with the highest first.
 *
 * @param maxPickle the largest pickle; behind a larger one nothing can be read
 */
record PickleFraming(int maxPickle) implements Framing {
    private static final int LENGTH_BYTES = 4;
    private static final int READ_AHEAD = 256 << 10;

    @Override
    public int maxFrame() {
        // While a frame is not whole, what was read with its last piece is kept too.
        return maxPickle + LENGTH_BYTES + READ_AHEAD;
    }

    @Override
    public int take(byte[] in, int from, int to, Receiver receiver) {
        int at = from;
        while (to - at >= LENGTH_BYTES) {
            int length = ByteBuffer.wrap(in, at, LENGTH_BYTES).getInt();
            if (length < 0 || length > maxPickle) {
                return BROKEN;
            }
            if (to - at - LENGTH_BYTES < length) {
                break;
            }
            receiver.take(in, at + LENGTH_BYTES, at + LENGTH_BYTES + length);
            at += LENGTH_BYTES + length;
        }
        return at;
    }

    @Override
    public int resume(byte[] in, int from, int to) {
        return -1;
    }

    @Override
    public void end(byte[] in, int from, int to, Receiver receiver) {
        receiver.lost(Loss.CUT_OFF);
    }
}
