package io.emberwatch.bridge.action;

import java.time.Instant;

/**
 * Leave to do one thing about one incident, once, from one place.
 *
 * @param channel the bridge's channel that showed it
 * @param place where that was: Mattermost's channel, or {@code mail}
 * @param version how often something had been done about the incident by then
 */
public record Token(Action action, String incident, String channel, String place, int version, Instant expires) {
    String text() {
        return String.join(
                "|",
                action.word(),
                incident,
                channel,
                place,
                Integer.toString(version),
                Long.toString(expires.getEpochSecond()));
    }
}
