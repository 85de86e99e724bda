package io.emberwatch.model;

import java.time.Instant;
import java.util.Objects;

/**
 * An alert as a rule engine sends it to Alertmanager (API v2, {@code postableAlert}).
 *
 * @param labels what identifies the alert, {@code alertname} included
 * @param annotations texts for people
 * @param startsAt when it began to fire
 * @param endsAt when it was resolved, or until when it counts as firing if nothing more is heard
 * @param generatorUrl where to see the expression, may be empty
 */
public record Alert(Labels labels, Labels annotations, Instant startsAt, Instant endsAt, String generatorUrl) {
    public static final String ALERT_NAME = "alertname";

    public Alert {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("an alert must have labels");
        }
        Objects.requireNonNull(annotations, "annotations");
        Objects.requireNonNull(startsAt, "startsAt");
        Objects.requireNonNull(endsAt, "endsAt");
        Objects.requireNonNull(generatorUrl, "generatorUrl");
    }

    public boolean isResolvedAt(Instant now) {
        return !endsAt.isAfter(now);
    }
}
