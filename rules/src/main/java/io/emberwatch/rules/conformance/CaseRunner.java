package io.emberwatch.rules.conformance;

import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.conformance.Expected.Outcome;
import io.emberwatch.rules.query.Annotation;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.Evaluation;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.PreparedQuery;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.QueryLimits;
import io.emberwatch.rules.query.SyntaxException;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs the commands of one script. */
final class CaseRunner {
    private static final long MINUTE = 60_000;

    /** What gives something else in a range query than at one time. */
    private static final Pattern QUERY_CONTEXT = Pattern.compile("(start|end|range|step)\\(\\)");

    /** The case needs what the engine does not have. */
    private static final class UnsupportedException extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        UnsupportedException(String message) {
            super(message);
        }
    }

    /** How a case came out. */
    sealed interface Verdict {
        /** As expected. */
        record Passed() implements Verdict {}

        /** Not as expected. */
        record Failed(String reason) implements Verdict {}

        /** Not run. */
        record Skipped(String reason) implements Verdict {}
    }

    private final MemorySource source = new MemorySource();
    private final QueryEngine engine;
    private final boolean experimental;

    /** Whether a query of the case that is being run read a native histogram. */
    private boolean sawHistograms;

    CaseRunner(EngineOptions options) {
        this.engine = new QueryEngine(source, options);
        this.experimental = options.experimental();
    }

    void clear() {
        source.clear();
    }

    void load(Command.Load load) throws ScriptException {
        new Loading(source).load(load);
    }

    Verdict run(Command.Eval eval) {
        Expr expr;
        try {
            expr = Promql.parse(eval.expression(), true);
        } catch (SyntaxException e) {
            return unparsed(eval, String.valueOf(e.getMessage()));
        }
        String reason = skipReason(eval, expr);
        if (reason != null) {
            return new Verdict.Skipped(reason);
        }
        try {
            sawHistograms = false;
            String fault = eval.times().range() ? rangeFault(eval) : instantFaults(eval, expr);
            if (fault == null) {
                return new Verdict.Passed();
            }
            return sawHistograms ? new Verdict.Skipped("reads native histograms: " + fault) : new Verdict.Failed(fault);
        } catch (UnsupportedException e) {
            return new Verdict.Skipped(String.valueOf(e.getMessage()));
        }
    }

    private static Verdict unparsed(Command.Eval eval, String message) {
        List<Expected.Text> wanted = eval.expected().texts(Outcome.FAIL);
        if (wanted.isEmpty()) {
            return new Verdict.Failed(message);
        }
        boolean accepted = wanted.stream().allMatch(text -> text.accepts(message));
        return accepted ? new Verdict.Passed() : new Verdict.Failed("expected " + wanted + ", got " + message);
    }

    private @Nullable String skipReason(Command.Eval eval, Expr expr) {
        try {
            Promql.parse(eval.expression(), experimental);
            engine.prepare(eval.expression());
        } catch (SyntaxException e) {
            return "experimental: " + e.faults().get(0).message();
        } catch (QueryException e) {
            return "unsupported: " + e.getMessage();
        }
        if (eval.expected().hasHistograms()) {
            return "native histogram expected";
        }
        for (Expr.VectorSelector selector : expr.selectors()) {
            String unsupported = source.unsupported(selector.matchers());
            if (unsupported != null) {
                return unsupported + " in " + selector;
            }
        }
        return null;
    }

    private @Nullable String instantFaults(Command.Eval eval, Expr expr) throws UnsupportedException {
        long at = eval.times().startMillis();
        String fault = instantFault(eval, eval.expression(), at);
        if (fault != null || !Pinning.isSound(expr)) {
            return fault;
        }
        String pinned = new Pinning(at).pin(expr).toString();
        for (long other : otherTimes(at)) {
            fault = instantFault(eval, pinned, other);
            if (fault != null) {
                return pinned + " at " + other + " ms: " + fault;
            }
        }
        return null;
    }

    private Evaluation noted(Evaluation evaluation) {
        sawHistograms |= evaluation.sawHistograms();
        return evaluation;
    }

    private static Set<Long> otherTimes(long at) {
        return new LinkedHashSet<>(at == 0 ? List.of(-1000L, 0L, 1000L) : List.of(-10 * at, 0L, at / 5, at, 10 * at));
    }

    private @Nullable String instantFault(Command.Eval eval, String expression, long at) throws UnsupportedException {
        Evaluation evaluation;
        PreparedQuery query;
        Expected expected = eval.expected();
        try {
            query = engine.prepare(expression);
            evaluation = noted(query.evaluate(Instant.ofEpochMilli(at), QueryLimits.NONE));
        } catch (QueryException e) {
            return failureFault(expected, e);
        }
        if (expected.expects(Outcome.FAIL)) {
            return "expected to fail";
        }
        String fault = annotationFault(expected, evaluation.annotations());
        Comparison comparison = new Comparison(expected);
        if (fault == null) {
            Times times = expected.matrix() == null ? eval.times() : expected.matrix();
            fault = comparison.fault(evaluation.value(), times);
        }
        boolean ranged = expected.matrix() == null
                && expected.text() == null
                && !QUERY_CONTEXT.matcher(expression).find();
        if (fault == null && ranged) {
            fault = middleFault(query, evaluation.value(), expected, at);
        }
        return fault;
    }

    /** The same as the middle of a range query. */
    private @Nullable String middleFault(PreparedQuery query, QueryValue instant, Expected expected, long at)
            throws UnsupportedException {
        Evaluation evaluation;
        try {
            evaluation = noted(query.evaluate(
                    Instant.ofEpochMilli(at - MINUTE),
                    Instant.ofEpochMilli(at + MINUTE),
                    Duration.ofMillis(MINUTE),
                    QueryLimits.NONE));
        } catch (QueryException e) {
            return "as a range query: " + failureFault(new Expected(), e);
        }
        if (expected.expects(Outcome.ORDERED)) {
            return null;
        }
        List<Sample> middle = new ArrayList<>();
        for (Series series : ((QueryValue.Matrix) evaluation.value()).series()) {
            for (int i = 0; i < series.size(); i++) {
                if (series.timestampsMillis()[i] == at) {
                    middle.add(new Sample(series.labels(), at, series.values()[i]));
                }
            }
        }
        Comparison comparison = new Comparison(expected);
        String fault = instant instanceof QueryValue.Scalar
                ? comparison.fault(new QueryValue.Scalar(at, middle.get(0).value()), Times.instant(at))
                : comparison.vectorFault(middle);
        return fault == null ? null : "as a range query: " + fault;
    }

    private @Nullable String rangeFault(Command.Eval eval) throws UnsupportedException {
        Times times = eval.times();
        Expected expected = eval.expected();
        Evaluation evaluation;
        try {
            evaluation = noted(engine.prepare(eval.expression())
                    .evaluate(
                            Instant.ofEpochMilli(times.startMillis()),
                            Instant.ofEpochMilli(times.endMillis()),
                            Duration.ofMillis(times.stepMillis()),
                            QueryLimits.NONE));
        } catch (QueryException e) {
            return failureFault(expected, e);
        }
        if (expected.expects(Outcome.FAIL)) {
            return "expected to fail";
        }
        String fault = annotationFault(expected, evaluation.annotations());
        return fault == null ? new Comparison(expected).fault(evaluation.value(), times) : fault;
    }

    private static @Nullable String failureFault(Expected expected, QueryException failure)
            throws UnsupportedException {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("native histograms are not supported")) {
            throw new UnsupportedException(message);
        }
        if (!expected.expects(Outcome.FAIL)) {
            return message;
        }
        for (Expected.Text text : expected.texts(Outcome.FAIL)) {
            if (!text.accepts(message)) {
                return "expected failure " + text + ", got " + message;
            }
        }
        return null;
    }

    private static @Nullable String annotationFault(Expected expected, List<Annotation> annotations) {
        String fault =
                annotationFault(expected, Outcome.WARN, Outcome.NO_WARN, Annotation.Severity.WARNING, annotations);
        return fault != null
                ? fault
                : annotationFault(expected, Outcome.INFO, Outcome.NO_INFO, Annotation.Severity.INFO, annotations);
    }

    private static @Nullable String annotationFault(
            Expected expected, Outcome some, Outcome none, Annotation.Severity severity, List<Annotation> all) {
        List<String> found = all.stream()
                .filter(a -> a.severity() == severity)
                .map(Annotation::text)
                .toList();
        if (expected.expects(none) && !found.isEmpty()) {
            return "unexpected " + found;
        }
        if (!expected.expects(some)) {
            return null;
        }
        for (Expected.Text text : expected.texts(some)) {
            if (found.stream().noneMatch(text::accepts)) {
                return "expected " + severity + " " + text + ", got " + found;
            }
        }
        for (String actual : found) {
            if (expected.texts(some).stream().noneMatch(text -> text.accepts(actual))) {
                return "unexpected " + actual;
            }
        }
        return null;
    }
}
