package io.emberwatch.rules.query;

/**
 * A token of an expression.
 *
 * @param start offset of the first byte
 * @param length in bytes
 * @param text as written; of an ERROR, what is wrong
 */
record Token(Kind kind, int start, int length, String text) {
    private static final int SHOWN = 10;

    Span span() {
        return new Span(start, start + length);
    }

    /** The token as messages name it: {@code identifier "foo"}, {@code <op:+>}, {@code end of input}. */
    String describe() {
        if (kind == Kind.EOF) {
            return kind.text();
        }
        return kind.isFixed() ? toString() : kind.text() + " " + this;
    }

    @Override
    public String toString() {
        if (kind == Kind.EOF) {
            return "EOF";
        }
        if (kind == Kind.ERROR) {
            return text;
        }
        return switch (kind.group()) {
            case KEYWORD -> "<" + text + ">";
            case OPERATOR -> "<op:" + text + ">";
            case AGGREGATOR -> "<aggr:" + text + ">";
            default -> quoted();
        };
    }

    private String quoted() {
        boolean name = kind == Kind.IDENTIFIER || kind == Kind.METRIC_IDENTIFIER;
        if (name || length <= SHOWN) {
            return GoText.quote(text);
        }
        int end = text.offsetByCodePoints(0, Math.min(SHOWN, text.codePointCount(0, text.length())));
        return GoText.quote(text.substring(0, end)) + "...";
    }
}
