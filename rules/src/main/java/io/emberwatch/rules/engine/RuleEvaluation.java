package io.emberwatch.rules.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One evaluation of a rule.
 *
 * @param at the time that it was planned for
 * @param samples how many samples it gave
 * @param error why it gave none, or empty
 */
public record RuleEvaluation(Instant at, Duration took, int samples, String error) {
    public RuleEvaluation {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(error, "error");
    }
}
