package io.emberwatch.rules.store;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * What the embedded store keeps, and how much of it.
 *
 * @param retention how long samples are kept, at least the memory window
 * @param retentionSize the most bytes the database may use; the oldest samples go first. Zero is no limit
 * @param commitInterval how often what was appended is made durable: what a crash may lose
 * @param memoryWindow how far back queries are answered without the database, at least ten minutes
 * @param seriesLimit the most series kept, living and retained ones. When nine tenths are reached, those that ended
 *     first are removed before their time; samples of series beyond the limit are refused. No more than memory has room
 *     for, see {@link #within}
 */
public record StoreConfig(
        @Default("15d") Duration retention,
        @Default("0") ByteSize retentionSize,
        @Default("1s") Duration commitInterval,
        @Default("30m") Duration memoryWindow,
        @Default("1000000") int seriesLimit) {
    private static final Duration MIN_WINDOW = Duration.ofMinutes(10);

    // Measured: 0.8 KiB for a series of eight labels with its first samples, 1.5 KiB with half an hour of one each 15
    // s.
    private static final int BYTES_PER_SERIES = 1536;

    /** What holds when nothing is given. */
    public static final StoreConfig DEFAULT = new StoreConfig(
            Duration.ofDays(15), new ByteSize(0), Duration.ofSeconds(1), Duration.ofMinutes(30), 1_000_000);

    public StoreConfig {
        if (commitInterval.toMillis() <= 0) {
            throw new IllegalArgumentException("commit_interval must be at least 1ms");
        }
        if (memoryWindow.compareTo(MIN_WINDOW) < 0) {
            throw new IllegalArgumentException("memory_window must be at least 10m");
        }
        if (retention.compareTo(memoryWindow) < 0) {
            throw new IllegalArgumentException("retention must not be shorter than memory_window");
        }
        if (seriesLimit <= 0) {
            throw new IllegalArgumentException("series_limit must be positive");
        }
    }

    /** The same with a series limit that half of so much memory has room for. */
    public StoreConfig within(long memoryBytes) {
        int room = (int) Math.max(1, Math.min(Integer.MAX_VALUE, memoryBytes / 2 / BYTES_PER_SERIES));
        return room >= seriesLimit
                ? this
                : new StoreConfig(retention, retentionSize, commitInterval, memoryWindow, room);
    }
}
