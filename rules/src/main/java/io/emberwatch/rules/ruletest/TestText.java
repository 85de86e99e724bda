package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.rules.query.SeriesNotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Labels, values and lists as promtool prints them. */
final class TestText {
    private TestText() {}

    static String labels(Labels labels) {
        return SeriesNotation.print(labels);
    }

    static String quoted(String text) {
        return SeriesNotation.quoted(text);
    }

    static String value(double value) {
        return FloatText.formatE(value)
                .toUpperCase(Locale.ROOT)
                .replace("NAN", "NaN")
                .replace("INF", "Inf");
    }

    static String indented(String text, String indent) {
        return text.replace("\n", "\n" + indent);
    }

    /** A numbered list with its items on lines of their own. */
    static String numbered(List<?> items) {
        if (items.isEmpty()) {
            return "[]";
        }
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < items.size(); i++) {
            text.append(i == 0 ? "\n" : ",\n").append(i).append(':').append(indented("\n" + items.get(i), "  "));
        }
        return text.append("\n]").toString();
    }

    /** What is in one list only, each item on a line behind a minus (missing) or a plus (not expected). */
    static String difference(List<?> expected, List<?> got, String indent) {
        List<Object> missing = new ArrayList<>(expected);
        List<Object> extra = new ArrayList<>();
        for (Object item : got) {
            if (!missing.remove(item)) {
                extra.add(item);
            }
        }
        StringBuilder text = new StringBuilder();
        missing.forEach(item -> text.append('\n').append(indent).append("- ").append(oneLine(item)));
        extra.forEach(item -> text.append('\n').append(indent).append("+ ").append(oneLine(item)));
        return text.toString();
    }

    private static String oneLine(Object item) {
        return item.toString().replace("\n", " ");
    }
}
