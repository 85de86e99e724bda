package io.emberwatch.model.text;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.SeriesKey;
import java.util.HashSet;
import java.util.Set;

/** Renders what stands before the value of a sample line; the same in both formats. */
final class SeriesText {
    private SeriesText() {}

    static String metricName(String name) {
        return MetricNames.isMetricName(name) ? name : MetricNames.sanitize(name);
    }

    /** Puts {@code name{labels} } with a blank at the end, names made valid, and keeps it with the key. */
    static void put(SeriesKey key, TextBuffer out) {
        byte[] kept = key.text();
        if (kept != null) {
            out.put(kept);
            return;
        }
        int start = out.length();
        out.put(metricName(key.name()));
        Labels labels = key.labels();
        if (!labels.isEmpty()) {
            String[] names = labelNames(labels);
            for (int i = 0; i < names.length; i++) {
                out.put(i == 0 ? '{' : ',');
                out.put(names[i]);
                out.put("=\"");
                out.putEscaped(labels.value(i), true);
                out.put('"');
            }
            out.put('}');
        }
        out.put(' ');
        key.keepText(out.copyFrom(start));
    }

    // Valid names stay as they are; a name made valid that would meet another gets underscores until it is alone.
    private static String[] labelNames(Labels labels) {
        String[] names = new String[labels.size()];
        boolean valid = true;
        for (int i = 0; i < names.length; i++) {
            names[i] = labels.name(i);
            valid &= MetricNames.isLabelName(names[i]);
        }
        if (valid) {
            return names;
        }
        Set<String> taken = new HashSet<>(Set.of(Labels.METRIC_NAME));
        for (String name : names) {
            if (MetricNames.isLabelName(name)) {
                taken.add(name);
            }
        }
        for (int i = 0; i < names.length; i++) {
            if (!MetricNames.isLabelName(names[i])) {
                String clean = MetricNames.sanitize(names[i]).replace(':', '_');
                while (!taken.add(clean)) {
                    clean += "_";
                }
                names[i] = clean;
            }
        }
        return names;
    }
}
