package io.emberwatch.bridge.alertmanager;

import io.emberwatch.model.Labels;
import java.time.Instant;

/**
 * A silence for all alerts that have exactly these labels, whatever labels they have beside.
 *
 * @param id the empty string for one that is still to be made
 * @param state {@code active}, {@code pending} or {@code expired}; the empty string for one that is still to be made
 */
public record Silence(
        String id, String state, Labels labels, Instant startsAt, Instant endsAt, String createdBy, String comment) {
    public boolean isOver() {
        return state.equals("expired");
    }

    public Silence until(Instant end) {
        return new Silence(id, state, labels, startsAt, end, createdBy, comment);
    }
}
