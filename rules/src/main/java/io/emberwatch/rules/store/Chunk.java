package io.emberwatch.rules.store;

/** A run of samples of one series that changes no more, compressed by {@link ChunkEncoder}. */
final class Chunk {
    /** What happened to a chunk on its way into the database. */
    enum State {
        /** Only in memory; the write-ahead log still holds its samples. */
        UNSAVED,
        SAVED,
        /** Given up: the database took nothing for longer than memory holds. */
        LOST
    }

    private final long start;
    private final long end;
    private final int count;
    private final byte[] data;
    private final long firstLogRow;
    private volatile State state;

    /**
     * @param start time of the first sample, milliseconds
     * @param end time of the last sample, milliseconds
     * @param firstLogRow no write-ahead row before this one holds a sample of the chunk
     */
    Chunk(long start, long end, int count, byte[] data, long firstLogRow, State state) {
        this.start = start;
        this.end = end;
        this.count = count;
        this.data = data;
        this.firstLogRow = firstLogRow;
        this.state = state;
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    int count() {
        return count;
    }

    byte[] data() {
        return data;
    }

    long firstLogRow() {
        return firstLogRow;
    }

    State state() {
        return state;
    }

    void become(State newState) {
        state = newState;
    }
}
