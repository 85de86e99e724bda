package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Severity;
import java.time.Instant;

/** When a channel may be disturbed. */
@FunctionalInterface
public interface Quiet {
    /** Always. */
    Quiet NEVER = (channel, severity, now) -> now;

    /** The first moment, from now on, at which the channel may be told of something so severe. */
    Instant until(String channel, Severity severity, Instant now);
}
