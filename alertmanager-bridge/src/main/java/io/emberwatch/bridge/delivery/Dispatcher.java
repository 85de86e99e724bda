package io.emberwatch.bridge.delivery;

import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.metrics.ChannelMetrics;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.Lease;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.model.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what the outbox holds. For each channel the states of one group go in order, different groups in parallel;
 * states of a group that wait together become one message. The only place that tries again.
 */
public final class Dispatcher {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration DISK_PAUSE = Duration.ofSeconds(1);
    private static final Logger logger = LoggerFactory.getLogger("bridge.delivery");

    private final Outbox outbox;
    private final Readings readings = new Readings();
    private final MessageBuilder messages;
    private final RetryPolicy policy;
    private final Machinery machinery;
    private final Map<String, Lines> channels = new LinkedHashMap<>();
    private Scheduler.@Nullable Task poll;
    private volatile boolean running;

    /** What it runs on. */
    public record Machinery(InstantSource clock, Scheduler scheduler, Executor executor, RandomGenerator random) {}

    /** A channel and how many messages it may carry at once. */
    public record Line(Channel channel, int concurrency) {}

    private record Begun(Lease lease, Message message) {}

    private static final class Lines {
        private final ChannelQueue queue;
        private final ChannelMetrics metrics;
        // Messages of which a part was delivered, by group; what they are made of stays leased.
        private final Map<Long, Begun> begun = new ConcurrentHashMap<>();
        private boolean pumping;
        private boolean again;
        private Scheduler.@Nullable Task wake;
        private @Nullable Instant wakeAt;

        Lines(ChannelQueue queue, ChannelMetrics metrics) {
            this.queue = queue;
            this.metrics = metrics;
        }
    }

    public Dispatcher(Outbox outbox, List<Line> lines, RetryPolicy policy, Machinery machinery, BridgeMetrics metrics) {
        this.outbox = outbox;
        this.messages = new MessageBuilder(outbox.archive(), outbox.incidents(), readings);
        this.policy = policy;
        this.machinery = machinery;
        for (Line line : lines) {
            channels.put(
                    line.channel().name(),
                    new Lines(
                            new ChannelQueue(line.channel(), line.concurrency()),
                            metrics.channel(line.channel().name())));
        }
    }

    /** Begins with what the outbox holds already, and looks again now and then for what others have queued. */
    public void start() {
        running = true;
        load();
        poll = machinery.scheduler().every("bridge-outbox", POLL, Duration.ZERO, at -> load());
    }

    private void load() {
        channels.values().forEach(this::load);
        try {
            Map<String, Archive.Backlog> backlog = outbox.archive().backlog();
            Instant now = machinery.clock().instant();
            channels.forEach((name, lines) -> {
                Archive.Backlog waiting = backlog.getOrDefault(name, new Archive.Backlog(0, null));
                Instant oldest = waiting.oldest();
                lines.metrics.queue(waiting.depth(), oldest == null ? Duration.ZERO : Duration.between(oldest, now));
            });
        } catch (OutboxException e) {
            logger.atDebug().setCause(e).log("backlog unknown");
        }
    }

    private void load(Lines lines) {
        String name = lines.queue.channel().name();
        try {
            for (Outbox.Waiting waiting : outbox.archive().waiting(name, ChannelQueue.MAX_LANES)) {
                lines.queue.add(waiting.lane(), waiting.due());
            }
        } catch (OutboxException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("outbox cannot be read");
        }
        pump(lines);
    }

    /** What was put down under that number says this; it need not be read again. */
    void remember(long inbox, Notification notification, int size) {
        readings.remember(inbox, notification, size);
    }

    /** Something was queued for channels. */
    public void queued(List<Outbox.Waiting> queued) {
        for (Outbox.Waiting waiting : queued) {
            Lines lines = channels.get(waiting.channel());
            if (lines != null) {
                lines.queue.add(waiting.lane(), waiting.due());
                pump(lines);
            }
        }
    }

    /** The channels whose other side does not work at present. */
    public List<String> failing() {
        return channels.entrySet().stream()
                .filter(entry -> entry.getValue().queue.isFailing())
                .map(Map.Entry::getKey)
                .toList();
    }

