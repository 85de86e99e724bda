package io.emberwatch.rules.query;

import io.emberwatch.rules.query.Expr.VectorSelector;
import io.emberwatch.rules.query.Expr.VectorSelector.Extension;
import io.emberwatch.rules.query.Tokens.Abort;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses what may stand behind an expression: ranges, subqueries, {@code offset}, {@code @} and other modifiers. */
final class Suffixes {
    private static final String DURATIONS = "number, duration, step(), or range()";

    private final Tokens tokens;
    private final DurationParser durations;
    private final boolean experimental;
    private final Set<Expr> broken = Collections.newSetFromMap(new IdentityHashMap<>());

    Suffixes(Tokens tokens, boolean experimental) {
        this.tokens = tokens;
        this.durations = new DurationParser(tokens);
        this.experimental = experimental;
    }

    static boolean starts(Kind kind) {
        return switch (kind) {
            case LEFT_BRACKET, OFFSET, AT, ANCHORED, SMOOTHED -> true;
            default -> false;
        };
    }

    /** Reads the suffix that {@link #starts} with the lookahead token. */
    Expr read(Expr expr) throws Abort {
        return switch (tokens.kind()) {
            case LEFT_BRACKET -> brackets(expr);
            case OFFSET -> offset(expr);
            case AT -> at(expr);
            default -> extended(expr);
        };
    }

    /** Stands for an expression that could not be made; only ever part of a text that is refused. */
    VectorSelector placeholder(Span span) {
        VectorSelector selector = new VectorSelector("", List.of(), Timing.NONE, Extension.NONE, span);
        broken.add(selector);
        return selector;
    }

    private Expr brackets(Expr expr) throws Abort {
        Token open = tokens.shift();
        DurationExpr range;
        try {
            range = durations.inBrackets();
        } catch (Abort abort) {
            tokens.report(abort, "subquery or range selector", DURATIONS);
            return expr;
        }
        if (tokens.is(Kind.RIGHT_BRACKET)) {
            return matrix(expr, range, open.span().to(tokens.shift().span()));
        }
        if (!tokens.is(Kind.COLON)) {
            tokens.report("subquery or range", "\":\" or \"]\"");
            return expr;
        }
        tokens.shift();
        DurationExpr step = null;
        if (!tokens.is(Kind.RIGHT_BRACKET)) {
            try {
                step = durations.inBrackets();
            } catch (Abort abort) {
                tokens.report(abort, "subquery selector", "number, duration, step(), range(), or \"]\"");
                return expr;
            }
            if (!tokens.is(Kind.RIGHT_BRACKET)) {
                tokens.report("subquery selector", "\"]\"");
                return expr;
            }
        }
        Token close = tokens.shift();
        return new Expr.Subquery(expr, range, step, Timing.NONE, expr.span().to(close.span()));
    }

    private Expr matrix(Expr expr, DurationExpr range, Span brackets) throws Abort {
        Span span = new Span(expr.span().start(), tokens.lastClosing());
        if (expr instanceof VectorSelector selector && !broken.contains(selector)) {
            if (selector.timing().offset() instanceof DurationExpr.Literal literal && literal.seconds() != 0) {
                tokens.fault(brackets, "no offset modifiers allowed before range");
            } else if (!(selector.timing().at() instanceof Timing.At.Evaluation)) {
                tokens.fault(brackets, "no @ modifiers allowed before range");
            }
            return new Expr.MatrixSelector(selector, range, span);
        }
        tokens.fault(brackets, "ranges only allowed for vector selectors");
        VectorSelector inner = placeholder(expr.span());
        Expr matrix = new Expr.MatrixSelector(inner, range, span);
        broken.add(matrix);
        return matrix;
    }

    private Expr offset(Expr expr) throws Abort {
        tokens.shift();
        DurationExpr offset;
        try {
            offset = durations.afterOffset();
        } catch (Abort abort) {
            tokens.report(abort, "offset", DURATIONS);
            return expr;
        }
        Timing timing = timing(expr);
        if (timing == null) {
            tokens.fault(
                    expr.span(),
                    broken.contains(expr)
                            ? "ranges only allowed for vector selectors"
                            : "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery");
            return expr;
        }
        if (timing.offset() != null && !isZero(timing.offset())) {
            tokens.fault(expr.span(), "offset may not be set multiple times");
        }
        return timed(expr, new Timing(timing.at(), offset));
    }

