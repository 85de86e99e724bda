package io.emberwatch.bridge.channel;

import java.time.Duration;

/** A way to people. Called by several threads at once, never for two messages of one incident. */
public interface Channel extends AutoCloseable {
    /** Its name in the configuration, routes, metrics and trails. */
    String name();

    /**
     * Whether a message may go now.
     *
     * @return zero when one may, and then its place is taken; otherwise how long to wait before asking again
     */
    default Duration admit() {
        return Duration.ZERO;
    }

    /** Delivers a message, or says why not; ends within the channel's configured time. */
    Outcome deliver(Message message);

    /** What would be sent, for people to look at; holds no secret. */
    String preview(Message message);

    /** Lets go of connections. */
    @Override
    default void close() {}
}
