package io.emberwatch.rules.engine;

import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.flow.SampleSink;

/**
 * What surrounds the rules.
 *
 * @param queries answers expressions
 * @param samples takes recorded samples and the series of alerts; a sample is visible to {@code queries} once it is taken
 * @param alerts takes firing and resolved alerts
 */
public record RuleEnvironment(
        RuleQueries queries, SampleSink samples, AlertSink alerts, RuleSettings settings, RuleEvents events) {
    RuleEnvironment with(RuleSettings changed) {
        return new RuleEnvironment(queries, samples, alerts, changed, events);
    }
}
