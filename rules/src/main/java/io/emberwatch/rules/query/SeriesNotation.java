package io.emberwatch.rules.query;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import java.util.BitSet;

/**
 * The notation of test series: {@code up{job="api"} 1 2+3x4 _ _x2 stale NaN}.
 *
 * <p>Prometheus documentation, "Unit testing for rules", series: {@code a+bxn} is a, a+b … n+1 values in all; {@code
 * axn} is n+1 times a; {@code _} is no sample; {@code stale} is a stale marker.
 */
public final class SeriesNotation {
    private SeriesNotation() {}

    /**
     * One line of the notation.
     *
     * @param values one per step, 0 where there is none
     * @param present which steps have a value
     * @param histograms whether some steps hold native histograms, which are then not {@code present}
     */
    @SuppressWarnings("ArrayRecordComponent") // handed straight to a series; never compared
    public record Row(Labels labels, double[] values, BitSet present, boolean histograms) {
        /** The values as points at {@code startMillis}, {@code startMillis + stepMillis} … */
        public Series toSeries(long startMillis, long stepMillis) {
            int size = present.cardinality();
            long[] timestamps = new long[size];
            double[] points = new double[size];
            int n = 0;
            for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1)) {
                timestamps[n] = startMillis + i * stepMillis;
                points[n++] = values[i];
            }
            return new Series(labels, timestamps, points);
        }
    }

    /**
     * Reads a series and its values.
     *
     * @throws SyntaxException worded as Prometheus words it
     */
    public static Row parse(String line) throws SyntaxException {
        throw new UnsupportedOperationException(line);
    }

    /**
     * Reads only {@code name{label="value"}}, all matchers equalities.
     *
     * @throws SyntaxException worded as Prometheus words it
     */
    public static Labels parseLabels(String text) throws SyntaxException {
        throw new UnsupportedOperationException(text);
    }
}
