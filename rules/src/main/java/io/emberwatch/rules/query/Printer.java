package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Utf8Order;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes expressions in canonical form, as Prometheus' parser prints them. */
final class Printer {
    private Printer() {}

    static String print(Expr expr) {
        StringBuilder out = new StringBuilder();
        write(expr, out);
        return out.toString();
    }

    static String print(DurationExpr expr) {
        StringBuilder out = new StringBuilder();
        write(expr, out);
        return out.toString();
    }

    private static void write(Expr expr, StringBuilder out) {
        if (expr instanceof Expr.NumberLiteral number) {
            writeNumber(number.value(), number.duration(), out);
        } else if (expr instanceof Expr.StringLiteral string) {
            out.append(GoText.quote(string.value()));
        } else if (expr instanceof Expr.VectorSelector selector) {
            writeSelector(selector, out);
            writeAt(selector.timing(), out);
            writeExtension(selector, out);
            writeOffset(selector.timing(), out);
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            writeMatrix(matrix, out);
        } else if (expr instanceof Expr.Subquery subquery) {
            writeSubquery(subquery, out);
        } else if (expr instanceof Expr.Call call) {
            out.append(call.function().name()).append('(');
            writeList(call.args(), out);
            out.append(')');
        } else if (expr instanceof Expr.Aggregation aggregation) {
            writeAggregation(aggregation, out);
        } else if (expr instanceof Expr.Binary binary) {
            writeBinary(binary, out);
        } else if (expr instanceof Expr.Unary unary) {
            out.append(unary.negative() ? '-' : '+');
            write(unary.expr(), out);
        } else if (expr instanceof Expr.Parens parens) {
            out.append('(');
            write(parens.expr(), out);
            out.append(')');
        }
    }

    private static void writeList(List<Expr> exprs, StringBuilder out) {
        String separator = "";
        for (Expr expr : exprs) {
            out.append(separator);
            write(expr, out);
            separator = ", ";
        }
    }

    private static void writeNumber(double value, boolean duration, StringBuilder out) {
        if (duration) {
            out.append(value < 0 ? "-" : "").append(Literals.duration(Math.abs(Literals.millis(value))));
        } else {
            out.append(Literals.number(value));
        }
    }

    private static void writeSelector(Expr.VectorSelector selector, StringBuilder out) {
        out.append(selector.name());
        List<String> matchers = new ArrayList<>();
        for (Matcher matcher : selector.matchers()) {
            boolean named = !selector.name().isEmpty()
                    && matcher.name().equals(Labels.METRIC_NAME)
                    && matcher.type() == Matcher.Type.EQ
                    && matcher.value().equals(selector.name());
            if (!named) {
                matchers.add(matcher.toString());
            }
        }
        if (!matchers.isEmpty()) {
            matchers.sort(Utf8Order.INSTANCE);
            out.append('{').append(String.join(",", matchers)).append('}');
        } else if (selector.name().isEmpty()) {
            out.append("{}");
        }
    }

    private static void writeExtension(Expr.VectorSelector selector, StringBuilder out) {
        switch (selector.extension()) {
            case ANCHORED -> out.append(" anchored");
            case SMOOTHED -> out.append(" smoothed");
            case NONE -> {}
        }
    }

    private static void writeAt(Timing timing, StringBuilder out) {
        if (timing.at() instanceof Timing.At.Fixed fixed) {
            out.append(" @ ").append(GoText.decimal(fixed.millis() / 1e3, 3));
        } else if (timing.at() instanceof Timing.At.Start) {
            out.append(" @ start()");
        } else if (timing.at() instanceof Timing.At.End) {
            out.append(" @ end()");
        }
    }

    private static void writeOffset(Timing timing, StringBuilder out) {
        DurationExpr offset = timing.offset();
        if (offset == null || isZero(offset)) {
            return;
        }
        out.append(" offset ");
        writeLength(offset, out);
    }

    private static boolean isZero(DurationExpr offset) {
        return offset instanceof DurationExpr.Literal literal && Literals.millis(literal.seconds()) == 0;
    }

    /** A length that stands alone: a literal is written as a duration even if it was a number of seconds. */
    private static void writeLength(@Nullable DurationExpr expr, StringBuilder out) {
        if (expr instanceof DurationExpr.Literal literal) {
            writeNumber(literal.seconds(), true, out);
        } else if (expr != null) {
            write(expr, out);
        }
    }

