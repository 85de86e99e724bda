package io.emberwatch.rules.query;

import io.emberwatch.model.MetricNames;

/** How label names are written in expressions. */
final class Names {
    private Names() {}

    /** The name, quoted unless it is of the classic syntax. */
    static String label(String name) {
        return MetricNames.isLabelName(name) ? name : GoText.quote(name);
    }
}
