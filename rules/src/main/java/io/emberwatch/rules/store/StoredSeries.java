package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A series of the store, to append to without looking its labels up again ({@link StoreAppender#append(StoredSeries,
 * long, double)}).
 */
public final class StoredSeries {
    /** A chunk ends when it would span more than this, so that a slow series does not hold the write-ahead log. */
    static final long MAX_CHUNK_SPAN_MILLIS = 2 * 3_600_000L;

    private static final byte[] NOTHING = new byte[0];
    private static final Chunk[] NO_CHUNKS = {};

    private final int id;
    private final Labels labels;
    private final OpenChunk open = new OpenChunk();
    private Chunk[] sealed = NO_CHUNKS;
    private int capacity;
    private long firstMillis = Long.MAX_VALUE;
    private long lastMillis = Long.MIN_VALUE;
    private double lastValue;
    private boolean lastValueKnown;
    private boolean condemned;
    private boolean removed;

    StoredSeries(int id, Labels labels) {
        this.id = id;
        this.labels = labels;
        // The first chunks end at different times, or all series of a target would be sealed by one and the same
        // scrape.
        capacity = ChunkEncoder.CAPACITY / 2 + Math.floorMod(id, ChunkEncoder.CAPACITY / 2);
    }

    /** All labels, {@code __name__} included; the same instance that queries return. */
    public Labels labels() {
        return labels;
    }

    /** Time of the newest sample, milliseconds; {@link Long#MIN_VALUE} when there is none. */
    public long newestMillis() {
        return lastMillis();
    }

    int id() {
        return id;
    }

    /** Says what the database holds of the series when the store opens. */
    synchronized void restore(long first, long last) {
        firstMillis = first;
        lastMillis = last;
    }

    /** Puts a chunk that the database holds in front of those in memory. */
    synchronized void prepend(Chunk chunk) {
        Chunk[] more = new Chunk[sealed.length + 1];
        more[0] = chunk;
        System.arraycopy(sealed, 0, more, 1, sealed.length);
        sealed = more;
    }

    /**
     * Takes a sample.
     *
     * @param logRow see {@link OpenChunk#append}
     * @param sink gets the chunk that the sample closed, if it did
     * @return null when it was taken
     */
    synchronized @Nullable Refusal append(
            long timestampMillis, double value, long logRow, ChunkEncoder encoder, ChunkSink sink) {
        if (timestampMillis <= lastMillis) {
            return refusal(timestampMillis, value);
        }
        if (!open.isEmpty() && (open.count() >= capacity || timestampMillis - open.start() > MAX_CHUNK_SPAN_MILLIS)) {
            seal(encoder, sink);
            capacity = ChunkEncoder.CAPACITY;
        }
        open.append(timestampMillis, value, logRow);
        firstMillis = Math.min(firstMillis, timestampMillis);
        lastMillis = timestampMillis;
        lastValue = value;
        lastValueKnown = true;
        condemned = false;
        return null;
    }

    private Refusal refusal(long timestampMillis, double value) {
        if (timestampMillis < lastMillis) {
            return holds(timestampMillis, value) ? Refusal.REPEATED : Refusal.OUT_OF_ORDER;
        }
        // After a restart the last value may be in the database only; then a repetition cannot be told from a conflict.
        boolean same = lastValueKnown && Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(lastValue);
        return same ? Refusal.REPEATED : Refusal.DUPLICATE_TIMESTAMP;
    }

    // A sender that got no answer sends again what may have been taken: that is no fault of its own.
    private boolean holds(long timestampMillis, double value) {
        Points points = new Points();
        view(timestampMillis, timestampMillis).readInto(points, timestampMillis, timestampMillis);
        return points.size() > 0 && Double.doubleToRawLongBits(points.value(0)) == Double.doubleToRawLongBits(value);
    }

    /** Closes the open chunk when it began before {@code before}. */
    synchronized void sealBefore(long before, ChunkEncoder encoder, ChunkSink sink) {
        if (!open.isEmpty() && open.start() < before) {
            seal(encoder, sink);
        }
    }

    private void seal(ChunkEncoder encoder, ChunkSink sink) {
        Chunk chunk = encoder.seal(open);
        open.reset();
        sealed = Arrays.copyOf(sealed, sealed.length + 1);
        sealed[sealed.length - 1] = chunk;
        sink.sealed(this, chunk);
    }

