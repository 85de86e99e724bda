package io.emberwatch.rules.query;

import java.util.List;

/** The PromQL language: text in, checked expressions out. */
public final class Promql {
    private Promql() {}

    /**
     * Parses and checks an expression of the stable language; what Prometheus guards by a feature flag is refused by
     * name.
     *
     * @throws SyntaxException when it is not PromQL, longer than {@link Parser#MAX_LENGTH} bytes, or nested deeper than
     *     {@link Parser#MAX_DEPTH}
     */
    public static Expr parse(String text) throws SyntaxException {
        return parse(text, false);
    }

    /**
     * As {@link #parse(String)}.
     *
     * @param experimental whether what Prometheus guards by a feature flag is accepted: functions such as {@code info},
     *     {@code limitk}, the modifiers {@code anchored}, {@code smoothed} and {@code fill}
     */
    public static Expr parse(String text, boolean experimental) throws SyntaxException {
        return new Parser(text, experimental).expression();
    }

    /**
     * The conditions of a series selector such as {@code up{job="api"}}, as {@code match[]} parameters hold it.
     *
     * @throws SyntaxException when it is anything but a bare selector
     */
    public static List<Matcher> parseSelector(String text) throws SyntaxException {
        return new Parser(text, false).selector();
    }
}
