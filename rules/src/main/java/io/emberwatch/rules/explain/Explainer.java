package io.emberwatch.rules.explain;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.rules.query.BinaryOperator;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.ValueType;
import io.emberwatch.rules.query.VectorMatching;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Explains the result of a query at one time by evaluating its parts one by one at the same time: what each selector
 * found, how series of two sides met, where the result was lost. What stands in a subquery is evaluated at the time of
 * the query alone.
 */
public final class Explainer {
    private static final int SHOWN = 3;
    private static final Set<String> TWO_SAMPLES =
            Set.of("rate", "increase", "delta", "irate", "idelta", "deriv", "predict_linear");

    private final QuerySource source;
    private final Instant at;
    private final SelectorFinding findings;

    /** @param source evaluates every part; any PromQL API will do */
    public Explainer(QuerySource source, Instant at) {
        this.source = source;
        this.at = at;
        this.findings = new SelectorFinding(source, at);
    }

    /**
     * Explains an expression.
     *
     * @throws QueryException when the source does not answer; a part that fails alone is part of the explanation
     */
    public Explanation explain(Expr expr) throws QueryException {
        Expr bare = expr;
        while (bare instanceof Expr.Parens parens) {
            bare = parens.expr();
        }
        List<Explanation> parts = new ArrayList<>();
        if (!(bare instanceof Expr.MatrixSelector)) {
            for (Expr child : bare.children()) {
                if (!(child instanceof Expr.NumberLiteral) && !(child instanceof Expr.StringLiteral)) {
                    parts.add(explain(child));
                }
            }
        }
        List<String> notes = new ArrayList<>();
        String outcome;
        try {
            outcome = outcome(bare, notes);
        } catch (QueryException e) {
            if (e.kind() != QueryException.Kind.EXECUTION && e.kind() != QueryException.Kind.BAD_DATA) {
                throw e;
            }
            outcome = "error: " + e.getMessage();
        }
        return new Explanation(bare.toString(), outcome, notes, parts);
    }

    private String outcome(Expr expr, List<String> notes) throws QueryException {
        if (expr.type() == ValueType.STRING) {
            return "a text";
        }
        if (expr instanceof Expr.Subquery) {
            return matrix(source.instant(expr.toString(), at).value());
        }
        QueryValue value = source.instant(expr.toString(), at).value();
        if (value instanceof QueryValue.Scalar scalar) {
            return FloatText.formatF(scalar.value());
        }
        if (expr instanceof Expr.MatrixSelector ranged) {
            if (value instanceof QueryValue.Matrix found && found.series().isEmpty()) {
                notes.add(emptyRange(ranged));
            }
            return matrix(value);
        }
        List<Sample> samples = vector(value);
        if (expr instanceof Expr.VectorSelector selector && samples.isEmpty()) {
            notes.add(findings.reason(selector));
        } else if (expr instanceof Expr.Binary binary) {
            binary(binary, samples, notes);
        } else if (expr instanceof Expr.Call call && samples.isEmpty()) {
            tooFewSamples(call, notes);
        }
        return samples(samples);
    }

    private String emptyRange(Expr.MatrixSelector ranged) throws QueryException {
        boolean alive = !vector(source.instant(ranged.selector().toString(), at).value())
                .isEmpty();
        return alive
                ? "the range holds no sample: it is shorter than the time between two"
                : findings.reason(ranged.selector());
    }

    private void tooFewSamples(Expr.Call call, List<String> notes) throws QueryException {
        if (!TWO_SAMPLES.contains(call.function().name())) {
            return;
        }
        for (Expr arg : call.args()) {
            if (arg.type() == ValueType.MATRIX
                    && source.instant(arg.toString(), at).value() instanceof QueryValue.Matrix matrix
                    && !matrix.series().isEmpty()) {
                notes.add(call.function().name()
                        + " needs two samples of a series; the range holds one of each: it is too short");
            }
        }
    }

