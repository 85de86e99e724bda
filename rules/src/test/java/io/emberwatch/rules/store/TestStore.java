package io.emberwatch.rules.store;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A durable store under a manual clock that starts where it is told. */
final class TestStore implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    final CollectorRegistry registry = new CollectorRegistry();
    final ManualClock clock;
    final ManualScheduler scheduler;
    final SeriesStore store;

    TestStore(Path directory, StoreConfig config, Instant start) throws IOException {
        clock = new ManualClock(start);
        scheduler = new ManualScheduler(clock);
        store = SeriesStore.open(directory, config, clock, scheduler, new StoreMetrics(registry));
    }

    // Seldom commits: a day of samples is a matter of seconds here, and every commit waits for the disk.
    static final StoreConfig CONFIG = config(Duration.ofDays(15), 0);

    static TestStore open(Path directory) throws IOException {
        return new TestStore(directory, CONFIG, START);
    }

    TestStore reopen(Path directory) throws IOException {
        store.close();
        return new TestStore(directory, CONFIG, clock.instant());
    }

    static StoreConfig config(Duration retention, long bytes) {
        return new StoreConfig(retention, new ByteSize(bytes), Duration.ofMinutes(5), Duration.ofHours(2), 1_000_000);
    }

    /** Appends one sample at the clock's time to each series and lets the time pass. */
    void run(int steps, Duration interval, List<Labels> series) {
        for (int i = 0; i < steps; i++) {
            long now = clock.millis();
            store.append(series.stream()
                    .map(labels -> new Sample(labels, now, valueAt(labels, now)))
                    .toList());
            scheduler.advance(interval);
        }
    }

    static double valueAt(Labels labels, long millis) {
        return Math.floorMod(labels.hashCode() ^ (millis / 1000), 1009) / 10.0;
    }

    double metric(String name) {
        return registry.getSampleValue(name);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
