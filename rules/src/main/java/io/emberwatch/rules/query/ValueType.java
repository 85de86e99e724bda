package io.emberwatch.rules.query;

/** The types of PromQL expressions; {@link #text} is the word used in messages and in the HTTP API's parse tree. */
public enum ValueType {
    NONE("none"),
    SCALAR("scalar"),
    STRING("string"),
    VECTOR("vector"),
    MATRIX("matrix");

    private final String text;

    ValueType(String text) {
        this.text = text;
    }

    /** The word used in the HTTP API. */
    public String text() {
        return text;
    }

    /** The words used in messages: {@code instant vector}, {@code range vector}. */
    public String documented() {
        return switch (this) {
            case VECTOR -> "instant vector";
            case MATRIX -> "range vector";
            default -> text;
        };
    }
}
