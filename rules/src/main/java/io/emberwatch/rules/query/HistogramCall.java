package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.List;

/** Plans {@code histogram_quantile} and {@code histogram_fraction} over classic histograms. */
final class HistogramCall implements VectorNode {
    private final Expr.Call call;
    private final List<ScalarNode> parameters;
    private final VectorNode operand;
    private final NameDrop nameDrop;
    private final Derived<Histograms> derived = new Derived<>();

    /** @param parameters the quantile, or the lower and the upper value of the fraction */
    HistogramCall(Expr.Call call, List<ScalarNode> parameters, VectorNode operand, NameDrop nameDrop) {
        this.call = call;
        this.parameters = parameters;
        this.operand = operand;
        this.nameDrop = nameDrop;
    }

    private boolean isQuantile() {
        return parameters.size() == 1;
    }

    private Span operandSpan() {
        return call.args().get(parameters.size()).span();
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        double[] first = parameters.get(0).evaluate(run, grid);
        double[] second = isQuantile() ? first : parameters.get(1).evaluate(run, grid);
        Frame frame = operand.evaluate(run, grid);
        Histograms histograms = derived.get(frame, () -> Histograms.of(frame));
        annotate(run, frame, histograms, first);
        int steps = grid.steps();
        double[] results = run.cells(histograms.labels().length, steps);
        for (int row = 0; row < histograms.buckets().size(); row++) {
            Histograms.Buckets buckets = histograms.buckets().get(row);
            BucketCounts counts = new BucketCounts(buckets.rows().length);
            for (int i = 0; i < steps; i++) {
                counts.load(buckets, frame, i);
                if (!counts.isEmpty()) {
                    results[row * steps + i] =
                            isQuantile() ? counts.quantile(first[i]) : counts.fraction(first[i], second[i]);
                    if (counts.wasForced()) {
                        reportForced(run, histograms.labels()[row], grid.at(i), counts);
                    }
                }
            }
            run.tick();
        }
        run.release(frame.values().length);
        return nameDrop.apply(new Frame(histograms.labels(), histograms.dropsName(), steps, results), run);
    }

    private void annotate(Run run, Frame frame, Histograms histograms, double[] quantiles) {
        if (isQuantile()) {
            for (double q : quantiles) {
                if (!(q >= 0 && q <= 1)) {
                    run.annotations().invalidQuantile(q, call.args().get(0).span());
                }
            }
        }
        histograms.reportMalformed(frame, run.annotations(), operandSpan());
    }

    private void reportForced(Run run, Labels labels, long timeMillis, BucketCounts counts) {
        run.annotations()
                .forcedMonotonicity(
                        run.options().delayedNameRemoval() ? labels.metricName() : "",
                        operandSpan(),
                        timeMillis,
                        counts.minForced(),
                        counts.maxForced(),
                        counts.maxDifference());
    }
}