    // Hands everything that may go to the executor. Never runs twice at once for a channel, also when the executor
    // works on the calling thread.
    private void pump(Lines lines) {
        synchronized (lines) {
            if (lines.pumping) {
                lines.again = true;
                return;
            }
            lines.pumping = true;
        }
        while (true) {
            Long lane = running ? lines.queue.next(machinery.clock().instant()) : null;
            if (lane != null) {
                long taken = lane;
                try {
                    machinery.executor().execute(() -> work(lines, taken));
                } catch (RejectedExecutionException e) {
                    lines.queue.release(taken, machinery.clock().instant().plus(DISK_PAUSE), Instant.MIN);
                }
                continue;
            }
            synchronized (lines) {
                if (!lines.again) {
                    lines.pumping = false;
                    planWake(lines);
                    return;
                }
                lines.again = false;
            }
        }
    }

    private void planWake(Lines lines) {
        Instant at = lines.queue.wakeAt();
        Instant planned = lines.wakeAt;
        if (at == null || !running || (planned != null && !at.isBefore(planned))) {
            return;
        }
        if (lines.wake != null) {
            lines.wake.close();
        }
        Duration wait = Duration.between(machinery.clock().instant(), at);
        lines.wakeAt = at;
        lines.wake = machinery.scheduler().once("bridge-wake", wait.isNegative() ? Duration.ZERO : wait, () -> {
            synchronized (lines) {
                lines.wake = null;
                lines.wakeAt = null;
            }
            pump(lines);
        });
    }

