package io.emberwatch.rules.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what a database holds into an empty index: series, the newest chunks, and the log on top of them. */
final class Recovery {
    private static final Logger logger = LoggerFactory.getLogger("rules.store");

    private final ChunkDatabase database;
    private final SeriesIndex index;
    private final Map<Integer, StoredSeries> byId = new HashMap<>();
    private long replayed;
    private int damaged;

    Recovery(ChunkDatabase database, SeriesIndex index) {
        this.database = database;
        this.index = index;
    }

    void readSeries() throws SQLException, IOException {
        index.reserveIds(database.lastSeriesId());
        database.readSeries((id, labels, first, last) -> {
            StoredSeries series = index.restore(id, labels);
            series.restore(first, last);
            byId.put(id, series);
        });
    }

    /** Takes the chunks into memory that ended at or after {@code window}, milliseconds. */
    void readChunksFrom(long window) throws SQLException {
        database.readNewestChunks((id, start, end, data) -> {
            StoredSeries series = byId.get(id);
            if (series != null && end >= window) {
                series.prepend(new Chunk(start, end, 0, data, 0, Chunk.State.SAVED));
            }
            return end >= window - StoredSeries.MAX_CHUNK_SPAN_MILLIS;
        });
    }

    /** Appends the samples of the log that are in no chunk. */
    void replayLog(ChunkEncoder encoder, StoredSeries.ChunkSink sink) throws SQLException {
        damaged = database.replay((row, id, time, value) -> {
            StoredSeries series = byId.get(id);
            if (series != null && series.append(time, value, row, encoder, sink) == null) {
                replayed++;
            }
        });
    }

    /** The time of the newest sample; {@link Long#MIN_VALUE} when there is none. */
    long newestMillis() {
        return byId.values().stream().mapToLong(StoredSeries::lastMillis).max().orElse(Long.MIN_VALUE);
    }

    /** Says what was read. */
    void log(long beganNanos) {
        if (damaged > 0) {
            logger.atWarn()
                    .addKeyValue("file", database.file())
                    .addKeyValue("rows", damaged)
                    .log("some rows of the write-ahead log were damaged, their samples are lost");
        }
        logger.atInfo()
                .addKeyValue("file", database.file())
                .addKeyValue("series", byId.size())
                .addKeyValue("replayed", replayed)
                .addKeyValue("millis", (System.nanoTime() - beganNanos) / 1_000_000)
                .log("store opened");
    }
}
