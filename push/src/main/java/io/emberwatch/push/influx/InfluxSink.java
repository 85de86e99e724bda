package io.emberwatch.push.influx;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.model.line.LineFault;
import io.emberwatch.push.influx.WriteOutcome.Retry;
import io.emberwatch.push.message.ByteBuilder;
import io.emberwatch.push.route.Destination;
import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.push.route.LineRouter;
import io.emberwatch.push.route.RouteCounts;
import io.emberwatch.push.route.RouteOutput;
import io.emberwatch.push.route.RouteRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings lines into a database, without Kafka: checks each, so that none can harm the database, gathers them into large
 * requests, and says when to come again while the database is away. Called by one thread; what it tells of itself may be
 * asked by others.
 */
public final class InfluxSink implements AutoCloseable {
    private static final int BODY_BYTES = 4 << 20;
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final LineStore store;
    private final BisectingWriter writer;
    private final DeadLines dead;
    private final LineRouter cleaner;
    private final int batchLines;
    private final ByteBuilder body = new ByteBuilder(1 << 20);
    private final Backoff backoff = new Backoff();
    private int bodyLines;
    private long stored;
    private volatile String trouble = "";

    /** Takes what is not stored. */
    @FunctionalInterface
    public interface DeadLines {
        /** @param reason a {@link LineFault} label, or {@code refused: } and the database's words */
        void dead(byte[] line, String reason);
    }

    /**
     * @param dialect what the database takes
     * @param filters which lines are stored; all when empty
     * @param batchLines lines to a request, about
     */
    public InfluxSink(LineStore store, Dialect dialect, List<FilterConfig> filters, int batchLines, DeadLines dead) {
        this.store = store;
        this.batchLines = batchLines;
        this.dead = dead;
        writer = new BisectingWriter(store, (line, reason) -> dead.dead(line, "refused: " + reason));
        cleaner = new LineRouter(
                new RouteRules(Map.of(Destination.DATABASE, filters)),
                new LineRouter.Settings(dialect, false, 1 << 20),
                (topic, key) -> 0);
    }

    /**
     * Stores the lines of records.
     *
     * @return zero when every line is stored or refused for good, otherwise how long to wait before handing over the same
     *     records again
     */
    public Duration store(Iterable<byte[]> records) {
        body.clear();
        bodyLines = 0;
        long before = stored;
        for (byte[] record : records) {
            RouteCounts counts = cleaner.route(record, new Cleaned());
            bodyLines += counts.databaseLines();
            if (bodyLines >= batchLines || body.length() > BODY_BYTES) {
                Retry retry = flush();
                if (retry != null) {
                    return later(retry, before);
                }
            }
        }
        Retry retry = flush();
        if (retry != null) {
            return later(retry, before);
        }
        backoff.reset();
        trouble = "";
        return Duration.ZERO;
    }

    private @Nullable Retry flush() {
        if (bodyLines == 0) {
            return null;
        }
        Retry retry = writer.write(body.toByteArray());
        if (retry == null) {
            stored += bodyLines;
            body.clear();
            bodyLines = 0;
        }
        return retry;
    }

    private Duration later(Retry retry, long before) {
        Duration wait = backoff.next(retry.after());
        if (!retry.reason().equals(trouble)) {
            logger.atWarn()
                    .addKeyValue("reason", retry.reason())
                    .addKeyValue("wait", wait)
                    .log("the database does not take lines now, will try again");
        }
        trouble = retry.reason();
        stored = before;
        return wait;
    }

    /** Lines stored so far, those that were refused alone among them. */
    public long stored() {
        return stored;
    }

    /** Why nothing is stored now; empty when it is. */
    public String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        store.close();
    }

    private final class Cleaned implements RouteOutput {
        @Override
        public void database(byte[] lines) {
            body.append(lines);
            if (lines[lines.length - 1] != '\n') {
                body.append('\n');
            }
        }

        @Override
        public void field(Destination destination, byte[] key, byte[] value) {
            throw new IllegalStateException("there is no such output here");
        }

        @Override
        public void fields(Destination destination, byte[] key, byte[] batch) {
            throw new IllegalStateException("there is no such output here");
        }

        @Override
        public void dead(byte[] line, LineFault fault, int offset) {
            dead.dead(line, fault.label());
        }
    }
}
