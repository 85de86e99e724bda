package io.emberwatch.scorer;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.scorer.forecast.BacktestTable;
import io.emberwatch.scorer.forecast.History;
import io.emberwatch.scorer.forecast.MadeUpLatency;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What the forecasters would have been worth: on recorded series, or on made-up ones. */
public final class PastForecasts {
    /** Between two values. */
    public static final Duration STEP = Duration.ofMinutes(5);

    /** What is learnt from takes two weeks, and something must be left to forecast. */
    public static final int LEAST_DAYS = 17;

    /** A series of more has more points than Prometheus answers with. */
    public static final int MOST_DAYS = 38;

    /** So many series of a query are compared; the rest are left out and said to be. */
    public static final int MOST_SERIES = 5;

    private static final long SEED = 1;

    private PastForecasts() {}

    /** The table that docs/scoring.md shows: four weeks of made-up sync times. */
    public static String published() {
        return BacktestTable.of(MadeUpLatency.of(SEED, 28));
    }

    /**
     * A table for each series that a query gives, in logarithms as habits are learnt.
     *
     * @param days {@link #LEAST_DAYS} to {@link #MOST_DAYS}
     * @throws IOException when there is nothing, with the reason
     */
    public static String of(QuerySource source, String query, Instant to, int days) throws IOException {
        if (days < LEAST_DAYS || days > MOST_DAYS) {
            throw new IOException("days: expected " + LEAST_DAYS + " to " + MOST_DAYS + ", found " + days);
        }
        List<Series> series;
        long last = Grid.step(to, STEP);
        long first = last - days * Duration.ofDays(1).dividedBy(STEP) + 1;
        try {
            QueryValue value =
                    source.range(query, time(first), time(last), STEP).value();
            series = value instanceof QueryValue.Matrix matrix ? matrix.series() : List.of();
        } catch (QueryException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (series.isEmpty()) {
            throw new IOException("no series: " + query);
        }
        StringBuilder text = new StringBuilder();
        for (Series one : series.subList(0, Math.min(MOST_SERIES, series.size()))) {
            double[] values = new double[(int) (last - first + 1)];
            Arrays.fill(values, Double.NaN);
            for (int i = 0; i < one.size(); i++) {
                double value = one.values()[i];
                int index = (int) (Math.floorDiv(one.timestampsMillis()[i], STEP.toMillis()) - first);
                values[index] = value > 0 ? Math.log(value) : Double.NaN;
            }
            int stepsPerDay = (int) Duration.ofDays(1).dividedBy(STEP);
            text.append(one.labels()).append("\n\n");
            text.append(BacktestTable.of(History.of(stepsPerDay, first, values)))
                    .append('\n');
        }
        if (series.size() > MOST_SERIES) {
            text.append(series.size() - MOST_SERIES).append(" more series are left out\n");
        }
        return text.toString();
    }

    private static Instant time(long step) {
        return Instant.ofEpochMilli(step * STEP.toMillis());
    }
}
