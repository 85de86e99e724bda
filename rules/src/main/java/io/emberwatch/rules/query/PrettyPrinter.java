package io.emberwatch.rules.query;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes expressions over several lines where one would be too long, as Prometheus' {@code format_query} does. */
final class PrettyPrinter {
    private static final int LINE = 100;
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();

    private PrettyPrinter() {}

    static String print(Expr expr) {
        PrettyPrinter printer = new PrettyPrinter();
        printer.write(expr, 0);
        return printer.out.toString();
    }

    private void write(Expr expr, int level) {
        // Prometheus leaves subqueries that fit at the start of the line.
        if (!(expr instanceof Expr.Subquery) || !fits(expr.toString())) {
            indent(level);
        }
        writeHere(expr, level);
    }

    private static boolean fits(String line) {
        return line.getBytes(StandardCharsets.UTF_8).length <= LINE;
    }

    /** Writes an expression of which the first line is indented already. */
    private void writeHere(Expr expr, int level) {
        String line = expr.toString();
        if (fits(line)) {
            out.append(line);
        } else if (expr instanceof Expr.Call call) {
            out.append(call.function().name());
            writeArguments(call.args(), level);
        } else if (expr instanceof Expr.Aggregation aggregation) {
            Printer.writeHead(aggregation, out);
            Expr param = aggregation.param();
            Expr operand = aggregation.expr();
            writeArguments(param == null ? List.of(operand) : List.of(param, operand), level);
        } else if (expr instanceof Expr.Binary binary) {
            writeBinary(binary, level);
        } else if (expr instanceof Expr.Subquery subquery) {
            writeHere(subquery.expr(), level);
            Printer.writeTimes(subquery, out);
        } else if (expr instanceof Expr.Unary unary) {
            out.append(unary.negative() ? '-' : '+');
            int start = out.length();
            writeHere(unary.expr(), level);
            while (out.charAt(start) == ' ') {
                out.deleteCharAt(start);
            }
        } else if (expr instanceof Expr.Parens parens) {
            writeArguments(List.of(parens.expr()), level);
        } else {
            out.append(line);
        }
    }

    private void writeArguments(List<Expr> args, int level) {
        out.append('(');
        String separator = "\n";
        for (Expr arg : args) {
            out.append(separator);
            write(arg, level + 1);
            separator = ",\n";
        }
        out.append('\n');
        indent(level);
        out.append(')');
    }

    private void writeBinary(Expr.Binary binary, int level) {
        // The left operand stands deeper than the operator, on the line that was indented for the expression.
        out.append(INDENT);
        writeHere(binary.left(), level + 1);
        out.append('\n');
        indent(level);
        Printer.writeOperator(binary, out);
        out.append('\n');
        write(binary.right(), level + 1);
    }

    private void indent(int level) {
        out.append(INDENT.repeat(level));
    }
}
