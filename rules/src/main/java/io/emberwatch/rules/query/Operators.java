package io.emberwatch.rules.query;

/** The arithmetic of binary operators on samples. */
final class Operators {
    private Operators() {}

    /** The result of arithmetic, or 1 or 0 for a comparison. */
    static double scalar(BinaryOperator operator, double left, double right) {
        return operator.isComparison() ? (holds(operator, left, right) ? 1 : 0) : arithmetic(operator, left, right);
    }

    static double arithmetic(BinaryOperator operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> left % right;
            case POW -> GoMath.pow(left, right);
            case ATAN2 -> Math.atan2(left, right);
            default -> throw new IllegalArgumentException(operator.text() + ": not arithmetic");
        };
    }

    static boolean holds(BinaryOperator operator, double left, double right) {
        return switch (operator) {
            case EQ -> left == right;
            case NEQ -> left != right;
            case LT -> left < right;
            case GT -> left > right;
            case LTE -> left <= right;
            case GTE -> left >= right;
            default -> throw new IllegalArgumentException(operator.text() + ": not a comparison");
        };
    }

    /** Whether the result is something else than the operands were, and so loses their name. */
    static boolean changesMeaning(BinaryOperator operator) {
        return switch (operator) {
            case ADD, SUB, MUL, DIV, MOD, POW, ATAN2 -> true;
            default -> false;
        };
    }

    static boolean trims(BinaryOperator operator) {
        return operator == BinaryOperator.TRIM_UPPER || operator == BinaryOperator.TRIM_LOWER;
    }

    /**
     * The value that a pair of samples yields.
     *
     * @param bool whether a comparison yields 1 or 0
     * @return {@link Frame#ABSENT} when a comparison does not hold; the left value when it does
     */
    static double element(BinaryOperator operator, boolean bool, double left, double right) {
        if (!operator.isComparison()) {
            return arithmetic(operator, left, right);
        }
        boolean holds = holds(operator, left, right);
        if (bool) {
            return holds ? 1 : 0;
        }
        return holds ? left : Frame.ABSENT;
    }
}
