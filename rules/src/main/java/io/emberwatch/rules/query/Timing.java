package io.emberwatch.rules.query;

import org.jspecify.annotations.Nullable;

/**
 * The modifiers {@code @} and {@code offset} of a selector or subquery.
 *
 * @param at what {@code @} fixes the time to
 * @param offset how far to look back from there, negative to look ahead; null when not given
 */
public record Timing(At at, @Nullable DurationExpr offset) {
    public static final Timing NONE = new Timing(new At.Evaluation(), null);

    /** What the modifier {@code @} refers to. */
    public sealed interface At {
        /** No modifier: the evaluation time. */
        record Evaluation() implements At {}

        /** {@code @ 1603774568}; milliseconds since the Unix epoch. */
        record Fixed(long millis) implements At {}

        /** {@code @ start()}: of the whole query. */
        record Start() implements At {}

        /** {@code @ end()}: of the whole query. */
        record End() implements At {}
    }
}
