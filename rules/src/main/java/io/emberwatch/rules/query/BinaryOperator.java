package io.emberwatch.rules.query;

/** The operators between two expressions. */
public enum BinaryOperator {
    ADD("+", 4),
    SUB("-", 4),
    MUL("*", 5),
    DIV("/", 5),
    MOD("%", 5),
    POW("^", 6),
    ATAN2("atan2", 5),
    EQ("==", 3),
    NEQ("!=", 3),
    LT("<", 3),
    GT(">", 3),
    LTE("<=", 3),
    GTE(">=", 3),
    AND("and", 2),
    UNLESS("unless", 2),
    OR("or", 1),
    /** Experimental, on native histograms only. */
    TRIM_UPPER("</", 3),
    /** Experimental, on native histograms only. */
    TRIM_LOWER(">/", 3);

    private final String text;
    private final int precedence;

    BinaryOperator(String text, int precedence) {
        this.text = text;
        this.precedence = precedence;
    }

    public String text() {
        return text;
    }

    /** The higher, the tighter it binds; all but {@link #POW} group to the left. */
    int precedence() {
        return precedence;
    }

    public boolean isComparison() {
        return switch (this) {
            case EQ, NEQ, LT, GT, LTE, GTE -> true;
            default -> false;
        };
    }

    public boolean isSet() {
        return this == AND || this == OR || this == UNLESS;
    }
}
