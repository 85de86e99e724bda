package io.emberwatch.rules.query;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions over range vectors, but for {@code absent_over_time}, which looks at all series at once. */
final class RangeFunctions {
    private static final Map<String, RangeFunction> BY_NAME = Map.ofEntries(
            Map.entry("avg_over_time", RangeFunctions::average),
            Map.entry("changes", RangeFunctions::changes),
            Map.entry("count_over_time", Window::count),
            Map.entry("delta", window -> Rates.extrapolated(window, false, false)),
            Map.entry("deriv", Regression::slope),
            Map.entry("double_exponential_smoothing", RangeFunctions::smoothed),
            Map.entry("first_over_time", Window::first),
            Map.entry("idelta", window -> Rates.instant(window, false)),
            Map.entry("increase", window -> Rates.extrapolated(window, true, false)),
            Map.entry("irate", window -> Rates.instant(window, true)),
            Map.entry("last_over_time", Window::last),
            Map.entry("mad_over_time", RangeFunctions::medianDeviation),
            Map.entry("max_over_time", RangeFunctions::max),
            Map.entry("min_over_time", RangeFunctions::min),
            Map.entry("predict_linear", Regression::prediction),
            Map.entry("present_over_time", window -> 1),
            Map.entry(
                    "quantile_over_time",
                    window -> GoMath.quantile(window.parameter(), window.copyOfValues(), window.count())),
            Map.entry("rate", window -> Rates.extrapolated(window, true, true)),
            Map.entry("resets", RangeFunctions::resets),
            Map.entry("stddev_over_time", window -> Math.sqrt(variance(window))),
            Map.entry("stdvar_over_time", RangeFunctions::variance),
            Map.entry("sum_over_time", RangeFunctions::sum),
            Map.entry("ts_of_first_over_time", window -> window.time(window.from()) / 1e3),
            Map.entry("ts_of_last_over_time", window -> window.time(window.to() - 1) / 1e3),
            Map.entry("ts_of_max_over_time", RangeFunctions::timeOfMax),
            Map.entry("ts_of_min_over_time", RangeFunctions::timeOfMin));

    private RangeFunctions() {}

    static @Nullable RangeFunction find(String name) {
        return BY_NAME.get(name);
    }

    private static double sum(Window window) {
        KahanSum sum = new KahanSum();
        for (int i = window.from(); i < window.to(); i++) {
            sum.add(window.value(i));
        }
        return Double.isInfinite(sum.rounded()) ? sum.rounded() : sum.total();
    }

    /** The sum by the count as long as the sum is finite, else a mean that each value moves a little. */
    private static double average(Window window) {
        KahanSum sum = new KahanSum();
        sum.reset(window.first(), 0);
        for (int i = window.from() + 1; i < window.to(); i++) {
            double before = sum.rounded();
            double lost = sum.lost();
            sum.add(window.value(i));
            if (Double.isInfinite(sum.rounded())) {
                sum.reset(before, lost);
                return movingAverage(window, i, sum);
            }
        }
        double count = window.count();
        return sum.rounded() / count + sum.lost() / count;
    }

    private static double movingAverage(Window window, int next, KahanSum sum) {
        double seen = next - window.from();
        sum.reset(sum.rounded() / seen, sum.lost() / seen);
        for (int i = next; i < window.to(); i++) {
            double count = i - window.from() + 1;
            double weight = (count - 1) / count;
            sum.reset(weight * sum.rounded(), weight * sum.lost());
            sum.add(window.value(i) / count);
        }
        return sum.total();
    }

    private static double max(Window window) {
        double max = window.first();
        for (int i = window.from() + 1; i < window.to(); i++) {
            double value = window.value(i);
            if (value > max || Double.isNaN(max)) {
                max = value;
            }
        }
        return max;
    }

    private static double min(Window window) {
        double min = window.first();
        for (int i = window.from() + 1; i < window.to(); i++) {
            double value = window.value(i);
            if (value < min || Double.isNaN(min)) {
                min = value;
            }
        }
        return min;
    }

    private static double timeOfMax(Window window) {
        int at = window.from();
        for (int i = at + 1; i < window.to(); i++) {
            if (window.value(i) >= window.value(at) || Double.isNaN(window.value(at))) {
                at = i;
            }
        }
        return window.time(at) / 1e3;
    }

    private static double timeOfMin(Window window) {
        int at = window.from();
        for (int i = at + 1; i < window.to(); i++) {
            if (window.value(i) <= window.value(at) || Double.isNaN(window.value(at))) {
                at = i;
            }
        }
        return window.time(at) / 1e3;
    }

    private static double variance(Window window) {
        double count = 0;
        KahanSum mean = new KahanSum();
        KahanSum squares = new KahanSum();
        for (int i = window.from(); i < window.to(); i++) {
            count++;
            double value = window.value(i);
            double delta = value - mean.total();
            mean.add(delta / count);
            squares.add(delta * (value - mean.total()));
        }
        return squares.total() / count;
    }

    private static double changes(Window window) {
        int changes = 0;
        for (int i = window.from() + 1; i < window.to(); i++) {
            double value = window.value(i);
            double before = window.value(i - 1);
            if (value != before && !(Double.isNaN(value) && Double.isNaN(before))) {
                changes++;
            }
        }
        return changes;
    }

    private static double resets(Window window) {
        int resets = 0;
        for (int i = window.from() + 1; window.hasReset() && i < window.to(); i++) {
            if (window.value(i) < window.value(i - 1)) {
                resets++;
            }
        }
        return resets;
    }

    private static double medianDeviation(Window window) {
        double[] values = window.copyOfValues();
        int count = window.count();
        for (int i = 0; i < count; i++) {
            if (Double.isNaN(values[i])) {
                return Double.NaN;
            }
        }
        double median = GoMath.quantile(0.5, values, count);
        for (int i = 0; i < count; i++) {
            values[i] = Math.abs(values[i] - median);
        }
        return GoMath.quantile(0.5, values, count);
    }

    /** Holt's linear exponential smoothing. */
    private static double smoothed(Window window) {
        if (window.count() < 2) {
            return Frame.ABSENT;
        }
        double smoothing = window.parameter();
        double trendFactor = window.secondParameter();
        double previous = 0;
        double current = window.first();
        double trend = window.value(window.from() + 1) - window.first();
        for (int i = window.from() + 1; i < window.to(); i++) {
            if (i > window.from() + 1) {
                trend = trendFactor * (current - previous) + (1 - trendFactor) * trend;
            }
            double next = smoothing * window.value(i) + (1 - smoothing) * (current + trend);
            previous = current;
            current = next;
        }
        return current;
    }
}
