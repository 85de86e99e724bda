package io.emberwatch.bridge.channel;

import io.emberwatch.bridge.metrics.ChannelMetrics;
import java.time.Duration;

/** Counts attempts by their code and measures how long they take. */
final class Timed implements Channel {
    private final Channel channel;
    private final ChannelMetrics metrics;

    Timed(Channel channel, ChannelMetrics metrics) {
        this.channel = channel;
        this.metrics = metrics;
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
        long began = System.nanoTime();
        Outcome outcome = channel.deliver(message);
        metrics.attempt(outcome.code(), Duration.ofNanos(System.nanoTime() - began));
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
