package io.emberwatch.bridge.channel;

import io.emberwatch.bridge.metrics.BridgeMetrics;
import java.time.InstantSource;

/** What is put around every channel. */
public final class ChannelStack {
    private ChannelStack() {}

    /** From outside in: nothing is thrown, every attempt is measured, and no more go than the other side can take. */
    public static Channel around(Channel channel, Rate rate, InstantSource clock, BridgeMetrics metrics) {
        return new NeverThrow(new Timed(
                new RateLimited(channel, new TokenBucket(clock, rate.perSecond(), rate.burst())),
                metrics.channel(channel.name())));
    }

    /**
     * How much a channel may carry.
     *
     * @param perSecond messages a second on average, above zero
     * @param burst messages at once, at least one
     */
    public record Rate(double perSecond, int burst) {
        public Rate {
            if (!(perSecond > 0) || burst < 1) {
                throw new IllegalArgumentException(
                        perSecond + "/s, burst " + burst + ": a rate is above 0 and a burst at least 1");
            }
        }
    }
}
