package io.emberwatch.rules.query;

/**
 * The length in {@code [5m]}, {@code [5m:1m]} and {@code offset 5m}, which may be computed: {@code [2 * step()]}.
 *
 * <p>Prometheus documentation, "Querying basics", duration expressions.
 */
public sealed interface DurationExpr {
    Span span();

    /** {@code 5m} or {@code 300}, both 300 seconds. */
    record Literal(double seconds, boolean duration, Span span) implements DurationExpr {
        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code step()}: the step of the range query, 0 in an instant query. */
    record Step(Span span) implements DurationExpr {
        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code range()}: from the start to the end of the range query, 0 in an instant query. */
    record Range(Span span) implements DurationExpr {
        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code min_of(a, b)} or {@code max_of(a, b)}. */
    record Extreme(boolean max, DurationExpr left, DurationExpr right, Span span) implements DurationExpr {
        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** Arithmetic: one of {@code + - * / % ^}. */
    record Arithmetic(BinaryOperator operator, DurationExpr left, DurationExpr right) implements DurationExpr {
        @Override
        public Span span() {
            return left.span().to(right.span());
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code -x}. */
    record Negation(DurationExpr expr, Span span) implements DurationExpr {
        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code (x)} around anything but a literal. */
    record Parens(DurationExpr expr, Span span) implements DurationExpr {
        @Override
        public String toString() {
            return Printer.print(this);
        }
    }
}
