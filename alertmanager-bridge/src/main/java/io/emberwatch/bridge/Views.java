package io.emberwatch.bridge;

import io.emberwatch.bridge.api.BridgeApi;
import io.emberwatch.bridge.api.Feed;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.outbox.Outbox;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to look at in an outbox: that of a running bridge, or one that another bridge has.
 *
 * @param borrowed an outbox that is closed with them; null when somebody else does that
 */
record Views(BridgeApi api, Feed feed, @Nullable Outbox borrowed) implements AutoCloseable {
    /** Those of a running bridge. */
    static Views of(BridgeParts parts) {
        return new Views(parts.api(), parts.feed(), null);
    }

    /**
     * Beside the bridge that has the outbox: it shows the same, and changes nothing.
     *
     * @throws IOException when there is nothing to look at yet
     */
    static Views beside(Outbox.Options options, InstantSource clock) throws IOException {
        Outbox outbox = Outbox.attach(options, new BridgeMetrics(new CollectorRegistry()));
        Feed feed = new Feed(outbox);
        try {
            feed.start();
        } catch (IOException e) {
            outbox.close();
            throw e;
        }
        return new Views(new BridgeApi(outbox, null, clock, (incident, handling) -> List.of()), feed, outbox);
    }

    @Override
    public void close() {
        feed.close();
        if (borrowed != null) {
            borrowed.close();
        }
    }
}
