package io.emberwatch.rules.engine;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.SyntaxException;
import java.time.Duration;
import java.time.Instant;

/** Rules on a remote Prometheus-compatible API: expressions are checked here and evaluated there. */
public final class RemoteQueries implements RuleQueries {
    private final QuerySource source;

    public RemoteQueries(QuerySource source) {
        this.source = source;
    }

    @Override
    public RuleQuery prepare(String expression) throws QueryException {
        String text;
        try {
            text = Promql.parse(expression).toString();
        } catch (SyntaxException e) {
            throw new QueryException(QueryException.Kind.BAD_DATA, String.valueOf(e.getMessage()), e);
        }
        return new RuleQuery() {
            @Override
            public String text() {
                return text;
            }

            @Override
            public QueryResult at(Instant time) throws QueryException {
                return source.instant(text, time);
            }
        };
    }

    @Override
    public QueryResult instant(String expression, Instant at) throws QueryException {
        return source.instant(expression, at);
    }

    @Override
    public QueryResult range(String expression, Instant start, Instant end, Duration step) throws QueryException {
        return source.range(expression, start, end, step);
    }
}
