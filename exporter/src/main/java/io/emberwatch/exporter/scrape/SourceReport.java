package io.emberwatch.exporter.scrape;

import io.emberwatch.model.MetricFamily;
import java.util.List;
import java.util.Objects;

/**
 * What became of one source in one scrape.
 *
 * @param families empty unless it succeeded
 * @param seconds how long it took, or has been running when it was cut
 */
public record SourceReport(Source source, Outcome outcome, List<MetricFamily> families, double seconds) {
    /** How a run ends. */
    public enum Outcome {
        SUCCEEDED,
        /** There was nothing to collect. */
        NO_DATA,
        FAILED,
        /** Its answer did not come before the deadline. */
        TIMED_OUT
    }

    public SourceReport {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(outcome, "outcome");
        families = List.copyOf(families);
    }

    /** Whether it did what it should, having nothing to collect included. */
    public boolean isGood() {
        return outcome == Outcome.SUCCEEDED || outcome == Outcome.NO_DATA;
    }
}
