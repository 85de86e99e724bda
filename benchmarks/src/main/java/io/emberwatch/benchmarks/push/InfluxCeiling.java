package io.emberwatch.benchmarks.push;

import io.emberwatch.push.demo.LoadSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What InfluxDB takes over HTTP from nobody else: the same sources, as many lines a request and as many connections as the
 * sink has, each sending its next request when the last is answered.
 */
final class InfluxCeiling implements AutoCloseable {
    private static final int CONNECTIONS = 2;
    private static final int SOURCES = 1000;
    private static final int RECORDS_PER_POST = 50;

    private final InfluxDatabase database;
    private final AtomicLong stored = new AtomicLong();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    InfluxCeiling(InfluxDatabase database) {
        this.database = database;
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            int from = connection * SOURCES / CONNECTIONS;
            Thread thread = new Thread(() -> write(from), "ceiling-" + connection);
            thread.start();
            threads.add(thread);
        }
    }

    private void write(int from) {
        InstantSource clock = InstantSource.system();
        LoadSource[] sources = new LoadSource[SOURCES / CONNECTIONS];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = new LoadSource(from + i);
        }
        try {
            for (int i = 0; !ending; i += RECORDS_PER_POST) {
                ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 20);
                for (int r = 0; r < RECORDS_PER_POST; r++) {
                    body.writeBytes(sources[(i + r) % sources.length].next(clock.millis() * 1_000_000L));
                }
                database.write(body.toByteArray());
                stored.addAndGet((long) RECORDS_PER_POST * LoadSource.LINES);
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }

    /**
     * Lines acknowledged so far.
     *
     * @throws IOException when a request failed
     */
    long stored() throws IOException {
        IOException fault = failure.get();
        if (fault != null) {
            throw fault;
        }
        return stored.get();
    }

    @Override
    public void close() {
        ending = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
