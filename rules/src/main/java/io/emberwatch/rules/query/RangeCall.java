package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans a call of a function over a range vector: {@code rate(x[5m])}. */
final class RangeCall implements VectorNode {
    private static final List<String> COUNTER_SUFFIXES = List.of("_total", "_sum", "_count", "_bucket");

    /** Functions that do not look at values. */
    private static final Set<String> ANY_SAMPLE =
            Set.of("count_over_time", "first_over_time", "last_over_time", "present_over_time");

    private final Expr.Call call;
    private final RangeFunction function;
    private final RangeNode range;
    private final List<ScalarNode> parameters;
    private final @Nullable NameDrop nameDrop;

    /** @param nameDrop null when the function keeps names */
    RangeCall(Expr.Call call, RangeNode range, List<ScalarNode> parameters, @Nullable NameDrop nameDrop) {
        this.call = call;
        this.function = Objects.requireNonNull(
                RangeFunctions.find(call.function().name()), call.function().name());
        this.range = range;
        this.parameters = parameters;
        this.nameDrop = nameDrop;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        double[] first = parameters.isEmpty() ? null : parameters.get(0).evaluate(run, grid);
        double[] second = parameters.size() < 2 ? null : parameters.get(1).evaluate(run, grid);
        checkParameters(run, first, second);
        RangeNode.Ranges ranges = range.evaluate(run, grid);
        int rows = ranges.labels().length;
        int steps = grid.steps();
        double[] values = run.cells(rows, steps);
        Window window = new Window();
        for (int row = 0; row < rows; row++) {
            ranges.load(row, window);
            if (window.hasHistograms() && !ANY_SAMPLE.contains(call.function().name())) {
                throw Run.failed("native histograms are not supported by "
                        + call.function().name());
            }
            boolean found = false;
            for (int i = 0; i < steps; i++) {
                long end = ranges.windowEnd(i);
                window.moveTo(end - ranges.rangeMillis(), end);
                if (!window.isEmpty()) {
                    window.evaluateAt(grid.at(i), first == null ? 0 : first[i], second == null ? 0 : second[i]);
                    double value = function.apply(window);
                    values[row * steps + i] = value;
                    found = found || Frame.isPresent(value);
                }
            }
            if (found) {
                checkCounter(run, ranges.labels()[row]);
            }
            run.tick(steps);
        }
        Frame frame = new Frame(ranges.labels(), ranges.dropsName(), steps, values);
        return nameDrop == null ? frame : nameDrop.applyApart(frame, run);
    }

    private void checkParameters(Run run, double @Nullable [] first, double @Nullable [] second) throws QueryException {
        if (first == null) {
            return;
        }
        switch (call.function().name()) {
            case "quantile_over_time" -> {
                for (double q : first) {
                    if (!(q >= 0 && q <= 1)) {
                        run.annotations().invalidQuantile(q, call.args().get(0).span());
                    }
                }
            }
            case "double_exponential_smoothing" -> {
                checkFactor("smoothing", "sf", first);
                checkFactor("trend", "tf", Objects.requireNonNull(second));
            }
            default -> {}
        }
    }

    private static void checkFactor(String name, String symbol, double[] factors) throws QueryException {
        for (double factor : factors) {
            if (!(factor > 0 && factor < 1)) {
                throw Run.failed(
                        "invalid " + name + " factor. Expected: 0 < " + symbol + " < 1, got: " + GoText.fixed(factor));
            }
        }
    }

    private void checkCounter(Run run, Labels labels) {
        String name = call.function().name();
        if (!name.equals("rate") && !name.equals("increase")) {
            return;
        }
        String metric = labels.metricName();
        if (!metric.isEmpty() && COUNTER_SUFFIXES.stream().noneMatch(metric::endsWith)) {
            run.annotations().possiblyNoCounter(metric, call.args().get(0).span());
        }
    }
}
