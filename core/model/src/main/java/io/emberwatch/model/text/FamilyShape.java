package io.emberwatch.model.text;

import io.emberwatch.model.MetricType;
import java.util.List;

/**
 * Which sample names may stand in a family of a type, in OpenMetrics 1.0 and in text format 0.0.4.
 *
 * <p>OpenMetrics names a family without the suffix of its samples: counter {@code foo} holds {@code foo_total}. In 0.0.4
 * the suffix is part of the family's name, and the house keeps to that ({@link io.emberwatch.model.MetricFamily}).
 */
final class FamilyShape {
    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    private static final List<String> NONE = List.of("");
    private static final List<String> OF_COUNTER = List.of(TOTAL, "_created");
    private static final List<String> OF_INFO = List.of(INFO);
    private static final List<String> OF_HISTOGRAM = List.of("_bucket", "_count", "_sum", "_created");
    private static final List<String> OF_PLAIN_HISTOGRAM = List.of("_bucket", "_count", "_sum");
    private static final List<String> OF_SUMMARY = List.of("", "_count", "_sum", "_created");
    private static final List<String> OF_PLAIN_SUMMARY = List.of("", "_count", "_sum");
    private static final List<String> OF_GAUGE_HISTOGRAM = List.of("_bucket", "_gcount", "_gsum");

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

    /**
     * Whether a sample belongs to the family: by the rules of OpenMetrics, where {@code family} is named as OpenMetrics
     * does, or by those of 0.0.4, where types that the format lacks are gauges.
     */
    static boolean fits(MetricType type, String family, String sample, boolean openMetrics) {
        if (!sample.startsWith(family)) {
            return false;
        }
        int rest = sample.length() - family.length();
        for (String suffix : suffixes(type, openMetrics)) {
            if (rest == suffix.length() && sample.endsWith(suffix)) {
                return true;
            }
        }
        return false;
    }

    /** What sample names may have behind the family's name; an empty string where they may be the same. */
    static List<String> suffixes(MetricType type, boolean openMetrics) {
        return switch (type) {
            case COUNTER -> openMetrics ? OF_COUNTER : NONE;
            case INFO -> openMetrics ? OF_INFO : NONE;
            case HISTOGRAM -> openMetrics ? OF_HISTOGRAM : OF_PLAIN_HISTOGRAM;
            case SUMMARY -> openMetrics ? OF_SUMMARY : OF_PLAIN_SUMMARY;
            case GAUGE_HISTOGRAM -> openMetrics ? OF_GAUGE_HISTOGRAM : NONE;
            case GAUGE, STATESET, UNKNOWN -> NONE;
        };
    }
}
