package io.emberwatch.rules.query;

/** Writes expressions in canonical form. */
final class Printer {
    private Printer() {}

    static String print(Expr expr) {
        throw new UnsupportedOperationException(expr.span().toString());
    }

    static String print(DurationExpr expr) {
        throw new UnsupportedOperationException(expr.span().toString());
    }
}
