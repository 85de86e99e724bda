package io.emberwatch.launcher;

import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.SyntaxException;
import io.emberwatch.scorer.ScorerConfig;
import io.emberwatch.scorer.ScorerConfigs;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Checks score models: what they are made of, and that every query in them can be parsed. */
final class ScorerModels {
    private ScorerModels() {}

    /** Every fault of a model, by its name or path; none when there is none. */
    static List<String> problems(String model) {
        return problems(ScorerConfigs.ofModel(model));
    }

    /** Every fault of all that a configuration names. */
    static List<String> problems(ScorerConfig config) {
        List<String> problems = new ArrayList<>();
        try {
            ScorerConfigs.queries(config).forEach((place, query) -> {
                try {
                    Promql.parse(query);
                } catch (SyntaxException e) {
                    problems.add(place + ": " + e.getMessage());
                }
            });
        } catch (ConfigException e) {
            e.problems().forEach(problem -> problems.add(problem.toString()));
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return problems;
    }
}
