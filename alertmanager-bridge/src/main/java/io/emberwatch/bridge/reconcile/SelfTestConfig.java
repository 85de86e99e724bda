package io.emberwatch.bridge.reconcile;

import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;

/**
 * A message that the bridge sends by itself now and then to see whether it gets through.
 *
 * @param channels over which; best channels of their own, where nobody reads for news
 * @param interval from one to the next, at least a minute
 * @param timeout after which one that has not arrived has failed; shorter than the interval
 */
public record SelfTestConfig(
        List<String> channels,
        @Default("1h") Duration interval,
        @Default("5m") Duration timeout) {
    public SelfTestConfig {
        channels = List.copyOf(channels);
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("channels: expected at least one");
        }
        if (interval.toSeconds() < 60) {
            throw new IllegalArgumentException("interval: expected at least 1m");
        }
        if (timeout.toMillis() < 1000 || timeout.compareTo(interval) >= 0) {
            throw new IllegalArgumentException("timeout: expected at least 1s, and less than interval");
        }
    }
}
