package io.emberwatch.rules.engine;

import io.emberwatch.model.MetricNames;

/** Which names of metrics and labels are allowed. */
public enum NameScheme {
    /** ASCII letters, digits and underscores, as before Prometheus 3. */
    LEGACY,
    /** Any text that is not empty, as since Prometheus 3. */
    UTF8;

    boolean isLabelName(String name) {
        return this == UTF8 ? !name.isEmpty() : MetricNames.isLabelName(name);
    }

    boolean isMetricName(String name) {
        return this == UTF8 ? !name.isEmpty() : MetricNames.isMetricName(name);
    }
}
