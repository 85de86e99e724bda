package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A recording rule: an expression's series under a name of their own. */
final class RecordingRunner extends RuleRunner {
    private final Rule.Recording rule;
    private Map<Labels, Labels> recorded = Map.of();

    RecordingRunner(Rule.Recording rule) {
        this.rule = rule;
    }

    @Override
    Rule rule() {
        return rule;
    }

    @Override
    List<Sample> evaluate(Instant at, GroupTerms terms) throws RuleFailure {
        Instant time = terms.queryTime(at);
        List<Sample> given;
        try {
            given = RuleQueries.samples(rule.query().at(time));
        } catch (QueryException e) {
            throw new RuleFailure(e);
        }
        List<Sample> samples = new ArrayList<>(given.size());
        Set<Labels> seen = new HashSet<>(given.size() * 2);
        Map<Labels, Labels> names = new HashMap<>(given.size() * 2);
        for (Sample sample : given) {
            Labels labels = recorded.get(sample.labels());
            labels = labels == null ? named(sample.labels()) : labels;
            names.put(sample.labels(), labels);
            if (!seen.add(labels)) {
                throw new RuleFailure("vector contains metrics with the same labelset after applying rule labels");
            }
            samples.add(new Sample(labels, time.toEpochMilli(), sample.value()));
        }
        if (terms.limit() > 0 && samples.size() > terms.limit()) {
            throw new RuleFailure("exceeded limit of " + terms.limit() + " with " + samples.size() + " series");
        }
        recorded = names;
        return samples;
    }

    private Labels named(Labels given) {
        Labels.Builder labels = given.toBuilder().set(Labels.METRIC_NAME, rule.name());
        for (int i = 0; i < rule.labels().size(); i++) {
            labels.set(rule.labels().name(i), rule.labels().value(i));
        }
        rule.removed().forEach(labels::remove);
        return labels.build();
    }
}