    private void work(Lines lines, long lane) {
        Begun begun = lines.begun.remove(lane);
        Lease lease = begun == null ? null : begun.lease();
        try {
            if (lease == null) {
                lease = Outbox.await(outbox.lease(lines.queue.channel().name(), lane));
            }
            if (lease == null) {
                release(lines, lane, null);
                return;
            }
            Message message =
                    begun == null ? messages.build(lease) : begun.message().with(MessageBuilder.attempt(lease));
            if (message == null) {
                conclude(lines, lease, new Outcome.Rejected("forgotten", "what was to be told is not kept any more"));
                return;
            }
            Outcome outcome = lines.queue.channel().deliver(message);
            if (outcome instanceof Outcome.Progressed progressed) {
                track(lines, outcome, machinery.clock().instant());
                goOn(lines, new Begun(lease, message), progressed);
            } else {
                conclude(lines, lease, outcome);
            }
        } catch (OutboxException e) {
            logger.atDebug().setCause(e).log("outbox cannot be used");
            postpone(lines, lane, lease, Outcome.Retry.message("disk", String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            logger.atError().setCause(e).addKeyValue("lane", lane).log("message could not be made");
            postpone(lines, lane, lease, Outcome.Retry.message("error", e.toString()));
        }
    }

    private void postpone(Lines lines, long lane, @Nullable Lease lease, Outcome.Retry why) {
        if (lease == null) {
            release(lines, lane, machinery.clock().instant().plus(DISK_PAUSE));
        } else {
            conclude(lines, lease, why.withProgress(lease.past().progress()));
        }
    }

    // A part was delivered. The states stay leased, so that the rest need neither be looked for nor read again.
    private void goOn(Lines lines, Begun begun, Outcome.Progressed progressed) {
        Instant now = machinery.clock().instant();
        Lease rest;
        try {
            rest = Outbox.await(outbox.progress(begun.lease(), progressed, now));
        } catch (OutboxException e) {
            if (running) {
                machinery.scheduler().once("bridge-settle", DISK_PAUSE, () -> goOn(lines, begun, progressed));
            }
            return;
        }
        lines.begun.put(rest.lane(), new Begun(rest, begun.message()));
        if (!running) {
            giveBack(lines);
        }
        release(lines, rest.lane(), now);
    }

    private void giveBack(Lines lines) {
        for (long lane : List.copyOf(lines.begun.keySet())) {
            Begun begun = lines.begun.remove(lane);
            if (begun != null) {
                CompletionStage<Integer> queued = outbox.giveBack(begun.lease());
                queued.whenComplete((rows, failure) -> {
                    if (failure != null) {
                        logger.atDebug().setCause(failure).log("it is queued at the next start");
                    }
                });
            }
        }
    }

    private void conclude(Lines lines, Lease lease, Outcome outcome) {
        Instant now = machinery.clock().instant();
        Outcome last = outcome;
        Instant due = now;
        if (outcome instanceof Outcome.Retry retry) {
            due = now.plus(wait(lines, lease, retry));
            // The newest state counts: one that came a minute ago is not given up for its older siblings' sake.
            Instant newest = lease.created().get(lease.created().size() - 1);
            if (!now.isBefore(newest.plus(policy.giveUpAfter()))) {
                last = new Outcome.Rejected(
                        retry.code(), "given up after " + Times.span(policy.giveUpAfter()) + ": " + retry.reason());
            }
        } else if (outcome instanceof Outcome.Delivered delivered && delivered.rest() != null) {
            due = now.plus(policy.backoff(lease.attempt(), machinery.random()));
        }
        track(lines, outcome, due);
        log(lease, last);
        settle(lines, lease, last, due);
    }

    private Duration wait(Lines lines, Lease lease, Outcome.Retry retry) {
        int failures = lease.attempt();
        if (retry.scope() == Outcome.Scope.CHANNEL) {
            failures = lines.queue.failed();
        }
        Duration asked = retry.after();
        return asked == null ? policy.backoff(failures, machinery.random()) : asked;
    }

    private void track(Lines lines, Outcome outcome, Instant due) {
        if (outcome instanceof Outcome.Retry retry) {
            if (retry.scope() == Outcome.Scope.CHANNEL) {
                lines.queue.pause(due);
                lines.metrics.up(false);
            }
        } else if (lines.queue.worked()) {
            logger.atInfo().addKeyValue("channel", lines.queue.channel().name()).log("channel works again");
            lines.metrics.up(true);
        }
    }

    private static void log(Lease lease, Outcome outcome) {
        if (outcome instanceof Outcome.Retry retry) {
            logger.atWarn()
                    .addKeyValue("channel", lease.channel())
                    .addKeyValue("notification", lease.newest())
                    .addKeyValue("attempt", lease.attempt())
                    .addKeyValue("code", retry.code())
                    .addKeyValue("reason", retry.reason())
                    .log("not delivered, will try again");
        } else if (outcome instanceof Outcome.Rejected rejected) {
            logger.atError()
                    .addKeyValue("channel", lease.channel())
                    .addKeyValue("notification", lease.newest())
                    .addKeyValue("code", rejected.code())
                    .addKeyValue("reason", rejected.reason())
                    .log("given up, see the dead letters");
        }
    }

    // What was delivered is put down before anything else is done for the group, however long the disk takes:
    // otherwise it would be delivered again.
    private void settle(Lines lines, Lease lease, Outcome outcome, Instant due) {
        Instant now = machinery.clock().instant();
        Outbox.Settled settled;
        try {
            settled = Outbox.await(outbox.settle(lease, outcome, now, due));
        } catch (OutboxException e) {
            if (running) {
                machinery.scheduler().once("bridge-settle", DISK_PAUSE, () -> settle(lines, lease, outcome, due));
            }
            return;
        }
        count(lines.metrics, lease, outcome, now);
        Outbox.Waiting split = settled.split();
        if (split != null) {
            lines.queue.add(split.lane(), split.due());
        }
        release(lines, lease.lane(), settled.next());
    }

    private static void count(ChannelMetrics metrics, Lease lease, Outcome outcome, Instant now) {
        int states = lease.inbox().size();
        if (outcome instanceof Outcome.Delivered delivered) {
            for (int i = 0; i < states; i++) {
                metrics.delivered(
                        i < states - 1, Duration.between(lease.created().get(i), now));
            }
            metrics.deadLetters(delivered.refusals().size());
        } else if (outcome instanceof Outcome.Rejected) {
            metrics.dead(states);
            metrics.deadLetters(1);
        }
    }

    private void release(Lines lines, long lane, @Nullable Instant due) {
        lines.queue.release(lane, due, machinery.clock().instant());
        if (lines.queue.wantsMore()) {
            load(lines);
        } else {
            pump(lines);
        }
    }

    /** Begins no further delivery; those under way are still put down. */
    public void stop() {
        running = false;
        Scheduler.Task task = poll;
        if (task != null) {
            task.close();
        }
        channels.values().forEach(this::giveBack);
    }

    /** How many deliveries are under way. */
    public int underWay() {
        return channels.values().stream().mapToInt(lines -> lines.queue.busy()).sum();
    }
}
