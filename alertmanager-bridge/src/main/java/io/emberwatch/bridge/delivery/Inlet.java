package io.emberwatch.bridge.delivery;

import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.metrics.BridgeMetrics.Verdict;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.outbox.Handling;
import io.emberwatch.bridge.outbox.Noticed;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.outbox.Received;
import io.emberwatch.bridge.outbox.Taken;
import io.emberwatch.bridge.outbox.TopicPlace;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Headline;
import io.emberwatch.bridge.route.Routes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The one way in: routes what was received, puts it into the outbox, and wakes its channels once it is on disk. */
public final class Inlet {
    /** How long a sender is kept waiting for the disk. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final Dispatcher dispatcher;
    private final Ways ways;
    private final InstantSource clock;
    private final BridgeMetrics metrics;
    private volatile Predicate<Notification> signsOfLife = notification -> false;

    /**
     * Where things go.
     *
     * @param fallback the channels that are told what is no notification
     */
    public record Ways(Routes routes, List<String> fallback) {
        public Ways {
            fallback = List.copyOf(fallback);
        }
    }

    public Inlet(Outbox outbox, Dispatcher dispatcher, Ways ways, InstantSource clock, BridgeMetrics metrics) {
        this.outbox = outbox;
        this.dispatcher = dispatcher;
        this.ways = ways;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Who swallows the alert that always fires before anybody else hears of it. */
    public void watchdog(Predicate<Notification> takes) {
        signsOfLife = takes;
    }

    /**
     * Takes a notification; on return it is on disk.
     *
     * @param source where from, for the record
     * @param raw what it was read from
     * @throws OutboxException when it is not on disk, or not for certain
     */
    public Taken take(String source, Notification notification, Payload raw) throws OutboxException {
        return settle(begin(source, notification, raw));
    }

    /**
     * Begins to take a notification. What comes of it is to be handed to {@link #settle} once it is there, which is when
     * it is on disk or could not be put there, and within {@link #PATIENCE}.
     *
     * @param source where from, for the record
     * @param raw what it was read from
     */
    public CompletableFuture<Taken> begin(String source, Notification notification, Payload raw) {
        if (signsOfLife.test(notification)) {
            return CompletableFuture.completedFuture(new Taken(Verdict.WATCHDOG, 0, 0, List.of()));
        }
        if (ways.routes().isUnknown(notification.receiver())) {
            metrics.unknownReceiver();
        }
        return inTime(outbox.take(new Received(
                        source,
                        notification,
                        raw,
                        Headline.of(notification.groupLabels(), notification.alerts()),
                        ways.routes().channels(notification),
                        clock.instant()))
                .whenComplete((taken, failure) -> {
                    if (taken != null && !taken.waiting().isEmpty()) {
                        dispatcher.remember(taken.inbox(), notification, raw.size());
                    }
                }));
    }

    private static CompletableFuture<Taken> inTime(CompletableFuture<Taken> answer) {
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Begins to take something that cannot be read, to keep and to report it; as {@link #begin} does. */
    public CompletableFuture<Taken> unparsable(String receiver, String reason, Payload raw) {
        return inTime(outbox.take(new Noticed(
                "unparsable",
                receiver,
                "An alert could not be read",
                "received" + (receiver.isEmpty() ? "" : " for " + Clip.oneLine(receiver)) + ": " + Clip.oneLine(reason),
                raw,
                ways.fallback(),
                clock.instant())));
    }

    /** Reports a trouble of the bridge's own. */
    public void notice(String kind, String title, String text) throws OutboxException {
        wait(outbox.take(
                new Noticed(kind, "", title, Clip.oneLine(text), Payload.EMPTY, ways.fallback(), clock.instant())));
    }

    /** Reports something to channels of one's own choice. */
    public Taken notice(Noticed noticed) throws OutboxException {
        return wait(outbox.take(noticed));
    }

    /** Puts down what was done about an incident and tells these channels; null when it is not known any more. */
    public @Nullable Taken update(String incident, @Nullable Handling handling, String what, List<String> channels)
            throws OutboxException {
        Taken taken = Outbox.await(outbox.update(incident, handling, what, channels, clock.instant()), PATIENCE);
        if (taken != null) {
            dispatcher.queued(taken.waiting());
        }
        return taken;
    }

    /** Queues a dead letter again; false when there is none of that number. */
    public boolean replay(long letter, Outbox.Asker asker) throws OutboxException {
        Outbox.Waiting waiting = Outbox.await(outbox.replay(letter, asker, clock.instant()), PATIENCE);
        if (waiting != null) {
            dispatcher.queued(List.of(waiting));
        }
        return waiting != null;
    }

    /** Takes a dead letter from the list for good; false when there is none of that number. */
    public boolean discard(long letter, Outbox.Asker asker) throws OutboxException {
        return Outbox.await(outbox.discard(letter, asker, clock.instant()), PATIENCE);
    }

    /** Takes a message of a topic, once for its place there. */
    public Taken topic(Noticed message, TopicPlace place) throws OutboxException {
        return settle(outbox.take(message, place));
    }

    /**
     * Counts what came of {@link #begin}, and wakes the channels that have something to deliver. Waits when it is not there
     * yet.
     *
     * @throws OutboxException when it is not on disk, or not for certain
     */
    public Taken settle(CompletableFuture<Taken> answer) throws OutboxException {
        try {
            Taken taken = wait(answer);
            metrics.received(taken.verdict());
            return taken;
        } catch (OutboxException e) {
            metrics.received(Verdict.UNAVAILABLE);
            throw e;
        }
    }

    private Taken wait(CompletableFuture<Taken> answer) throws OutboxException {
        Taken taken = Outbox.await(answer, PATIENCE);
        dispatcher.queued(taken.waiting());
        return taken;
    }
}
