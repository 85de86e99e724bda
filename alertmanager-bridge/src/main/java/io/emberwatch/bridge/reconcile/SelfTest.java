package io.emberwatch.bridge.reconcile;

import io.emberwatch.bridge.delivery.Inlet;
import io.emberwatch.bridge.metrics.SelfTestMetrics;
import io.emberwatch.bridge.metrics.SelfTestMetrics.Result;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Noticed;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.render.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a message over channels now and then, the way that alerts go: through the outbox, in the channel's own manner.
 * Whether it arrived is read from the outbox, and counted. One that comes late counts as arrived from then on.
 */
public final class SelfTest {
    /** What its messages are known by in the outbox. */
    public static final String KIND = "self-test";

    private static final Logger logger = LoggerFactory.getLogger("bridge.self-test");

    private final SelfTestConfig config;
    private final Outbox outbox;
    private final Inlet inlet;
    private final SelfTestMetrics metrics;
    private final Map<String, Result> results = new HashMap<>();
    private @Nullable Instant begun;
    private long sent;

    public SelfTest(SelfTestConfig config, Outbox outbox, Inlet inlet, SelfTestMetrics metrics) {
        this.config = config;
        this.outbox = outbox;
        this.inlet = inlet;
        this.metrics = metrics;
        metrics.channels(config.channels());
    }

    /** What an earlier process has sent counts: a restart sends no more than there would have been. */
    public void begin() throws OutboxException {
        begun = outbox.incidents().mark(KIND);
    }

    /** Looks once what became of the last message, and sends the next when it is time. */
    public void look(Instant now) {
        Instant last = begun;
        try {
            if (sent != 0 && last != null) {
                judge(last, now);
            }
            if (last == null || !now.isBefore(last.plus(config.interval()))) {
                send(now);
            }
        } catch (OutboxException e) {
            config.channels().forEach(channel -> put(channel, Result.LATE, null));
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("the self-test cannot be made");
        }
    }

    private void send(Instant now) throws OutboxException {
        begun = now;
        sent = 0;
        results.clear();
        Outbox.await(outbox.mark(KIND, now));
        sent = inlet.notice(new Noticed(
                        InboxRow.CHAT,
                        KIND,
                        "",
                        "Test of the way to you",
                        "The bridge sends this every " + Times.span(config.interval())
                                + " to see whether it gets through. Nothing is wrong.",
                        Payload.EMPTY,
                        config.channels(),
                        now))
                .inbox();
    }

    private void judge(Instant last, Instant now) throws OutboxException {
        List<Archive.Entry> found = outbox.archive().entries(sent + 1, 1);
        if (found.isEmpty() || found.get(0).row().id() != sent) {
            return; // forgotten to make room
        }
        boolean late = Duration.between(last, now).compareTo(config.timeout()) >= 0;
        for (String channel : config.channels()) {
            judge(found.get(0), channel, late);
        }
    }

    private void judge(Archive.Entry entry, String channel, boolean late) {
        boolean refused = false;
        Instant arrived = null;
        for (Archive.Event event : entry.trail()) {
            if (event.channel().equals(channel)) {
                refused |= event.event().equals("refused") || event.event().equals("dead");
                arrived = event.event().equals("delivered") ? event.at() : arrived;
            }
        }
        boolean through = entry.deliveries().stream()
                .filter(one -> one.channel().equals(channel))
                .allMatch(one -> one.state().equals("delivered"));
        if (refused) {
            put(channel, Result.REFUSED, null);
        } else if (through && arrived != null) {
            put(channel, Result.ARRIVED, Duration.between(entry.row().received(), arrived));
            metrics.succeeded(channel, arrived);
        } else if (late) {
            put(channel, Result.LATE, null);
        }
    }

    private void put(String channel, Result result, @Nullable Duration took) {
        if (results.put(channel, result) == result) {
            return;
        }
        metrics.ended(channel, result, took);
        if (result != Result.ARRIVED) {
            logger.atWarn()
                    .addKeyValue("channel", channel)
                    .addKeyValue("result", result.word())
                    .log("the self-test did not get through");
        }
    }
}
