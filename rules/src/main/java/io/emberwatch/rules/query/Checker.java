package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.SyntaxException.Fault;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks that the operands of an expression have the types that its operators and functions take. */
final class Checker {
    private final byte[] input;
    private final IdentityHashMap<Expr.Binary, VectorMatching> written;
    private final List<Fault> faults;

    /**
     * @param written the matching of each binary expression as written, which expressions that are not between vectors
     *     do not hold
     */
    Checker(byte[] input, IdentityHashMap<Expr.Binary, VectorMatching> written, List<Fault> faults) {
        this.input = input;
        this.written = written;
        this.faults = faults;
    }

    void check(Expr expr) {
        check(expr, false);
    }

    private ValueType check(Expr expr, boolean mayBeEmpty) {
        if (expr instanceof Expr.Aggregation aggregation) {
            checkAggregation(aggregation);
        } else if (expr instanceof Expr.Binary binary) {
            checkBinary(binary);
        } else if (expr instanceof Expr.Call call) {
            checkCall(call);
        } else if (expr instanceof Expr.Unary unary) {
            ValueType type = check(unary.expr(), false);
            if (!isNumeric(type)) {
                fault(
                        expr.span(),
                        "unary expression only allowed on expressions of type scalar or instant vector, got "
                                + GoText.quote(type.documented()));
            }
        } else if (expr instanceof Expr.Subquery subquery) {
            ValueType type = check(subquery.expr(), false);
            if (type != ValueType.VECTOR) {
                fault(expr.span(), "subquery is only allowed on instant vector, got " + type.text() + " instead");
            }
        } else if (expr instanceof Expr.VectorSelector selector) {
            checkSelector(selector, mayBeEmpty);
        } else {
            expr.children().forEach(child -> check(child, false));
        }
        return expr.type();
    }

    private static boolean isNumeric(ValueType type) {
        return type == ValueType.SCALAR || type == ValueType.VECTOR;
    }

    private void expect(@Nullable Expr expr, ValueType wanted, String context) {
        ValueType type = check(Objects.requireNonNull(expr), false);
        if (type != wanted) {
            fault(
                    expr.span(),
                    "expected type " + wanted.documented() + " in " + context + ", got " + type.documented());
        }
    }

    private void checkAggregation(Expr.Aggregation aggregation) {
        expect(aggregation.expr(), ValueType.VECTOR, "aggregation expression");
        if (aggregation.aggregator() == Aggregator.COUNT_VALUES) {
            expect(aggregation.param(), ValueType.STRING, "aggregation parameter");
        } else if (aggregation.aggregator().takesParameter()) {
            expect(aggregation.param(), ValueType.SCALAR, "aggregation parameter");
        }
    }

    private void checkBinary(Expr.Binary binary) {
        ValueType left = check(binary.left(), false);
        ValueType right = check(binary.right(), false);
        BinaryOperator operator = binary.operator();
        VectorMatching matching = written.getOrDefault(binary, VectorMatching.NONE);
        if (binary.returnsBool() && !operator.isComparison()) {
            fault(operatorSpan(binary), "bool modifier can only be used on comparison operators");
        }
        boolean scalars = left == ValueType.SCALAR && right == ValueType.SCALAR;
        if (operator.isComparison() && !binary.returnsBool() && scalars) {
            fault(operatorSpan(binary), "comparisons between scalars must use BOOL modifier");
        }
        for (String label : matching.on() ? matching.labels() : List.<String>of()) {
            for (String included : matching.include()) {
                if (label.equals(included)) {
                    fault(
                            operatorSpan(binary),
                            "label " + GoText.quote(label) + " must not occur in ON and GROUP clause at once");
                }
            }
        }
        for (Expr side : List.of(binary.left(), binary.right())) {
            if (!isNumeric(side.type())) {
                fault(side.span(), "binary expression must contain only scalar and instant vector types");
            }
        }
        if (left == ValueType.VECTOR && right == ValueType.VECTOR) {
            checkSetOperation(binary, matching);
        } else {
            checkUnmatched(binary, matching);
        }
        boolean scalar = left == ValueType.SCALAR || right == ValueType.SCALAR;
        if (scalar && operator.isSet() && !binary.returnsBool()) {
            fault(
                    binary.span(),
                    "set operator " + GoText.quote(operator.text()) + " not allowed in binary scalar expression");
        }
    }

