package io.emberwatch.benchmarks.push;

import io.emberwatch.push.demo.LoadSource;
import io.emberwatch.push.kafka.RecordWriter;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A thousand sources that write so many lines a second together; or as fast as what they wrote arrives. */
final class PacedLoad implements AutoCloseable {
    private static final int SOURCES = 1000;
    private static final long MAX_ON_THE_WAY = 100_000;
    private final RecordWriter writer;
    private final String topic;
    private final double linesPerSecond;
    private final LongSupplier arrived;
    private final LoadSource[] sources = new LoadSource[SOURCES];
    private final AtomicLong lines = new AtomicLong();
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean ending;

    /** @param arrived lines that came out, where the load waits for them; always 0 when it does not */
    PacedLoad(RecordWriter writer, String topic, double linesPerSecond, LongSupplier arrived) {
        this.writer = writer;
        this.topic = topic;
        this.linesPerSecond = linesPerSecond;
        this.arrived = arrived;
        for (int i = 0; i < SOURCES; i++) {
            sources[i] = new LoadSource(i);
        }
        thread.start();
    }

    private void run() {
        InstantSource clock = InstantSource.system();
        long start = System.nanoTime();
        for (int i = 0; !ending; i++) {
            if (linesPerSecond > 0) {
                long due = start + (long) (lines.get() / linesPerSecond * 1e9);
                while (!ending && System.nanoTime() < due) {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
                }
            } else {
                while (!ending && lines.get() - arrived.getAsLong() > MAX_ON_THE_WAY) {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
                }
            }
            LoadSource source = sources[i % SOURCES];
            writer.send(topic, source.key(), source.next(clock.millis() * 1_000_000L), fault -> {});
            lines.addAndGet(LoadSource.LINES);
        }
    }

    /** Ends and gives how many lines were written and acknowledged. */
    long end() {
        ending = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.flush();
        return lines.get();
    }

    @Override
    public void close() {
        end();
    }
}
