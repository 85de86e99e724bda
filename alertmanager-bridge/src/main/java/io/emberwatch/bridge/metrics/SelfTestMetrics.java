package io.emberwatch.bridge.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of the messages that the bridge sends by itself to see whether they get through. */
public final class SelfTestMetrics {
    private final Counter tests;
    private final Gauge success;
    private final Gauge lastSuccess;
    private final Gauge duration;
    private final Set<String> known = new HashSet<>();

    /** How a test ended. */
    public enum Result {
        /** The channel has taken it for every receiver. */
        ARRIVED,
        /** Not in time; it may arrive still, which counts as another result. */
        LATE,
        /** The channel or one of its receivers refused it for good. */
        REFUSED;

        /** As in labels. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    SelfTestMetrics(CollectorRegistry registry) {
        tests = Counter.build(
                        "emberwatch_bridge_self_tests_total",
                        "Messages sent to see whether they get through, by result: arrived, late or refused.")
                .labelNames("channel", "result")
                .register(registry);
        success = Gauge.build(
                        "emberwatch_bridge_self_test_success",
                        "0 while the last message sent to see whether it gets through has not arrived in time.")
                .labelNames("channel")
                .register(registry);
        lastSuccess = Gauge.build(
                        "emberwatch_bridge_self_test_last_success_timestamp_seconds",
                        "When such a message arrived last; 0 when none has since the start.")
                .labelNames("channel")
                .register(registry);
        duration = Gauge.build(
                        "emberwatch_bridge_self_test_duration_seconds",
                        "How long the last such message that arrived was on its way.")
                .labelNames("channel")
                .register(registry);
    }

    /** The channels that are tried from now on, and no others. */
    public synchronized void channels(List<String> channels) {
        for (String gone : Set.copyOf(known)) {
            if (!channels.contains(gone)) {
                known.remove(gone);
                success.remove(gone);
                lastSuccess.remove(gone);
                duration.remove(gone);
            }
        }
        for (String channel : channels) {
            if (known.add(channel)) {
                success.labels(channel).set(1);
                lastSuccess.labels(channel).set(0);
                for (Result result : Result.values()) {
                    tests.labels(channel, result.word());
                }
            }
        }
    }

    /** @param took how long it was on its way; null when it did not arrive */
    public void ended(String channel, Result result, @Nullable Duration took) {
        tests.labels(channel, result.word()).inc();
        success.labels(channel).set(result == Result.ARRIVED ? 1 : 0);
        if (took != null) {
            duration.labels(channel).set(Math.max(0, took.toMillis() / 1e3));
        }
    }

    /** One arrived. */
    public void succeeded(String channel, Instant at) {
        lastSuccess.labels(channel).set(at.toEpochMilli() / 1e3);
    }
}
