package io.emberwatch.rules.engine;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.rules.explain.RuleReach;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.PreparedQuery;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.QueryLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules on the embedded engine: each expression is parsed and planned once. */
public final class EngineQueries implements RuleQueries {
    private final QueryEngine engine;

    public EngineQueries(QueryEngine engine) {
        this.engine = engine;
    }

    @Override
    public RuleQuery prepare(String expression) throws QueryException {
        PreparedQuery prepared = engine.prepare(expression);
        return new RuleQuery() {
            private volatile @Nullable String text;
            private volatile @Nullable List<Expr.VectorSelector> wanted;

            @Override
            public String text() {
                String written = text;
                if (written == null) {
                    written = prepared.expr().toString();
                    text = written;
                }
                return written;
            }

            private List<Expr.VectorSelector> wanted() {
                List<Expr.VectorSelector> found = wanted;
                if (found == null) {
                    found = RuleReach.wanted(prepared.expr());
                    wanted = found;
                }
                return found;
            }

            @Override
            public QueryResult at(Instant time) throws QueryException {
                return prepared.instant(time, QueryLimits.NONE);
            }

            @Override
            public List<String> withoutSeries() {
                Set<List<Matcher>> empty = prepared.withoutSeries();
                return empty.isEmpty()
                        ? List.of()
                        : wanted().stream()
                                .filter(selector -> empty.contains(selector.matchers()))
                                .map(Expr.VectorSelector::toString)
                                .distinct()
                                .toList();
            }
        };
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        return engine.instant(expression, at);
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        return engine.range(expression, start, end, step);
    }
}
