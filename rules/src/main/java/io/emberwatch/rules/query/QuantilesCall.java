package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plans {@code histogram_quantiles(x, "quantile", 0.5, 0.9)}: several quantiles of each classic histogram, told by a label. */
final class QuantilesCall implements VectorNode {
    private final Expr.Call call;
    private final String label;
    private final List<ScalarNode> quantiles;
    private final VectorNode operand;
    private final boolean delayed;

    QuantilesCall(Expr.Call call, String label, List<ScalarNode> quantiles, VectorNode operand, boolean delayed) {
        this.call = call;
        this.label = label;
        this.quantiles = quantiles;
        this.operand = operand;
        this.delayed = delayed;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        if (!Names.isLabel(label)) {
            throw Run.failed("invalid label name " + GoText.quote(label));
        }
        List<double[]> wanted = new ArrayList<>();
        for (ScalarNode quantile : quantiles) {
            wanted.add(quantile.evaluate(run, grid));
        }
        Frame frame = operand.evaluate(run, grid);
        Histograms histograms = Histograms.of(frame);
        annotate(run, frame, histograms, wanted);
        Map<Labels, double[]> results = new LinkedHashMap<>();
        for (int row = 0; row < histograms.buckets().size(); row++) {
            compute(run, grid, frame, histograms, row, wanted, results);
            run.tick();
        }
        Labels[] labels = results.keySet().toArray(new Labels[0]);
        double[] values = new double[labels.length * grid.steps()];
        int at = 0;
        for (double[] cells : results.values()) {
            System.arraycopy(cells, 0, values, at, grid.steps());
            at += grid.steps();
        }
        run.release(frame.values().length);
        return new NameDrop(delayed).apply(new Frame(labels, null, grid.steps(), values), run);
    }

    private void compute(
            Run run,
            Grid grid,
            Frame frame,
            Histograms histograms,
            int row,
            List<double[]> wanted,
            Map<Labels, double[]> results)
            throws QueryException {
        Histograms.Buckets buckets = histograms.buckets().get(row);
        BucketCounts counts = new BucketCounts(buckets.rows().length);
        for (double[] quantile : wanted) {
            for (int i = 0; i < grid.steps(); i++) {
                counts.load(buckets, frame, i);
                if (counts.isEmpty()) {
                    continue;
                }
                Labels labels = histograms.labels()[row].with(label, name(quantile[i]));
                double[] cells = results.get(labels);
                if (cells == null) {
                    cells = run.cells(1, grid.steps());
                    results.put(labels, cells);
                }
                if (Frame.isPresent(cells[i])) {
                    throw Run.failed("vector cannot contain metrics with the same labelset");
                }
                cells[i] = counts.quantile(quantile[i]);
                if (counts.wasForced()) {
                    run.annotations()
                            .forcedMonotonicity(
                                    delayed ? labels.metricName() : "",
                                    call.args().get(0).span(),
                                    grid.at(i),
                                    counts.minForced(),
                                    counts.maxForced(),
                                    counts.maxDifference());
                }
            }
        }
    }

    private void annotate(Run run, Frame frame, Histograms histograms, List<double[]> wanted) {
        for (int n = 0; n < wanted.size(); n++) {
            for (double q : wanted.get(n)) {
                if (!(q >= 0 && q <= 1)) {
                    run.annotations().invalidQuantile(q, call.args().get(n + 2).span());
                }
            }
        }
        histograms.reportMalformed(frame, run.annotations(), call.args().get(0).span());
    }

    /** A number as OpenMetrics writes it: with a point or an exponent. */
    private static String name(double q) {
        String text = FloatText.formatG(q);
        boolean whole = !Double.isNaN(q) && !Double.isInfinite(q) && !text.contains(".") && !text.contains("e");
        return whole ? text + ".0" : text;
    }
}
