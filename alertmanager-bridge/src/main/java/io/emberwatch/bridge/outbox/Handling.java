package io.emberwatch.bridge.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people have done about an incident.
 *
 * @param version counts what was done, so that what was offered before can be told from what is offered now
 * @param who did it last
 * @param at when
 * @param silence the silence's identifier at Alertmanager, or the empty string
 * @param source the Alertmanager's address, or the empty string
 * @param until when the silence ends; null without one
 * @param reminded whether its end was announced
 */
public record Handling(
        String incident,
        int version,
        State state,
        String who,
        Instant at,
        String silence,
        String source,
        @Nullable Instant until,
        boolean reminded) {
    /** What is true of the incident now. */
    public enum State {
        /** Nobody has said anything. */
        OPEN,
        /** Somebody takes care of it. */
        ACKNOWLEDGED,
        /** It is silenced for a time. */
        SILENCED
    }

    /** Nothing was done yet. */
    public static Handling none(String incident) {
        return new Handling(incident, 0, State.OPEN, "", Instant.EPOCH, "", "", null, false);
    }
}
