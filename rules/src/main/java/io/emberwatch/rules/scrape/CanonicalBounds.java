package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.text.FloatText;

/**
 * Writes {@code le} of histograms and {@code quantile} of summaries as OpenMetrics does, {@code 1} as {@code 1.0}, so that a
 * target's series are the same in whichever format it answers; as Prometheus does since 3.0.
 */
final class CanonicalBounds {
    private CanonicalBounds() {}

    /** @param type of the family whose metadata came last on the page */
    static Labels of(Labels labels, MetricType type) {
        String name = switch (type) {
            case HISTOGRAM -> "le";
            case SUMMARY -> "quantile";
            default -> "";
        };
        String value = name.isEmpty() ? "" : labels.get(name);
        return value.isEmpty() ? labels : labels.with(name, canonical(value));
    }

    private static String canonical(String text) {
        try {
            double value = FloatText.parse(text);
            String written = FloatText.formatG(value);
            boolean whole = Double.isFinite(value) && written.indexOf('e') < 0 && written.indexOf('.') < 0;
            return whole ? written + ".0" : written;
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
