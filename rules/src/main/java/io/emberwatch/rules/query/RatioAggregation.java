package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import java.nio.charset.StandardCharsets;

/**
 * Plans {@code limit_ratio(0.1, x)}: about this part of the series, the same at every time; a negative ratio gives the part
 * that the ratio plus one leaves out.
 *
 * <p>Which series those are depends on a hash of their labels alone, so the grouping makes no difference. It is another
 * hash than that of Prometheus.
 */
final class RatioAggregation implements VectorNode {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final Expr.Aggregation aggregation;
    private final ScalarNode ratio;
    private final VectorNode operand;
    private final Derived<double[]> places = new Derived<>();

    RatioAggregation(Expr.Aggregation aggregation, ScalarNode ratio, VectorNode operand) {
        this.aggregation = aggregation;
        this.ratio = ratio;
        this.operand = operand;
    }

    @Override
    public Frame evaluate(Run run, Grid grid) throws QueryException {
        double[] ratios = ratio.evaluate(run, grid);
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = capped(ratios[i], run);
        }
        Frame frame = operand.evaluate(run, grid);
        double[] offsets = places.get(frame, () -> places(frame.labels()));
        double[] values = frame.values();
        for (int i = 0; i < values.length; i++) {
            double offset = offsets[i / grid.steps()];
            double wanted = ratios[i % grid.steps()];
            if (wanted >= 0 ? offset >= wanted : offset < 1 + wanted) {
                values[i] = Frame.ABSENT;
            }
        }
        return frame;
    }

    private double capped(double given, Run run) throws QueryException {
        if (Double.isNaN(given)) {
            throw Run.failed("Ratio value is NaN");
        }
        double capped = Math.max(-1, Math.min(1, given));
        if (capped != given) {
            Expr parameter = aggregation.param();
            run.annotations().invalidRatio(given, capped, parameter == null ? aggregation.span() : parameter.span());
        }
        return capped;
    }

    private static double[] places(Labels[] labels) {
        double[] places = new double[labels.length];
        for (int row = 0; row < places.length; row++) {
            places[row] = place(labels[row]);
        }
        return places;
    }

    /** A number from 0 up to but not including 1 that the labels decide. */
    static double place(Labels labels) {
        long hash = FNV_BASIS;
        for (int i = 0; i < labels.size(); i++) {
            hash = hashed(hash, labels.name(i));
            hash = hashed(hash, labels.value(i));
        }
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        hash *= 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (hash >>> 11) * 0x1p-53;
    }

    private static long hashed(long hash, String text) {
        long next = hash;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            next = (next ^ (b & 0xff)) * FNV_PRIME;
        }
        return (next ^ 0xff) * FNV_PRIME;
    }
}
