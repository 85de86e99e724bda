package io.emberwatch.push.influx;

import java.time.Duration;

/** What became of lines that were handed to a database. */
public sealed interface WriteOutcome {
    /** They are stored. */
    record Stored() implements WriteOutcome {}

    /**
     * They may be stored later.
     *
     * @param after what the database asked to wait; zero when it did not say
     */
    record Retry(String reason, Duration after) implements WriteOutcome {}

    /** At least one of them will never be stored; others may be. */
    record Refused(String reason) implements WriteOutcome {}
}
