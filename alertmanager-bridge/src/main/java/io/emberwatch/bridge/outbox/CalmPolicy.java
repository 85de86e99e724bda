package io.emberwatch.bridge.outbox;

import io.emberwatch.service.config.Default;
import java.time.Duration;

/**
 * How people are spared when much happens at once or one thing goes on and off. Critical alerts are never put into a
 * digest.
 *
 * @param stormIncidents how many incidents may begin in a minute for one channel before the next go into a digest
 * @param digestInterval how often a digest is sent
 * @param flapChanges after how many returns within {@code flapWindow} of a resolution an alert group counts as flapping;
 *     0 for never
 * @param flapWindow how soon after a resolution a firing is a return
 * @param flapHold how long the changes of a flapping group are gathered into one message
 */
public record CalmPolicy(
        @Default("8") int stormIncidents,
        @Default("15s") Duration digestInterval,
        @Default("3") int flapChanges,
        @Default("10m") Duration flapWindow,
        @Default("5m") Duration flapHold) {
    /** Neither digests nor damping. */
    public static final CalmPolicy NONE =
            new CalmPolicy(Integer.MAX_VALUE, Duration.ofSeconds(15), 0, Duration.ofMinutes(10), Duration.ofMinutes(5));

    public CalmPolicy {
        if (stormIncidents < 1 || flapChanges < 0) {
            throw new IllegalArgumentException("storm_incidents is at least 1, flap_changes at least 0");
        }
        if (digestInterval.toMillis() < 1000 || flapWindow.toMillis() < 1000 || flapHold.toMillis() < 1000) {
            throw new IllegalArgumentException("digest_interval, flap_window and flap_hold are at least 1s");
        }
    }
}
