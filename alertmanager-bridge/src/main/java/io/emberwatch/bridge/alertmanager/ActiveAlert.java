package io.emberwatch.bridge.alertmanager;

import io.emberwatch.model.Labels;
import java.time.Instant;
import java.util.List;

/**
 * An alert that an Alertmanager has and that is not over.
 *
 * @param state {@code active}, {@code suppressed} or {@code unprocessed}
 * @param receivers whom it is routed to
 */
public record ActiveAlert(
        String fingerprint,
        Labels labels,
        Labels annotations,
        Instant startsAt,
        String generatorUrl,
        String state,
        List<String> receivers) {
    public ActiveAlert {
        receivers = List.copyOf(receivers);
    }
}