    /** Forgets chunks that ended before {@code before} and that the database holds, or that are lost. */
    synchronized void forgetBefore(long before) {
        int forgotten = 0;
        while (forgotten < sealed.length
                && sealed[forgotten].end() < before
                && sealed[forgotten].state() != Chunk.State.UNSAVED) {
            forgotten++;
        }
        if (forgotten > 0) {
            sealed = forgotten == sealed.length ? NO_CHUNKS : Arrays.copyOfRange(sealed, forgotten, sealed.length);
        }
    }

    /** Says that nothing before {@code before} is retained any more. */
    synchronized void retainFrom(long before) {
        firstMillis = Math.max(firstMillis, before);
    }

    /**
     * Ends the series when it has no sample at or after {@code before}, at the second time of asking: it may have been
     * made a moment ago, for a first sample that is still on its way.
     */
    synchronized boolean removeIfBefore(long before) {
        if (lastMillis < before && open.isEmpty() && sealed.length == 0) {
            removed = condemned;
            condemned = true;
        }
        return removed;
    }

    /** Ends the series when memory holds nothing of it, whatever the database still has. */
    synchronized boolean evict() {
        if (open.isEmpty() && sealed.length == 0 && lastMillis != Long.MIN_VALUE) {
            removed = true;
        }
        return removed;
    }

    synchronized boolean isRemoved() {
        return removed;
    }

    synchronized long firstMillis() {
        return firstMillis;
    }

    synchronized long lastMillis() {
        return lastMillis;
    }

    /** Time of the oldest sample in memory; {@link Long#MAX_VALUE} when there is none. */
    synchronized long memoryStartMillis() {
        if (sealed.length > 0) {
            return sealed[0].start();
        }
        return open.isEmpty() ? Long.MAX_VALUE : open.start();
    }

    synchronized int chunksInMemory() {
        return sealed.length + (open.isEmpty() ? 0 : 1);
    }

    /** Whether there may be samples between the bounds. */
    synchronized boolean overlaps(long mint, long maxt) {
        return firstMillis <= maxt && lastMillis >= mint;
    }

    /** The oldest write-ahead row that still holds a sample which the database has in no chunk. */
    synchronized long oldestLogRowNeeded() {
        long row = open.isEmpty() ? Long.MAX_VALUE : open.firstLogRow();
        // Chunks are saved in their order.
        for (int i = sealed.length - 1; i >= 0 && sealed[i].state() == Chunk.State.UNSAVED; i--) {
            row = Math.min(row, sealed[i].firstLogRow());
        }
        return row;
    }

    /** Adds the newest sample when it lies between the bounds. */
    synchronized boolean readLast(Points points, long mint, long maxt) {
        if (lastMillis >= mint && lastMillis <= maxt && lastValueKnown) {
            points.add(lastMillis, lastValue);
            return true;
        }
        return false;
    }

    /** What memory holds of the series between the bounds. */
    synchronized View view(long mint, long maxt) {
        List<Chunk> wanted = new ArrayList<>(sealed.length);
        for (Chunk chunk : sealed) {
            if (chunk.start() <= maxt && chunk.end() >= mint) {
                wanted.add(chunk);
            }
        }
        boolean tail = !open.isEmpty() && open.start() <= maxt && open.end() >= mint;
        return new View(
                wanted, open.start(), tail ? open.count() : 0, tail ? open.toBytes() : NOTHING, memoryStartMillis());
    }

    /**
     * The samples in memory as they were at one moment.
     *
     * @param chunks in order of time
     * @param tailStart time of the open chunk's first sample
     * @param tailCount its number of samples
     * @param tail its stream
     * @param memoryStart what is older than this, if there is anything, only the database has
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for the length of one read
    record View(List<Chunk> chunks, long tailStart, int tailCount, byte[] tail, long memoryStart) {
        /** Adds the points between the bounds; false when a chunk was damaged. */
        boolean readInto(Points points, long mint, long maxt) {
            boolean sound = true;
            Cut cut = new Cut(points, mint, maxt);
            for (Chunk chunk : chunks) {
                sound &= ChunkEncoder.decode(chunk.data(), chunk.start(), cut);
            }
            if (tailCount > 0) {
                XorStream.read(new BitReader(tail, tail.length), tailStart, tailCount, false, cut);
            }
            return sound;
        }
    }

    /** Takes chunks that were closed. */
    interface ChunkSink {
        void sealed(StoredSeries series, Chunk chunk);
    }
}