    private void binary(Expr.Binary binary, List<Sample> results, List<String> notes) throws QueryException {
        BinaryOperator operator = binary.operator();
        VectorMatching matching = binary.matching();
        if (matching == null) {
            boolean filters = operator.isComparison() && !binary.returnsBool();
            Expr compared = binary.left().type() == ValueType.SCALAR ? binary.right() : binary.left();
            if (filters && compared.type() == ValueType.VECTOR) {
                filtered(vector(source.instant(compared.toString(), at).value()), results, operator, notes);
            }
            return;
        }
        List<Sample> left = vector(source.instant(binary.left().toString(), at).value());
        List<Sample> right =
                vector(source.instant(binary.right().toString(), at).value());
        if (operator == BinaryOperator.OR || left.isEmpty() || right.isEmpty()) {
            return;
        }
        Set<Labels> leftSignatures = signatures(left, matching);
        Set<Labels> rightSignatures = signatures(right, matching);
        List<Sample> lonelyLeft = without(left, rightSignatures, matching);
        List<Sample> lonelyRight = without(right, leftSignatures, matching);
        String how = matching.on()
                ? "on (" + String.join(", ", matching.labels()) + ")"
                : matching.labels().isEmpty()
                        ? "on all their labels"
                        : "on all but (" + String.join(", ", matching.labels()) + ")";
        notes.add("series meet " + how + ": " + (left.size() - lonelyLeft.size()) + " of " + left.size() + " left, "
                + (right.size() - lonelyRight.size()) + " of " + right.size() + " right");
        if (operator != BinaryOperator.UNLESS) {
            lonely("left", lonelyLeft, right, matching, notes);
            if (operator != BinaryOperator.AND && lonelyLeft.size() == left.size()) {
                lonely("right", lonelyRight, left, matching, notes);
            }
        }
    }

    private static void filtered(List<Sample> all, List<Sample> kept, BinaryOperator operator, List<String> notes) {
        if (all.isEmpty()) {
            return;
        }
        double low = all.stream().mapToDouble(Sample::value).min().orElse(Double.NaN);
        double high = all.stream().mapToDouble(Sample::value).max().orElse(Double.NaN);
        notes.add(operator.text() + " holds for " + kept.size() + " of " + all.size() + ", which "
                + (low == high
                        ? all.size() == 1 ? "is " + FloatText.formatF(low) : "are all " + FloatText.formatF(low)
                        : "go from " + FloatText.formatF(low) + " to " + FloatText.formatF(high)));
    }

    private static Set<Labels> signatures(List<Sample> samples, VectorMatching matching) {
        Set<Labels> signatures = new HashSet<>();
        samples.forEach(sample -> signatures.add(matching.signature(sample.labels())));
        return signatures;
    }

    private static List<Sample> without(List<Sample> samples, Set<Labels> partners, VectorMatching matching) {
        return samples.stream()
                .filter(sample -> !partners.contains(matching.signature(sample.labels())))
                .toList();
    }

    private static void lonely(
            String side, List<Sample> lonely, List<Sample> others, VectorMatching matching, List<String> notes) {
        for (Sample sample : lonely.subList(0, Math.min(SHOWN, lonely.size()))) {
            Labels own = matching.signature(sample.labels());
            Labels nearest = Labels.EMPTY;
            int fewest = Integer.MAX_VALUE;
            for (Sample other : others) {
                Labels signature = matching.signature(other.labels());
                int differences = differences(own, signature).size();
                if (differences < fewest) {
                    fewest = differences;
                    nearest = signature;
                }
            }
            notes.add(side + " " + own + " has no partner; the nearest, " + nearest + ", differs in "
                    + String.join(", ", differences(own, nearest)));
        }
        if (lonely.size() > SHOWN) {
            notes.add("and " + (lonely.size() - SHOWN) + " more on the " + side);
        }
    }

    private static List<String> differences(Labels a, Labels b) {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            if (!b.get(a.name(i)).equals(a.value(i))) {
                differences.add(a.name(i));
            }
        }
        for (int i = 0; i < b.size(); i++) {
            if (!a.has(b.name(i))) {
                differences.add(b.name(i));
            }
        }
        return differences;
    }

    private static List<Sample> vector(QueryValue value) {
        return value instanceof QueryValue.Vector vector ? vector.samples() : List.of();
    }

    private static String samples(List<Sample> samples) {
        return switch (samples.size()) {
            case 0 -> "nothing";
            case 1 ->
                "1 series: " + samples.get(0).labels() + " "
                        + FloatText.formatF(samples.get(0).value());
            default -> samples.size() + " series";
        };
    }

    private static String matrix(QueryValue value) {
        List<Series> series = value instanceof QueryValue.Matrix matrix ? matrix.series() : List.of();
        if (series.isEmpty()) {
            return "nothing";
        }
        int fewest = series.stream().mapToInt(Series::size).min().orElse(0);
        int most = series.stream().mapToInt(Series::size).max().orElse(0);
        return series.size() + " series of " + (fewest == most ? "" : fewest + " to ") + most
                + (most == 1 ? " sample" : " samples");
    }
}
