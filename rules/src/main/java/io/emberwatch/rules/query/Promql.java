package io.emberwatch.rules.query;

import java.util.List;

/** The PromQL language: text in, checked expressions out. */
public final class Promql {
    private Promql() {}

    /**
     * Parses and checks an expression.
     *
     * @throws SyntaxException when it is not PromQL, or nested deeper than {@link Parser#MAX_DEPTH}
     */
    public static Expr parse(String text) throws SyntaxException {
        throw new UnsupportedOperationException(text);
    }

    /**
     * The conditions of a series selector such as {@code up{job="api"}}, as {@code match[]} parameters hold it.
     *
     * @throws SyntaxException when it is anything but a bare selector
     */
    public static List<Matcher> parseSelector(String text) throws SyntaxException {
        throw new UnsupportedOperationException(text);
    }
}