    private void checkUnmatched(Expr.Binary binary, VectorMatching matching) {
        if (!matching.labels().isEmpty()) {
            fault(binary.span(), "vector matching only allowed between instant vectors");
        }
        if (matching.fills()) {
            fault(binary.span(), "filling in missing series only allowed between instant vectors");
        }
    }

    private void checkSetOperation(Expr.Binary binary, VectorMatching matching) {
        if (!binary.operator().isSet()) {
            return;
        }
        if (matching.cardinality() != VectorMatching.Cardinality.MANY_TO_MANY) {
            String operator = GoText.quote(binary.operator().text());
            fault(binary.span(), "no grouping allowed for " + operator + " operation");
            fault(binary.span(), "set operations must always be many-to-many");
        }
        if (matching.fills()) {
            fault(binary.span(), "filling in missing series not allowed for set operators");
        }
    }

    /** From the operator to the end of its modifiers. */
    private Span operatorSpan(Expr.Binary binary) {
        int start = binary.left().span().end();
        while (start < input.length && Lexer.isSpace(input[start])) {
            start++;
        }
        int end = binary.right().span().start() - 1;
        while (end > start && Lexer.isSpace(input[end])) {
            end--;
        }
        return new Span(start, end);
    }

    private void checkCall(Expr.Call call) {
        Function function = call.function();
        List<Expr> args = call.args();
        checkCount(call);
        boolean info = function.name().equals("info");
        if (info && args.size() > 1) {
            checkInfo(call);
        }
        List<ValueType> types = function.arguments();
        for (int i = 0; i < args.size(); i++) {
            if (i >= types.size() && function.variadic() == 0) {
                return;
            }
            ValueType wanted = types.get(Math.min(i, types.size() - 1));
            ValueType type = check(args.get(i), info && i == 1);
            if (type != wanted) {
                fault(
                        args.get(i).span(),
                        "expected type " + wanted.documented() + " in call to function " + GoText.quote(function.name())
                                + ", got " + type.documented());
            }
        }
    }

    private void checkCount(Expr.Call call) {
        Function function = call.function();
        int given = call.args().size();
        int listed = function.arguments().size();
        int least = function.variadic() == 0 ? listed : listed - 1;
        int most = function.variadic() < 0 ? Integer.MAX_VALUE : least + function.variadic();
        if (given >= least && given <= most) {
            return;
        }
        String bound = function.variadic() == 0 ? "" : given < least ? "at least " : "at most ";
        fault(
                call.span(),
                "expected " + bound + (given < least ? least : most) + " argument(s) in call to "
                        + GoText.quote(function.name()) + ", got " + given);
    }

    private void checkInfo(Expr.Call call) {
        Expr labels = call.args().get(1);
        if (labels.type() != ValueType.VECTOR) {
            fault(
                    call.span(),
                    "expected type instant vector in call to function \"info\", got "
                            + labels.type().documented());
        }
        if (!(labels instanceof Expr.VectorSelector selector)) {
            fault(labels.span(), "expected label selectors only");
        } else if (!selector.name().isEmpty()) {
            fault(labels.span(), "expected label selectors only, got vector selector instead");
        }
    }

    private void checkSelector(Expr.VectorSelector selector, boolean mayBeEmpty) {
        List<Matcher> matchers = selector.matchers();
        if (!selector.name().isEmpty()) {
            for (Matcher matcher : matchers.subList(0, matchers.size() - 1)) {
                if (matcher.name().equals(Labels.METRIC_NAME)) {
                    fault(
                            selector.span(),
                            "metric name must not be set twice: " + GoText.quote(selector.name()) + " or "
                                    + GoText.quote(matcher.value()));
                }
            }
        } else if (!mayBeEmpty && matchers.stream().allMatch(matcher -> matcher.matches(""))) {
            fault(selector.span(), "vector selector must contain at least one non-empty matcher");
        }
    }

    private void fault(Span span, String message) {
        faults.add(Fault.of(input, span, message));
    }
}
