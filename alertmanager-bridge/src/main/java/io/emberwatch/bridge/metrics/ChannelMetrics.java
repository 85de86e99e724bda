package io.emberwatch.bridge.metrics;

import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Duration;

/** What is counted and measured about one channel. */
public final class ChannelMetrics {
    private final String channel;
    private final Families families;

    ChannelMetrics(String channel, Families families) {
        this.channel = channel;
        this.families = families;
        for (String result : new String[] {"delivered", "coalesced", "dead"}) {
            families.deliveries().labels(channel, result);
        }
        families.attemptDuration().labels(channel);
        families.latency().labels(channel);
        families.deadLetters().labels(channel);
        families.queueDepth().labels(channel);
        families.queueAge().labels(channel);
        families.up().labels(channel).set(1);
        families.fallback().labels(channel).set(0);
        families.templateFaults().labels(channel);
    }

    public void attempt(String code, Duration took) {
        families.attempts().labels(channel, code).inc();
        families.attemptDuration().labels(channel).observe(took.toNanos() / 1e9);
    }

    /** A state arrived by itself, or together with a newer one. */
    public void delivered(boolean coalesced, Duration latency) {
        families.deliveries()
                .labels(channel, coalesced ? "coalesced" : "delivered")
                .inc();
        families.latency().labels(channel).observe(Math.max(0, latency.toNanos() / 1e9));
    }

    public void dead(int states) {
        families.deliveries().labels(channel, "dead").inc(states);
    }

    public void deadLetters(int letters) {
        families.deadLetters().labels(channel).inc(letters);
    }

    public void queue(long depth, Duration oldest) {
        families.queueDepth().labels(channel).set(depth);
        families.queueAge().labels(channel).set(oldest.toNanos() / 1e9);
    }

    public void up(boolean up) {
        families.up().labels(channel).set(up ? 1 : 0);
    }

    /** Whether the channel does with less than it is configured for, such as a webhook for a refused bot. */
    public void fallback(boolean on) {
        families.fallback().labels(channel).set(on ? 1 : 0);
    }

    /** A template failed, and the built-in text was used. */
    public void templateFault() {
        families.templateFaults().labels(channel).inc();
    }

    record Families(
            Counter deliveries,
            Counter attempts,
            Histogram attemptDuration,
            Histogram latency,
            Counter deadLetters,
            Gauge queueDepth,
            Gauge queueAge,
            Gauge up,
            Gauge fallback,
            Counter templateFaults) {}
}
