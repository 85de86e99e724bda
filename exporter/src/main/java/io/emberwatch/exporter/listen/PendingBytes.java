package io.emberwatch.exporter.listen;

/** How much memory the unfinished frames of a listener may take together. Not safe for several threads. */
final class PendingBytes {
    private final long most;
    private long taken;

    PendingBytes(long most) {
        this.most = most;
    }

    /** Whether there is room for more; if so, it is taken. */
    boolean take(int more) {
        if (taken + more > most) {
            return false;
        }
        taken += more;
        return true;
    }

    void release(int fewer) {
        taken -= fewer;
    }

    long taken() {
        return taken;
    }
}
