package io.emberwatch.push.demo;

import io.emberwatch.push.kafka.RecordWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets the sources write in turn, as fast as the lines behind arrive: never more than a bound of lines is on the way. */
final class Load implements AutoCloseable {
    private static final long MAX_ON_THE_WAY = 100_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RecordWriter writer;
    private final String topic;
    private final InstantSource clock;
    private final LongSupplier arrived;
    private final List<LoadSource> sources = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "demo-load");
    private final AtomicLong lines = new AtomicLong();

    /** @param arrived lines that came out at the far end */
    Load(RecordWriter writer, String topic, int sourceCount, InstantSource clock, LongSupplier arrived) {
        this.writer = writer;
        this.topic = topic;
        this.clock = clock;
        this.arrived = arrived;
        for (int i = 0; i < sourceCount; i++) {
            sources.add(new LoadSource(i));
        }
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (stopped.getCount() > 0) {
                for (LoadSource source : sources) {
                    while (lines.get() - arrived.getAsLong() > MAX_ON_THE_WAY) {
                        if (stopped.await(1, TimeUnit.MILLISECONDS)) {
                            return;
                        }
                    }
                    writer.send(topic, source.key(), source.next(clock.millis() * NANOS_PER_MILLI), fault -> {});
                    lines.addAndGet(LoadSource.LINES);
                    if (stopped.getCount() == 0) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lines written. */
    long lines() {
        return lines.get();
    }

    /** Ends writing; everything written is acknowledged on return. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.flush();
    }
}
