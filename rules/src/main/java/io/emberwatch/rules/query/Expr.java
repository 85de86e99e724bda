package io.emberwatch.rules.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A PromQL expression that passed the type checker.
 *
 * <p>{@code toString} prints the canonical form on one line, as Prometheus' rule pages do; two rules are
 * the same when these texts are.
 */
public sealed interface Expr {
    ValueType type();

    /** The canonical form over several lines where it is longer than 100 bytes. */
    default String pretty() {
        return PrettyPrinter.print(this);
    }

    /** Where the expression stands in its text, in bytes. */
    Span span();

    /** The direct operands, in the order of evaluation. */
    List<Expr> children();

    /** {@code 1.5}, {@code 0x1f}, {@code Inf}, and {@code 5m}, which is 300. */
    record NumberLiteral(double value, boolean duration, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code "text"}, unquoted. */
    record StringLiteral(String value, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * {@code name{label="value"} @ time offset duration}.
     *
     * @param name the metric name in front of the braces, or empty
     * @param matchers all conditions, that on the name last when it stands in front of the braces
     * @param extension how a range takes in samples outside its bounds; experimental but for NONE
     */
    record VectorSelector(String name, List<Matcher> matchers, Timing timing, Extension extension, Span span)
            implements Expr {
        /** The modifiers {@code anchored} and {@code smoothed}. */
        public enum Extension {
            NONE,
            ANCHORED,
            SMOOTHED
        }

        public VectorSelector {
            matchers = List.copyOf(matchers);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code selector[range]}; offset and {@code @} are those of the selector. */
    record MatrixSelector(VectorSelector selector, DurationExpr range, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public List<Expr> children() {
            return List.of(selector);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * {@code expr[range:step]}.
     *
     * @param step null stands for the engine's default
     */
    record Subquery(Expr expr, DurationExpr range, @Nullable DurationExpr step, Timing timing, Span span)
            implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public List<Expr> children() {
            return List.of(expr);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code rate(x[5m])}. */
    record Call(Function function, List<Expr> args, Span span) implements Expr {
        public Call {
            args = List.copyOf(args);
        }

        @Override
        public ValueType type() {
            return function.returns();
        }

        @Override
        public List<Expr> children() {
            return args;
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * {@code sum by (job) (x)}.
     *
     * @param param the first argument of {@code topk}, {@code quantile}, {@code count_values} …
     * @param grouping the labels of {@code by} or {@code without}
     */
    record Aggregation(
            Aggregator aggregator, Expr expr, @Nullable Expr param, List<String> grouping, boolean without, Span span)
            implements Expr {
        public Aggregation {
            grouping = List.copyOf(grouping);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public List<Expr> children() {
            List<Expr> children = new ArrayList<>(2);
            children.add(expr);
            if (param != null) {
                children.add(param);
            }
            return children;
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * {@code left op right}.
     *
     * @param matching how series of two vectors find each other; null unless both sides are vectors
     * @param returnsBool whether a comparison gives 0 and 1 instead of filtering
     */
    record Binary(
            BinaryOperator operator,
            Expr left,
            Expr right,
            @Nullable VectorMatching matching,
            boolean returnsBool) implements Expr {
        @Override
        public ValueType type() {
            boolean scalars = left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR;
            return scalars ? ValueType.SCALAR : ValueType.VECTOR;
        }

        @Override
        public Span span() {
            return left.span().to(right.span());
        }

        @Override
        public List<Expr> children() {
            return List.of(left, right);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code -x}, {@code +x}. */
    record Unary(boolean negative, Expr expr, Span span) implements Expr {
        @Override
        public ValueType type() {
            return expr.type();
        }

        @Override
        public List<Expr> children() {
            return List.of(expr);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** {@code (x)}. */
    record Parens(Expr expr, Span span) implements Expr {
        @Override
        public ValueType type() {
            return expr.type();
        }

        @Override
        public List<Expr> children() {
            return List.of(expr);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /** Every selector in the expression, in the order of its text as far as operands are. */
    default List<VectorSelector> selectors() {
        List<VectorSelector> found = new ArrayList<>();
        collectSelectors(this, found);
        return found;
    }

    private static void collectSelectors(Expr expr, List<VectorSelector> found) {
        if (expr instanceof VectorSelector selector) {
            found.add(selector);
        }
        for (Expr child : Objects.requireNonNull(expr.children())) {
            collectSelectors(child, found);
        }
    }
}
