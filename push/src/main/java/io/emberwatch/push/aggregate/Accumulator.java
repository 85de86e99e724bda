package io.emberwatch.push.aggregate;

import io.emberwatch.model.text.FloatText;
import io.emberwatch.push.message.ByteBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one group in one window, from which every function can be told. */
final class Accumulator {
    private static final double MEDIAN = 0.5;
    private static final double HIGH = 0.99;

    private final @Nullable Sketch sketch;
    private long count;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double last;
    private long lastTime = Long.MIN_VALUE;

    /** @param sketched whether quantiles will be asked for */
    Accumulator(boolean sketched) {
        sketch = sketched ? new Sketch() : null;
    }

    void add(double value, long time) {
        if (sketch != null) {
            sketch.add(value);
        }
        count++;
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
        if (time >= lastTime) {
            lastTime = time;
            last = value;
        }
    }

    private double value(AggregateFunction function) {
        return switch (function) {
            case AVG -> sum / count;
            case SUM -> sum;
            case MIN -> min;
            case MAX -> max;
            case COUNT -> count;
            case LAST -> last;
            case P50 -> sketch == null ? Double.NaN : sketch.quantile(MEDIAN);
            case P99 -> sketch == null ? Double.NaN : sketch.quantile(HIGH);
        };
    }

    /**
     * Writes {@code user_avg=1.5,user_max=2}; a sum beyond the largest double is left out, for line protocol cannot say it.
     *
     * @return whether anything was written
     */
    boolean writeFields(byte[] field, List<AggregateFunction> functions, ByteBuilder out) {
        boolean any = false;
        for (AggregateFunction function : functions) {
            double value = value(function);
            if (Double.isFinite(value)) {
                out.append(any ? ',' : ' ')
                        .append(field)
                        .append(function.suffix())
                        .append('=');
                out.append(FloatText.formatG(value));
                any = true;
            }
        }
        return any;
    }
}
