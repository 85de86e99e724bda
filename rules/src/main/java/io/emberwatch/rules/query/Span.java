package io.emberwatch.rules.query;

/**
 * A part of an expression's text.
 *
 * @param start offset of the first byte in UTF-8
 * @param end offset after the last byte in UTF-8
 */
public record Span(int start, int end) {
    Span to(Span other) {
        return new Span(start, other.end);
    }
}
