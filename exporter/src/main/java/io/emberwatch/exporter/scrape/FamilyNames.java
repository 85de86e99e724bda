package io.emberwatch.exporter.scrape;

import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.FloatText;

/** Which sample names a family of a type may have, in the formats taken together. */
final class FamilyNames {
    private FamilyNames() {}

    /** Whether a family's samples bear suffixes, so that other families may not have these names. */
    static boolean hasSuffixes(MetricType type) {
        return type == MetricType.HISTOGRAM || type == MetricType.SUMMARY || type == MetricType.GAUGE_HISTOGRAM;
    }

    static boolean belongs(MetricType type, String family, String sample) {
        if (!sample.startsWith(family)) {
            return false;
        }
        String suffix = sample.substring(family.length());
        return switch (type) {
            case COUNTER, GAUGE, UNKNOWN, STATESET, INFO -> suffix.isEmpty();
            case HISTOGRAM -> suffix.equals("_bucket") || suffix.equals("_sum") || suffix.equals("_count");
            case SUMMARY -> suffix.isEmpty() || suffix.equals("_sum") || suffix.equals("_count");
            case GAUGE_HISTOGRAM -> suffix.equals("_bucket") || suffix.equals("_gsum") || suffix.equals("_gcount");
        };
    }

    /**
     * Whether a sample has the bound that it must have and no bound that is not a number: {@code le} of histograms,
     * {@code quantile} of summaries. Readers want a number on samples that need none too.
     */
    static boolean hasBound(MetricType type, String family, SeriesKey sample) {
        if (!hasSuffixes(type)) {
            return true;
        }
        boolean summary = type == MetricType.SUMMARY;
        String bound = sample.labels().get(summary ? "quantile" : "le");
        boolean needed = summary ? sample.name().equals(family) : sample.name().endsWith("_bucket");
        return bound.isEmpty() ? !needed : isNumber(bound);
    }

    private static boolean isNumber(String text) {
        try {
            FloatText.parse(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
