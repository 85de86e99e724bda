package io.emberwatch.push.metrics;

import java.util.Locale;

/** Why a sample did not reach Kafka. */
public enum SinkLoss {
    /** Neither NaN nor infinity can be written in line protocol. */
    NOT_FINITE,
    /** A name or label that line protocol cannot hold. */
    UNWRITABLE,
    /** The buffer was full because Kafka was too slow or away. */
    BUFFER_FULL,
    /** Kafka did not acknowledge it in time or refused it. */
    NOT_ACKNOWLEDGED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
