package io.emberwatch.exporter.series;

import org.jspecify.annotations.Nullable;

/**
 * What a table says to a request for a series.
 *
 * @param series the series; null when it is refused
 * @param refusal why it is refused; null when it is not
 */
public record Admission(
        @Nullable StoredSeries series, @Nullable Refusal refusal) {
    public Admission {
        if ((series == null) == (refusal == null)) {
            throw new IllegalArgumentException("a series is admitted or refused");
        }
    }
}
