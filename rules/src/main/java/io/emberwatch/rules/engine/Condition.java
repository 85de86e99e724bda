package io.emberwatch.rules.engine;

import io.emberwatch.rules.query.BinaryOperator;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.SyntaxException;
import io.emberwatch.rules.query.ValueType;
import org.jspecify.annotations.Nullable;

/** What an alert's expression compares: {@code a} of {@code a > 5} and of {@code a > 5 and b}. */
final class Condition {
    private Condition() {}

    /** The expression without its conditions, or null when it has none at its top. */
    static @Nullable String compared(String expression) {
        try {
            Expr expr = Promql.parse(expression, true);
            Expr compared = compared(expr);
            return compared.equals(expr) ? null : compared.toString();
        } catch (SyntaxException e) {
            return null;
        }
    }

    private static Expr compared(Expr expr) {
        if (expr instanceof Expr.Parens parens) {
            return compared(parens.expr());
        }
        if (expr instanceof Expr.Binary binary) {
            BinaryOperator operator = binary.operator();
            boolean filters = operator.isComparison() && !binary.returnsBool();
            if (filters && binary.left().type() == ValueType.SCALAR) {
                return compared(binary.right());
            }
            if (filters || operator == BinaryOperator.AND || operator == BinaryOperator.UNLESS) {
                return compared(binary.left());
            }
        }
        return expr;
    }
}
