package io.emberwatch.bridge.channel;

import java.time.Duration;

/** Admits no more than its rate, and nobody while the other side has asked for a pause. */
final class RateLimited implements Channel {
    private final Channel channel;
    private final TokenBucket bucket;

    RateLimited(Channel channel, TokenBucket bucket) {
        this.channel = channel;
        this.bucket = bucket;
    }

    @Override
    public String name() {
        return channel.name();
    }

    @Override
    public Duration admit() {
        Duration wait = bucket.take();
        return wait.isZero() ? channel.admit() : wait;
    }

    @Override
    public Outcome deliver(Message message) {
        Outcome outcome = channel.deliver(message);
        if (outcome instanceof Outcome.Retry retry && retry.code().equals("429")) {
            Duration asked = retry.after();
            bucket.close(asked == null ? Duration.ZERO : asked);
        }
        return outcome;
    }

    @Override
    public String preview(Message message) {
        return channel.preview(message);
    }

    @Override
    public void close() {
        channel.close();
    }
}
