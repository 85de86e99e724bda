package io.emberwatch.scorer.heatmap;

import io.emberwatch.model.MetricNames;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Which heatmap is wanted.
 *
 * @param metric the score that is shown, of which cells take the worst or the mean
 * @param cluster the value of the label {@code cluster}; null for whichever there is, when there is one only
 * @param days how many local days, the newest one included: 1 to {@link #MOST_DAYS}
 * @param zone whose days and hours these are
 */
public record HeatmapRequest(
        String metric, @Nullable String cluster, int days, ZoneId zone, Columns columns, Calculation calculation) {
    /** A quarter of a year and a day. */
    public static final int MOST_DAYS = 93;

    public static final String DEFAULT_METRIC = "emberwatch_etcd_cluster_score";

    /** What stands side by side. */
    public enum Columns {
        /** Days in their order. */
        DAY,
        /** Monday to Sunday: what hours of the week are like. */
        WEEKDAY
    }

    /** What a cell shows of its hour. */
    public enum Calculation {
        /** The worst five minutes: a mean hides an outage of three minutes. */
        MIN,
        MEAN
    }

    public HeatmapRequest {
        if (!MetricNames.isMetricName(metric)) {
            throw new IllegalArgumentException("metric: " + metric + " is no metric name");
        }
        if (days < 1 || days > MOST_DAYS) {
            throw new IllegalArgumentException("days: expected 1 to " + MOST_DAYS + ", found " + days);
        }
    }

    /** The last days of a cluster by day, the worst of each hour. */
    public static HeatmapRequest of(@Nullable String cluster, int days, ZoneId zone) {
        return new HeatmapRequest(DEFAULT_METRIC, cluster, days, zone, Columns.DAY, Calculation.MIN);
    }
}
