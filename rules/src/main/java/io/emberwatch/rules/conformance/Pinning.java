package io.emberwatch.rules.conformance;

import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Puts {@code @ time} on every selector and subquery, so that an expression yields the same at any time. */
final class Pinning {
    private static final Set<String> TIME_DEPENDENT = Set.of(
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "days_in_month",
            "end",
            "hour",
            "minute",
            "month",
            "predict_linear",
            "range",
            "start",
            "step",
            "time",
            "timestamp",
            "year");

    private final long millis;

    Pinning(long millis) {
        this.millis = millis;
    }

    /** Whether an expression yields the same at any time once it is pinned. */
    static boolean isSound(Expr expr) {
        if (expr instanceof Expr.Call call
                && TIME_DEPENDENT.contains(call.function().name())) {
            return false;
        }
        return expr.children().stream().allMatch(Pinning::isSound);
    }

    /** The expression with all that is not pinned yet pinned; a pinned subquery leaves its operand alone. */
    Expr pin(Expr expr) {
        if (expr instanceof Expr.VectorSelector selector) {
            return pin(selector);
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return new Expr.MatrixSelector(pin(matrix.selector()), matrix.range(), matrix.span());
        }
        if (expr instanceof Expr.Subquery s) {
            return new Expr.Subquery(s.expr(), s.range(), s.step(), pin(s.timing()), s.span());
        }
        if (expr instanceof Expr.Call call) {
            List<Expr> args = new ArrayList<>();
            call.args().forEach(arg -> args.add(pin(arg)));
            return new Expr.Call(call.function(), args, call.span());
        }
        if (expr instanceof Expr.Aggregation a) {
            Expr param = a.param() == null ? null : pin(a.param());
            return new Expr.Aggregation(a.aggregator(), pin(a.expr()), param, a.grouping(), a.without(), a.span());
        }
        if (expr instanceof Expr.Binary b) {
            return new Expr.Binary(b.operator(), pin(b.left()), pin(b.right()), b.matching(), b.returnsBool());
        }
        if (expr instanceof Expr.Unary unary) {
            return new Expr.Unary(unary.negative(), pin(unary.expr()), unary.span());
        }
        if (expr instanceof Expr.Parens parens) {
            return new Expr.Parens(pin(parens.expr()), parens.span());
        }
        return expr;
    }

    private Expr.VectorSelector pin(Expr.VectorSelector s) {
        return new Expr.VectorSelector(s.name(), s.matchers(), pin(s.timing()), s.extension(), s.span());
    }

    private Timing pin(Timing timing) {
        if (timing.at() instanceof Timing.At.Fixed) {
            return timing;
        }
        return new Timing(new Timing.At.Fixed(millis), timing.offset());
    }
}
