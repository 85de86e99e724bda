package io.emberwatch.rules.remote;

import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.remote.RemoteLink.Outcome;
import io.emberwatch.rules.remote.SenderMetrics.Drop;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the samples of one part of a commit, request after request, each until the receiver takes it or refuses it for
 * good. What is in a request depends on the commit alone: one that is sent again after a crash is the same request, which
 * the receiver has either seen as a whole or not at all.
 */
final class ShardSender {
    private static final Logger logger = LoggerFactory.getLogger("rules.remote");

    private final SampleBuffer samples;
    private final Receiver receiver;
    private final Runnable finished;
    private int from;
    private @Nullable Packet packet;
    private Duration backoff = Duration.ZERO;

    /** What the senders of one receiver share. */
    record Receiver(
            RemoteWriteSettings settings,
            RemoteLink link,
            OutgoingLabels labels,
            Scheduler scheduler,
            InstantSource clock,
            SenderMetrics.Remote metrics,
            ReceiverState state) {}

    /** @param newest time of the newest sample, milliseconds */
    @SuppressWarnings("ArrayRecordComponent") // sent and forgotten
    private record Packet(byte[] block, int samples, long newest) {}

    /** @param finished told once, when all is sent */
    ShardSender(SampleBuffer samples, Receiver receiver, Runnable finished) {
        this.samples = samples;
        this.receiver = receiver;
        this.finished = finished;
    }

    void start() {
        next();
    }

    private void next() {
        Packet following = null;
        while (following == null && from < samples.size()) {
            following = pack();
        }
        packet = following;
        if (following == null) {
            finished.run();
        } else {
            backoff = receiver.settings().queue().minBackoff();
            send();
        }
    }

    // Null when nothing is left of the samples.
    private @Nullable Packet pack() {
        int to = Math.min(samples.size(), from + receiver.settings().queue().samplesPerRequest());
        WriteRequestWriter request = new WriteRequestWriter();
        Duration ageLimit = receiver.settings().queue().ageLimit();
        long oldest = ageLimit.isZero() ? Long.MIN_VALUE : receiver.clock().millis() - ageLimit.toMillis();
        int count = 0;
        int relabeled = 0;
        long newest = Long.MIN_VALUE;
        for (int i = from; i < to; i++) {
            byte[] labels = receiver.labels().of(samples.series(i));
            if (labels == null) {
                relabeled++;
            } else if (samples.timestampMillis(i) >= oldest) {
                request.sample(labels, samples.timestampMillis(i), samples.value(i));
                newest = Math.max(newest, samples.timestampMillis(i));
                count++;
            }
        }
        receiver.metrics().dropped(Drop.RELABELED, relabeled);
        receiver.metrics().dropped(Drop.TOO_OLD, to - from - relabeled - count);
        receiver.metrics().pending.dec(to - from - count);
        from = to;
        return count == 0 ? null : new Packet(request.toBlock(), count, newest);
    }

    private void send() {
        Packet sent = packet;
        if (sent != null && !receiver.state().isClosed()) {
            long began = System.nanoTime();
            receiver.link().post(sent.block(), outcome -> {
                receiver.metrics().duration.observe((System.nanoTime() - began) / 1e9);
                done(sent, outcome);
            });
        }
    }

    private void done(Packet sent, Outcome outcome) {
        if (outcome instanceof Outcome.Retry retry) {
            if (!receiver.state().isClosed()) {
                again(sent, retry);
            }
            return;
        }
        receiver.metrics().pending.dec(sent.samples());
        if (outcome instanceof Outcome.Rejected rejected) {
            receiver.metrics().failed.inc(sent.samples());
            receiver.state().rejected(rejected.reason());
        } else {
            receiver.metrics().samples.inc(sent.samples());
            receiver.metrics().bytes.inc(sent.block().length);
            receiver.metrics().highestSent.set((double) sent.newest() / 1000);
            receiver.state().delivered();
        }
        next();
    }

    private void again(Packet sent, Outcome.Retry retry) {
        receiver.metrics().retried.inc(sent.samples());
        receiver.state().failing(retry.reason());
        Duration wait = retry.after().compareTo(backoff) > 0 ? retry.after() : backoff;
        Duration doubled = backoff.multipliedBy(2);
        Duration most = receiver.settings().queue().maxBackoff();
        backoff = doubled.compareTo(most) > 0 ? most : doubled;
        logger.atDebug()
                .addKeyValue("wait", wait)
                .addKeyValue("reason", retry.reason())
                .log("will send again");
        receiver.scheduler().once("remote write to " + receiver.settings().name(), wait, this::send);
    }
}
