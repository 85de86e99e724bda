package io.emberwatch.rules.template;

import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import java.time.Instant;
import java.util.List;

/** Answers the {@code query} function of templates. */
@FunctionalInterface
public interface TemplateQueries {
    /** No answers; for templates whose queries do not matter. */
    TemplateQueries NONE = (expression, at) -> List.of();

    /** The vector that {@code expression} gives; a scalar is a vector of one sample without labels. */
    List<Sample> query(String expression, Instant at) throws QueryException;
}
