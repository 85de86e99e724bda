package io.emberwatch.scorer;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.scorer.Measurements.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values of members at even steps that are whole multiples of the step after the Unix epoch. */
final class Grid {
    private Grid() {}

    /** How many steps a time is after the Unix epoch. */
    static long step(Instant at, Duration step) {
        return Math.floorDiv(at.toEpochMilli(), step.toMillis());
    }

    /**
     * The values from one step to another, both included; NaN where there is none. Of two series of one member the higher
     * counts.
     */
    static Map<Member, double[]> read(
            QuerySource source, String query, List<String> labels, Duration step, long from, long to)
            throws QueryException {
        Instant start = Instant.ofEpochMilli(from * step.toMillis());
        Instant end = Instant.ofEpochMilli(to * step.toMillis());
        if (!(source.range(query, start, end, step).value() instanceof QueryValue.Matrix matrix)) {
            throw new QueryException(QueryException.Kind.BAD_DATA, query + ": expected series over time");
        }
        Map<Member, double[]> values = new HashMap<>();
        for (Series series : matrix.series()) {
            double[] own = values.computeIfAbsent(Member.of(series.labels(), labels), member -> empty(from, to));
            for (int i = 0; i < series.size(); i++) {
                int index = (int) (Math.floorDiv(series.timestampsMillis()[i], step.toMillis()) - from);
                double value = series.values()[i];
                if (index >= 0 && index < own.length && !(own[index] >= value)) {
                    own[index] = value;
                }
            }
        }
        return values;
    }

    private static double[] empty(long from, long to) {
        double[] values = new double[(int) (to - from + 1)];
        Arrays.fill(values, Double.NaN);
        return values;
    }
}
