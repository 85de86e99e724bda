package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.rules.query.BinaryOperator;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.SyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells whether a series is gone from a result because its condition no longer holds, or because what it is computed from
 * is missing.
 *
 * <p>Data is there when the selectors of the expression find samples whose labels do not contradict those of the series:
 * labels that a selector's series lack, such as those that were joined to them, are not compared. Of {@code or} one side
 * is enough, of {@code unless} the left one counts, and {@code absent} needs none.
 */
final class DataPresence {
    private static final Set<String> ABSENCE = Set.of("absent", "absent_over_time");

    /** Queries of which one at least must find samples. */
    private final List<List<String>> clauses = new ArrayList<>();

    DataPresence(String expression) {
        try {
            require(Promql.parse(expression, true));
        } catch (SyntaxException e) {
            clauses.clear(); // asked elsewhere, in another language: nothing is known, nothing is missing
        }
    }

    private void require(Expr expr) {
        if (expr instanceof Expr.VectorSelector selector) {
            clauses.add(List.of(selector.toString()));
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            clauses.add(List.of("last_over_time(" + matrix + ")"));
        } else if (expr instanceof Expr.Subquery subquery) {
            subquery(subquery);
        } else if (expr instanceof Expr.Binary binary && binary.operator() == BinaryOperator.OR) {
            either(binary);
        } else if (expr instanceof Expr.Binary binary && binary.operator() == BinaryOperator.UNLESS) {
            require(binary.left());
        } else if (!(expr instanceof Expr.Call call
                && ABSENCE.contains(call.function().name()))) {
            expr.children().forEach(this::require);
        }
    }

    private void either(Expr.Binary binary) {
        DataPresence left = new DataPresence(binary.left().toString());
        DataPresence right = new DataPresence(binary.right().toString());
        List<String> any = new ArrayList<>();
        left.clauses.forEach(any::addAll);
        right.clauses.forEach(any::addAll);
        if (!left.clauses.isEmpty() && !right.clauses.isEmpty()) {
            clauses.add(any);
        }
    }

    private void subquery(Expr.Subquery subquery) {
        DataPresence inner = new DataPresence(subquery.expr().toString());
        String range = subquery.range() + ":" + (subquery.step() == null ? "" : subquery.step());
        for (List<String> clause : inner.clauses) {
            clauses.add(clause.stream()
                    .map(query -> "last_over_time((" + query + ")[" + range + "])")
                    .toList());
        }
    }

    /** The answers of one evaluation; each query is asked once. */
    final class Moment {
        private final QuerySource source;
        private final Instant at;
        private final Map<String, List<Sample>> found = new HashMap<>();

        private Moment(QuerySource source, Instant at) {
            this.source = source;
            this.at = at;
        }

        /** Whether what a series of the result is computed from is missing; no when that cannot be found out. */
        boolean isMissingFor(Labels series) {
            try {
                for (List<String> clause : clauses) {
                    if (!anyFor(clause, series)) {
                        return true;
                    }
                }
                return false;
            } catch (QueryException e) {
                return false;
            }
        }

        private boolean anyFor(List<String> clause, Labels series) throws QueryException {
            for (String query : clause) {
                for (Sample sample : samples(query)) {
                    if (agree(sample.labels(), series)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private List<Sample> samples(String query) throws QueryException {
            List<Sample> known = found.get(query);
            if (known == null) {
                known = RuleQueries.samples(source.instant(query, at));
                found.put(query, known);
            }
            return known;
        }
    }

    Moment at(Instant time, QuerySource source) {
        return new Moment(source, time);
    }

    private static boolean agree(Labels data, Labels series) {
        for (int i = 0; i < series.size(); i++) {
            String name = series.name(i);
            if (!name.equals(Labels.METRIC_NAME)
                    && data.has(name)
                    && !data.get(name).equals(series.value(i))) {
                return false;
            }
        }
        return true;
    }
}
