package io.emberwatch.bridge.notification;

import io.emberwatch.model.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One alert of a notification.
 *
 * @param fingerprint identifies the label set, as Alertmanager computes it
 * @param labels what identifies the alert
 * @param annotations texts for people
 * @param startsAt when it began to fire
 * @param endsAt when it was resolved; null while it fires
 * @param generatorUrl where to see the expression, may be empty
 */
public record NotifiedAlert(
        String fingerprint,
        Labels labels,
        Labels annotations,
        Instant startsAt,
        @Nullable Instant endsAt,
        String generatorUrl) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    public NotifiedAlert {
        if (fingerprint.isEmpty()) {
            throw new IllegalArgumentException("an alert must have a fingerprint");
        }
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(annotations, "annotations");
        Objects.requireNonNull(startsAt, "startsAt");
        Objects.requireNonNull(generatorUrl, "generatorUrl");
    }

    public boolean isFiring() {
        return endsAt == null;
    }

    /** The {@code alertname}, or a word for alerts that have none. */
    public String name() {
        String name = labels.get("alertname");
        return name.isEmpty() ? "alert" : name;
    }

    public Severity severity() {
        return Severity.of(labels.get("severity"));
    }

    /** The labels that all of these alerts have, with the same values. */
    public static Labels shared(List<NotifiedAlert> alerts) {
        if (alerts.isEmpty()) {
            return Labels.EMPTY;
        }
        Labels first = alerts.get(0).labels();
        Labels.Builder shared = Labels.builder();
        for (int i = 0; i < first.size(); i++) {
            String name = first.name(i);
            String value = first.value(i);
            if (alerts.stream()
                    .allMatch(alert ->
                            alert.labels().has(name) && alert.labels().get(name).equals(value))) {
                shared.set(name, value);
            }
        }
        return shared.build();
    }

    /**
     * The fingerprint that Alertmanager gives a label set: FNV-1a, 64 bits, over every name and value in order of names,
     * each ended by a byte 0xff.
     */
    public static String fingerprintOf(Labels labels) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < labels.size(); i++) {
            hash = mix(mix(hash, labels.name(i)), labels.value(i));
        }
        return String.format("%016x", hash);
    }

    private static long mix(long hash, String text) {
        long mixed = hash;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            mixed = (mixed ^ (b & 0xff)) * FNV_PRIME;
        }
        return (mixed ^ 0xff) * FNV_PRIME;
    }
}
