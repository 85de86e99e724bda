package io.emberwatch.rules.store;

import java.util.ArrayList;
import java.util.List;

/** One walk over all series that forgets what memory need not hold and counts what it holds. Of one thread. */
final class HeadScan {
    private final long forgetBefore;
    private final long removeBefore;
    private final List<StoredSeries> removed = new ArrayList<>();
    private long oldestLogRowNeeded;
    private int series;
    private int chunks;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    /**
     * @param forgetBefore saved chunks that ended before leave memory, milliseconds
     * @param removeBefore series without a sample since are removed, milliseconds
     * @param nextLogRow the next row of the write-ahead log
     */
    HeadScan(long forgetBefore, long removeBefore, long nextLogRow) {
        this.forgetBefore = forgetBefore;
        this.removeBefore = removeBefore;
        oldestLogRowNeeded = nextLogRow;
    }

    void visit(StoredSeries one) {
        // One lock for all that follows; the methods below take it again for nothing.
        synchronized (one) {
            one.forgetBefore(forgetBefore);
            one.retainFrom(removeBefore);
            if (one.removeIfBefore(removeBefore)) {
                removed.add(one);
            }
            int inMemory = one.chunksInMemory();
            if (inMemory > 0) {
                series++;
                chunks += inMemory;
                min = Math.min(min, one.memoryStartMillis());
                max = Math.max(max, one.lastMillis());
                oldestLogRowNeeded = Math.min(oldestLogRowNeeded, one.oldestLogRowNeeded());
            }
        }
    }

    /** The first log row that holds a sample which is in no saved chunk. */
    long oldestLogRowNeeded() {
        return oldestLogRowNeeded;
    }

    List<StoredSeries> removed() {
        return removed;
    }

    void show(StoreMetrics metrics) {
        metrics.headSeries.set(series);
        metrics.headChunks.set(chunks);
        metrics.headMinTime.set(series == 0 ? 0 : (double) min / 1000);
        metrics.headMaxTime.set(series == 0 ? 0 : (double) max / 1000);
    }
}
