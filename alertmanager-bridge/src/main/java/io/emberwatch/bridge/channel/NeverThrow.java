package io.emberwatch.bridge.channel;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a channel should never have thrown into an attempt that failed, so that no message is forgotten. */
final class NeverThrow implements Channel {
    private static final Logger logger = LoggerFactory.getLogger("bridge.channel");

    private final Channel channel;

    NeverThrow(Channel channel) {
        this.channel = channel;
    }

    @Override
    public String name() {
        return channel.name();
    }

    @Override
    public Duration admit() {
        return channel.admit();
    }

    @Override
    public Outcome deliver(Message message) {
        try {
            return channel.deliver(message);
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            logger.atError()
                    .setCause(e)
                    .addKeyValue("channel", name())
                    .addKeyValue("incident", message.incident().id())
                    .log("channel failed");
            return Outcome.Retry.message("error", e.toString()).maybeArrived();
        }
    }

    @Override
    public String preview(Message message) {
        return channel.preview(message);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (RuntimeException e) {
            logger.atWarn().setCause(e).addKeyValue("channel", name()).log("channel did not close");
        }
    }
}