    private static boolean isZero(DurationExpr offset) {
        return offset instanceof DurationExpr.Literal literal && literal.seconds() == 0;
    }

    private Expr at(Expr expr) throws Abort {
        tokens.shift();
        Timing.At at;
        if (tokens.is(Kind.START) || tokens.is(Kind.END)) {
            at = tokens.shift().kind() == Kind.START ? new Timing.At.Start() : new Timing.At.End();
            try {
                tokens.expect(Kind.LEFT_PAREN);
                tokens.expect(Kind.RIGHT_PAREN);
            } catch (Abort abort) {
                tokens.report(abort, "@", "timestamp");
                return expr;
            }
        } else {
            double seconds;
            try {
                seconds = signedNumber();
            } catch (Abort abort) {
                tokens.report(abort, "@", "timestamp");
                return expr;
            }
            if (Double.isNaN(seconds) || Math.abs(seconds) >= 0x1p63) {
                tokens.fault(expr.span(), "timestamp out of bounds for @ modifier: " + GoText.fixed(seconds));
                seconds = 0;
            }
            at = new Timing.At.Fixed(Math.round(seconds * 1000));
        }
        return at(expr, at);
    }

    private Expr at(Expr expr, Timing.At at) {
        Timing timing = timing(expr);
        if (timing == null) {
            tokens.fault(
                    expr.span(),
                    broken.contains(expr)
                            ? "ranges only allowed for vector selectors"
                            : "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery");
            return expr;
        }
        if (!(timing.at() instanceof Timing.At.Evaluation)) {
            tokens.fault(expr.span(), "@ <timestamp> may not be set multiple times");
            return expr;
        }
        return timed(expr, new Timing(at, timing.offset()));
    }

    private double signedNumber() throws Abort {
        boolean negative = tokens.is(Kind.SUB);
        if (negative || tokens.is(Kind.ADD)) {
            tokens.shift();
        }
        double value = tokens.literal().value();
        return negative ? -value : value;
    }

    /** The modifiers of an expression that can have them, or null. */
    private @Nullable Timing timing(Expr expr) {
        if (broken.contains(expr)) {
            return null;
        }
        if (expr instanceof VectorSelector selector) {
            return selector.timing();
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return matrix.selector().timing();
        }
        return expr instanceof Expr.Subquery subquery ? subquery.timing() : null;
    }

    private Expr timed(Expr expr, Timing timing) {
        Span span = new Span(expr.span().start(), tokens.lastClosing());
        if (expr instanceof VectorSelector s) {
            return new VectorSelector(s.name(), s.matchers(), timing, s.extension(), span);
        }
        if (expr instanceof Expr.MatrixSelector m) {
            VectorSelector s = m.selector();
            VectorSelector timed = new VectorSelector(s.name(), s.matchers(), timing, s.extension(), s.span());
            return new Expr.MatrixSelector(timed, m.range(), span);
        }
        Expr.Subquery subquery = (Expr.Subquery) expr;
        return new Expr.Subquery(subquery.expr(), subquery.range(), subquery.step(), timing, span);
    }

    private Expr extended(Expr expr) {
        Token word = tokens.shift();
        Extension extension = word.kind() == Kind.ANCHORED ? Extension.ANCHORED : Extension.SMOOTHED;
        String name = word.kind().text();
        if (broken.contains(expr)) {
            return expr;
        }
        if (!experimental) {
            tokens.fault(expr.span(), name + " modifier is experimental and not enabled");
            return expr;
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return new Expr.MatrixSelector(extended(matrix.selector(), extension, expr), matrix.range(), expr.span());
        }
        if (expr instanceof VectorSelector selector) {
            return extended(selector, extension, expr);
        }
        // Prometheus' words, for expressions that have no such modifier.
        tokens.fault(
                expr.span(),
                name
                        + (expr instanceof Expr.Subquery
                                ? " modifier is not supported for subqueries"
                                : " modifier not implemented"));
        return expr;
    }

    private VectorSelector extended(VectorSelector s, Extension extension, Expr whole) {
        if (s.extension() != Extension.NONE && s.extension() != extension) {
            tokens.fault(whole.span(), "anchored and smoothed modifiers cannot be used together");
        }
        return new VectorSelector(s.name(), s.matchers(), s.timing(), extension, s.span());
    }
}
