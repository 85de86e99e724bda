package io.emberwatch.rules.query;

/**
 * Something about a query that its author should know.
 *
 * @param severity whether the result is likely wrong, or only unusual
 * @param text with the position in the query at its end, as Prometheus words it
 */
public record Annotation(Severity severity, String text) {
    /** How bad it is. */
    public enum Severity {
        WARNING,
        INFO
    }

    @Override
    public String toString() {
        return text;
    }
}
