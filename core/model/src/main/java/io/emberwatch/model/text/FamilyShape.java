package io.emberwatch.model.text;

import io.emberwatch.model.MetricType;

/**
 * Which sample names may stand in a family of a type, in OpenMetrics 1.0 and in text format 0.0.4.
 *
 * <p>OpenMetrics names a family without the suffix of its samples: counter {@code foo} holds {@code foo_total}. In 0.0.4
 * the suffix is part of the family's name, and the house keeps to that ({@link io.emberwatch.model.MetricFamily}).
 */
final class FamilyShape {
    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    private FamilyShape() {}

    /** The name that OpenMetrics gives to a family of ours. */
    static String openMetricsName(MetricType type, String family) {
        return switch (type) {
            case COUNTER -> withoutSuffix(family, TOTAL);
            case INFO -> withoutSuffix(family, INFO);
            default -> family;
        };
    }

    /** The name that we give to a family of OpenMetrics. */
    static String familyName(MetricType type, String openMetricsName) {
        return switch (type) {
            case COUNTER -> openMetricsName + TOTAL;
            case INFO -> openMetricsName + INFO;
            default -> openMetricsName;
        };
    }

    private static String withoutSuffix(String name, String suffix) {
        boolean has = name.length() > suffix.length() && name.endsWith(suffix);
        return has ? name.substring(0, name.length() - suffix.length()) : name;
    }

    /** Whether OpenMetrics allows the sample in the family; {@code family} as OpenMetrics names it. */
    static boolean fitsOpenMetrics(MetricType type, String family, String sample) {
        if (!sample.startsWith(family)) {
            return false;
        }
        int at = family.length();
        return switch (type) {
            case GAUGE, STATESET, UNKNOWN -> sample.length() == at;
            case COUNTER -> endsAs(sample, at, TOTAL) || endsAs(sample, at, "_created");
            case INFO -> endsAs(sample, at, INFO);
            case HISTOGRAM -> endsAs(sample, at, "_bucket") || endsAsSummary(sample, at);
            case SUMMARY -> sample.length() == at || endsAsSummary(sample, at);
            case GAUGE_HISTOGRAM ->
                endsAs(sample, at, "_bucket") || endsAs(sample, at, "_gsum") || endsAs(sample, at, "_gcount");
        };
    }

    /** Whether the sample belongs to the family in 0.0.4, where types that the format lacks are gauges. */
    static boolean fitsPlain(MetricType type, String family, String sample) {
        if (!sample.startsWith(family)) {
            return false;
        }
        int at = family.length();
        return switch (type) {
            case HISTOGRAM ->
                endsAs(sample, at, "_bucket") || endsAs(sample, at, "_sum") || endsAs(sample, at, "_count");
            case SUMMARY -> sample.length() == at || endsAs(sample, at, "_sum") || endsAs(sample, at, "_count");
            default -> sample.length() == at;
        };
    }

    private static boolean endsAsSummary(String sample, int at) {
        return endsAs(sample, at, "_count") || endsAs(sample, at, "_sum") || endsAs(sample, at, "_created");
    }

    private static boolean endsAs(String sample, int at, String suffix) {
        return sample.length() == at + suffix.length() && sample.endsWith(suffix);
    }
}
