package io.emberwatch.exporter.listen;

import java.util.Arrays;

/** What has come over one connection and is not a whole frame yet. Not safe for several threads. */
final class Connection {
    private static final byte[] NOTHING = new byte[0];
    private static final int LEAST_BYTES = 256;

    private final Framing framing;
    private final Receiver receiver;
    private final PendingBytes room;
    private byte[] pending = NOTHING;
    private int length;
    private boolean skipping;
    private long lastHeard;

    Connection(Framing framing, Receiver receiver, PendingBytes room) {
        this.framing = framing;
        this.receiver = receiver;
        this.room = room;
    }

    void heard(long nanoTime) {
        lastHeard = nanoTime;
    }

    long lastHeard() {
        return lastHeard;
    }

    /**
     * Takes what has arrived.
     *
     * @return whether more can be read
     */
    boolean take(byte[] in, int count) {
        int from = 0;
        if (skipping) {
            from = framing.resume(in, 0, count);
            if (from < 0) {
                return true;
            }
            skipping = false;
        }
        if (length == 0) {
            return takeFrom(in, from, count);
        }
        // The rest of the unfinished frame is somewhere in the new bytes; what follows it need not be copied.
        int end = framing.resume(in, from, count);
        int copied = (end < 0 ? count : end) - from;
        if (length + copied - (end < 0 ? 0 : 1) > framing.maxFrame()) {
            return lose(Loss.TOO_LONG, in, from, count, end);
        }
        if (!reserve(length + copied)) {
            return lose(Loss.NO_ROOM, in, from, count, end);
        }
        System.arraycopy(in, from, pending, length, copied);
        length += copied;
        int done = framing.take(pending, 0, length, receiver);
        if (done == Framing.BROKEN) {
            return broken();
        }
        if (done < length) {
            System.arraycopy(pending, done, pending, 0, length - done);
            length -= done;
            return true;
        }
        forget();
        return end < 0 || takeFrom(in, end, count);
    }

    private boolean lose(Loss loss, byte[] in, int from, int count, int end) {
        receiver.lost(loss);
        forget();
        if (end < 0) {
            skipping = true;
            return true;
        }
        return takeFrom(in, Math.max(from, end), count);
    }

    private boolean takeFrom(byte[] in, int from, int count) {
        int done = framing.take(in, from, count, receiver);
        if (done == Framing.BROKEN) {
            return broken();
        }
        int left = count - done;
        if (left == 0) {
            return true;
        }
        if (left > framing.maxFrame()) {
            receiver.lost(Loss.TOO_LONG);
            skipping = true;
        } else if (reserve(left)) {
            System.arraycopy(in, done, pending, 0, left);
            length = left;
        } else {
            receiver.lost(Loss.NO_ROOM);
            skipping = true;
        }
        return true;
    }

    private boolean broken() {
        receiver.lost(Loss.TOO_LONG);
        forget();
        return false;
    }

    private boolean reserve(int needed) {
        if (needed <= pending.length) {
            return true;
        }
        int larger = Math.max(LEAST_BYTES, Math.min(framing.maxFrame() + 1, Math.max(needed, 2 * pending.length)));
        larger = Math.max(larger, needed);
        if (!room.take(larger - pending.length)) {
            return false;
        }
        pending = Arrays.copyOf(pending, larger);
        return true;
    }

    private void forget() {
        room.release(pending.length);
        pending = NOTHING;
        length = 0;
    }

    /** @param well whether the client has said all it had to say */
    void end(boolean well) {
        if (length > 0) {
            if (well) {
                framing.end(pending, 0, length, receiver);
            } else {
                receiver.lost(Loss.CUT_OFF);
            }
        }
        forget();
    }
}
