package io.emberwatch.rules.remote;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.remote.RemoteLink.Outcome;
import io.emberwatch.rules.remote.SenderMetrics.Drop;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.settings.ClientFactory;
import io.emberwatch.rules.store.SampleLog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the store takes to one receiver, commit by commit: the next is begun when the receiver has taken the last.
 * Where it stands is kept in the store, so nothing is lost while the receiver is away or the program is killed.
 */
final class RemoteWriter implements AutoCloseable {
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final Logger logger = LoggerFactory.getLogger("rules.remote");

    private final RemoteWriteSettings settings;
    private final Labels external;
    private final SampleLog log;
    private final Supplier<List<MetricMetadata>> metadata;
    private final ShardSender.Receiver receiver;
    private final List<Scheduler.Task> tasks = new ArrayList<>();
    // Guarded by this.
    private boolean busy;
    private boolean caughtUp;

    /** What all writers share. */
    record Means(Scheduler scheduler, InstantSource clock, ClientFactory clients, SenderMetrics metrics) {}

    RemoteWriter(
            RemoteWriteSettings settings,
            Labels external,
            SampleLog log,
            Supplier<List<MetricMetadata>> metadata,
            Means means) {
        this.settings = settings;
        this.external = external;
        this.log = log;
        this.metadata = metadata;
        receiver = new ShardSender.Receiver(
                settings,
                new RemoteLink(settings, means.clients().client(settings.http()), means.clock()),
                new OutgoingLabels(external, settings.relabels()),
                means.scheduler(),
                means.clock(),
                means.metrics().remote(settings.name(), settings.url().toString()),
                new ReceiverState(settings.name()));
    }

    boolean isFor(RemoteWriteSettings wanted, Labels wantedExternal) {
        return settings.equals(wanted) && external.equals(wantedExternal);
    }

    void start() {
        String name = "remote write to " + settings.name();
        tasks.add(receiver.scheduler().every(name, LOOK_INTERVAL, LOOK_INTERVAL.dividedBy(2), at -> wake()));
        Duration interval = settings.metadata().interval();
        if (!interval.isZero()) {
            tasks.add(receiver.scheduler().every(name, interval, Duration.ZERO, at -> describe()));
        }
    }

    /** Sends what there is to send, unless that is being done. */
    void wake() {
        synchronized (this) {
            if (busy || receiver.state().isClosed()) {
                return;
            }
            busy = true;
        }
        pump();
    }

    // Of one thread at a time: whoever made the writer busy, then whoever heard the last answer of a commit.
    private void pump() {
        boolean more = true;
        while (more) {
            more = false;
            try {
                SampleLog.Row row = receiver.state().isClosed() ? null : log.after(log.position(settings.name()));
                if (row == null) {
                    rest(true);
                } else {
                    more = send(row);
                }
            } catch (IOException | RuntimeException e) {
                logger.atError()
                        .addKeyValue("remote", settings.name())
                        .addKeyValue("reason", String.valueOf(e.getMessage()))
                        .log("cannot go on sending, will try again");
                rest(false);
            }
        }
    }

    private synchronized void rest(boolean end) {
        receiver.metrics().dropped(Drop.LOG_LIMIT, log.takeDropped(settings.name()));
        receiver.metrics().unacknowledged.set((double) log.waiting(settings.name()));
        busy = false;
        caughtUp = end;
        notifyAll();
    }

    /** Sends one commit; true when there was nothing in it to wait for. */
    private boolean send(SampleLog.Row row) {
        int count = row.samples();
        int shards = Math.max(
                1, Math.min(settings.queue().shards(), count / settings.queue().samplesPerRequest()));
        SampleBuffer[] parts = new SampleBuffer[shards];
        for (int i = 0; i < shards; i++) {
            parts[i] = new SampleBuffer();
        }
        int gone = row.read((series, time, value) ->
                parts[Math.floorMod(series.labels().hashCode(), shards)].add(series, time, value));
        receiver.metrics().dropped(Drop.UNKNOWN_SERIES, gone);
        receiver.metrics().unacknowledged.set((double) log.waiting(settings.name()));
        receiver.metrics().shards.set(shards);
        receiver.metrics().pending.inc(count - gone);
        // One more than there are parts: whoever comes last goes on, and that may be this thread.
        AtomicInteger left = new AtomicInteger(shards + 1);
        for (SampleBuffer part : parts) {
            new ShardSender(part, receiver, () -> {
                        if (left.decrementAndGet() == 0) {
                            log.acknowledge(settings.name(), row.number());
                            pump();
                        }
                    })
                    .start();
        }
        if (left.decrementAndGet() == 0) {
            log.acknowledge(settings.name(), row.number());
            return true;
        }
        return false;
    }

    private void describe() {
        Map<String, MetricMetadata> families = new LinkedHashMap<>();
        metadata.get().forEach(one -> families.putIfAbsent(one.family(), one));
        WriteRequestWriter request = new WriteRequestWriter();
        int count = 0;
        for (MetricMetadata one : families.values()) {
            request.metadata(one);
            if (++count == settings.metadata().perRequest()) {
                describe(request, count);
                request = new WriteRequestWriter();
                count = 0;
            }
        }
        if (count > 0) {
            describe(request, count);
        }
    }

    private void describe(WriteRequestWriter request, int count) {
        receiver.link().post(request.toBlock(), outcome -> {
            boolean taken = outcome instanceof Outcome.Delivered;
            (taken ? receiver.metrics().metadata : receiver.metrics().metadataFailed).inc(count);
        });
    }

    /** Waits until all that was committed is taken, at most so long. */
    synchronized void drain(Deadline deadline) {
        caughtUp = false;
        try {
            while (!caughtUp && !receiver.state().isClosed()) {
                long millis = deadline.remaining().toMillis();
                if (millis <= 0) {
                    return;
                }
                if (!busy) {
                    busy = true;
                    Thread pumping = new Thread(this::pump, "remote-write-drain");
                    pumping.setDaemon(true);
                    pumping.start();
                }
                wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        receiver.state().close();
        tasks.forEach(Scheduler.Task::close);
    }
}
