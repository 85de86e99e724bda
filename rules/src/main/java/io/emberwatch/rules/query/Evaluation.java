package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QueryValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What an evaluation yielded.
 *
 * @param annotations in the order they were raised
 * @param sawHistograms whether a series held a native histogram, which the engine only counts
 */
public record Evaluation(QueryValue value, List<Annotation> annotations, boolean sawHistograms) {
    /** How many annotations of each severity a result holds. */
    private static final int SHOWN = 10;

    public Evaluation {
        Objects.requireNonNull(value, "value");
        annotations = List.copyOf(annotations);
    }

    /** The value with the first ten warnings and the first ten infos, and how many more there were. */
    public QueryResult result() {
        List<String> texts = new ArrayList<>();
        for (Annotation.Severity severity : Annotation.Severity.values()) {
            List<String> all = annotations.stream()
                    .filter(a -> a.severity() == severity)
                    .map(Annotation::text)
                    .toList();
            texts.addAll(all.subList(0, Math.min(SHOWN, all.size())));
            if (all.size() > SHOWN) {
                boolean warning = severity == Annotation.Severity.WARNING;
                texts.add("PromQL " + (warning ? "warning" : "info") + ": " + (all.size() - SHOWN) + " more "
                        + (warning ? "warning" : "info") + " annotations omitted");
            }
        }
        return new QueryResult(value, texts);
    }
}
