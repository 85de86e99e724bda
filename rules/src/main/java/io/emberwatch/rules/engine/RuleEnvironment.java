package io.emberwatch.rules.engine;

import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.SampleSink;

/**
 * What surrounds the rules.
 *
 * @param queries answers expressions
 * @param history answers what has become of {@code samples}, to take up alerts of before a restart
 * @param samples takes recorded samples and the series of alerts; a sample is visible to {@code queries} once it is taken
 * @param alerts takes firing and resolved alerts
 */
public record RuleEnvironment(
        RuleQueries queries,
        QuerySource history,
        SampleSink samples,
        AlertSink alerts,
        RuleSettings settings,
        RuleEvents events) {
    RuleEnvironment with(RuleSettings changed) {
        return new RuleEnvironment(queries, history, samples, alerts, changed, events);
    }
}
