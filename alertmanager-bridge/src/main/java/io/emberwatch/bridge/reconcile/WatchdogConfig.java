package io.emberwatch.bridge.reconcile;

import io.emberwatch.bridge.route.Matchers;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;

/**
 * An alert that always fires, whose absence says that alerts do not come through.
 *
 * @param matchers which alert; it is not delivered
 * @param timeout after how long without it that is reported
 */
public record WatchdogConfig(
        @Default("['alertname=\"Watchdog\"']") List<String> matchers,
        @Default("10m") Duration timeout) {
    /** What the rules of this project and of many others call it. */
    public static final WatchdogConfig DEFAULT =
            new WatchdogConfig(List.of("alertname=\"Watchdog\""), Duration.ofMinutes(10));

    public WatchdogConfig {
        matchers = List.copyOf(matchers);
        try {
            new Matchers(matchers);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("matchers: " + e.getMessage(), e);
        }
        if (matchers.isEmpty() || timeout.toMillis() < 1000) {
            throw new IllegalArgumentException("matchers: expected at least one, and timeout at least 1s");
        }
    }
}
