package io.emberwatch.rules.query;

import io.emberwatch.model.MetricNames;

/** How label names are written in expressions. */
final class Names {
    private Names() {}

    /** Whether this may be the name of a label: any valid UTF-8 but the empty string. */
    static boolean isLabel(String name) {
        return !name.isEmpty() && !Utf8.hasBrokenBytes(name);
    }

    /** The name, quoted unless it is of the classic syntax. */
    static String label(String name) {
        return MetricNames.isLabelName(name) ? name : GoText.quote(name);
    }
}
