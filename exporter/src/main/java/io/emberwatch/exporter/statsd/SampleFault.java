package io.emberwatch.exporter.statsd;

import java.util.Locale;

/** Why a line or sample is not taken, in the words of statsd_exporter. */
enum SampleFault {
    MALFORMED_LINE(true),
    MIXED_TAGGING_STYLES(true),
    NOT_ENOUGH_PARTS_AFTER_COLON(true),
    INVALID_EXTENDED_AGGREGATE_TYPE(true),
    MALFORMED_COMPONENT(false),
    MALFORMED_VALUE(false),
    INVALID_SAMPLE_FACTOR(false),
    MALFORMED_CONTAINER_ID(false),
    MALFORMED_TIMESTAMP(false),
    ILLEGAL_EVENT(false);

    private final boolean wholeLine;

    SampleFault(boolean wholeLine) {
        this.wholeLine = wholeLine;
    }

    /** Whether it costs the line; if not, one sample. */
    boolean isWholeLine() {
        return wholeLine;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
