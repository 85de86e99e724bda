package io.emberwatch.rules.query;

import io.emberwatch.model.flow.QueryException;

/** Computes the lengths of ranges, steps and offsets. */
final class Lengths {
    private Lengths() {}

    /** A length that must be positive, in milliseconds. */
    static long positive(DurationExpr expr, Run run) throws QueryException {
        if (expr instanceof DurationExpr.Literal literal) {
            return Literals.millis(literal.seconds());
        }
        double seconds = seconds(expr, run);
        if (!(seconds > 0)) {
            throw fault(expr, "duration must be greater than 0");
        }
        return computed(expr, seconds);
    }

    /** A length of either sign, in milliseconds. */
    static long signed(DurationExpr expr, Run run) throws QueryException {
        if (expr instanceof DurationExpr.Literal literal) {
            return Literals.millis(literal.seconds());
        }
        return computed(expr, seconds(expr, run));
    }

    private static long computed(DurationExpr expr, double seconds) throws QueryException {
        if (!(Math.abs(seconds) < 0x1p63 / 1e9)) {
            throw fault(expr, "duration is out of range");
        }
        return (long) (seconds * 1000);
    }

    private static QueryException fault(DurationExpr expr, String message) {
        return new QueryException(
                QueryException.Kind.BAD_DATA, "1:" + (expr.span().start() + 1) + ": " + message);
    }

    private static double seconds(DurationExpr expr, Run run) throws QueryException {
        if (expr instanceof DurationExpr.Literal literal) {
            return literal.seconds();
        }
        if (expr instanceof DurationExpr.Step) {
            return run.step() / 1e3;
        }
        if (expr instanceof DurationExpr.Range) {
            return (run.end() - run.start()) / 1e3;
        }
        if (expr instanceof DurationExpr.Extreme extreme) {
            double left = seconds(extreme.left(), run);
            double right = seconds(extreme.right(), run);
            return extreme.max() ? Math.max(left, right) : Math.min(left, right);
        }
        if (expr instanceof DurationExpr.Negation negation) {
            return -seconds(negation.expr(), run);
        }
        if (expr instanceof DurationExpr.Parens parens) {
            return seconds(parens.expr(), run);
        }
        return arithmetic((DurationExpr.Arithmetic) expr, run);
    }

    private static double arithmetic(DurationExpr.Arithmetic expr, Run run) throws QueryException {
        double left = seconds(expr.left(), run);
        double right = seconds(expr.right(), run);
        return switch (expr.operator()) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> {
                if (right == 0) {
                    throw fault(expr, "division by zero");
                }
                yield left / right;
            }
            case MOD -> {
                if (right == 0) {
                    throw fault(expr, "modulo by zero");
                }
                yield left % right;
            }
            default -> GoMath.pow(left, right);
        };
    }
}