    private static void writeMatrix(Expr.MatrixSelector matrix, StringBuilder out) {
        Expr.VectorSelector selector = matrix.selector();
        writeSelector(selector, out);
        out.append('[');
        writeLength(matrix.range(), out);
        out.append(']');
        writeExtension(selector, out);
        writeAt(selector.timing(), out);
        writeOffset(selector.timing(), out);
    }

    private static void writeSubquery(Expr.Subquery subquery, StringBuilder out) {
        write(subquery.expr(), out);
        writeTimes(subquery, out);
    }

    /** What follows the expression of a subquery. */
    static void writeTimes(Expr.Subquery subquery, StringBuilder out) {
        out.append('[');
        writeLength(subquery.range(), out);
        out.append(':');
        writeLength(subquery.step(), out);
        out.append(']');
        writeAt(subquery.timing(), out);
        writeOffset(subquery.timing(), out);
    }

    private static void writeAggregation(Expr.Aggregation aggregation, StringBuilder out) {
        writeHead(aggregation, out);
        out.append('(');
        if (aggregation.param() != null) {
            write(aggregation.param(), out);
            out.append(", ");
        }
        write(aggregation.expr(), out);
        out.append(')');
    }

    /** An aggregation up to its arguments. */
    static void writeHead(Expr.Aggregation aggregation, StringBuilder out) {
        out.append(aggregation.aggregator().text());
        if (aggregation.without()) {
            out.append(" without ");
            writeLabels(aggregation.grouping(), out);
            out.append(' ');
        } else if (!aggregation.grouping().isEmpty()) {
            out.append(" by ");
            writeLabels(aggregation.grouping(), out);
            out.append(' ');
        }
    }

    private static void writeLabels(List<String> labels, StringBuilder out) {
        out.append('(');
        String separator = "";
        for (String label : labels) {
            out.append(separator).append(Names.label(label));
            separator = ", ";
        }
        out.append(')');
    }

    private static void writeBinary(Expr.Binary binary, StringBuilder out) {
        write(binary.left(), out);
        out.append(' ');
        writeOperator(binary, out);
        out.append(' ');
        write(binary.right(), out);
    }

    /** What stands between the operands. */
    static void writeOperator(Expr.Binary binary, StringBuilder out) {
        out.append(binary.operator().text());
        if (binary.returnsBool()) {
            out.append(" bool");
        }
        if (binary.matching() != null) {
            writeMatching(binary.matching(), out);
        }
    }

    private static void writeMatching(VectorMatching matching, StringBuilder out) {
        boolean left = matching.cardinality() == VectorMatching.Cardinality.MANY_TO_ONE;
        boolean grouped = left || matching.cardinality() == VectorMatching.Cardinality.ONE_TO_MANY;
        if (!matching.labels().isEmpty() || matching.on() || grouped) {
            out.append(matching.on() ? " on " : " ignoring ");
            writeLabels(matching.labels(), out);
        }
        if (grouped) {
            out.append(left ? " group_left " : " group_right ");
            writeLabels(matching.include(), out);
        }
        if (matching.fillLeft() != null && matching.fillLeft().equals(matching.fillRight())) {
            out.append(" fill (").append(GoText.general(matching.fillLeft())).append(')');
            return;
        }
        if (matching.fillLeft() != null) {
            out.append(" fill_left (")
                    .append(GoText.general(matching.fillLeft()))
                    .append(')');
        }
        if (matching.fillRight() != null) {
            out.append(" fill_right (")
                    .append(GoText.general(matching.fillRight()))
                    .append(')');
        }
    }

    private static void write(DurationExpr expr, StringBuilder out) {
        if (expr instanceof DurationExpr.Literal literal) {
            writeNumber(literal.seconds(), literal.duration(), out);
        } else if (expr instanceof DurationExpr.Step) {
            out.append("step()");
        } else if (expr instanceof DurationExpr.Range) {
            out.append("range()");
        } else if (expr instanceof DurationExpr.Extreme extreme) {
            out.append(extreme.max() ? "max_of(" : "min_of(");
            write(extreme.left(), out);
            out.append(", ");
            write(extreme.right(), out);
            out.append(')');
        } else if (expr instanceof DurationExpr.Arithmetic arithmetic) {
            write(arithmetic.left(), out);
            out.append(' ').append(arithmetic.operator().text()).append(' ');
            write(arithmetic.right(), out);
        } else if (expr instanceof DurationExpr.Negation negation) {
            out.append('-');
            write(negation.expr(), out);
        } else if (expr instanceof DurationExpr.Parens parens) {
            out.append('(');
            write(parens.expr(), out);
            out.append(')');
        }
    }
}
