package io.emberwatch.rules.engine;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import java.time.Instant;
import java.util.List;

/** A rule's expression, checked and ready to be evaluated many times by any thread. */
public interface RuleQuery {
    /** The expression in canonical form; two rules with the same text ask the same. */
    String text();

    /** Evaluates it at one time. */
    QueryResult at(Instant time) throws QueryException;

    /**
     * The selectors that found no series at all when the expression was evaluated last, as far as that is known. What
     * {@code absent} asks for does not count.
     */
    default List<String> withoutSeries() {
        return List.of();
    }
}
