package io.emberwatch.model.text;

import io.emberwatch.model.Labels;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.Utf8Order;
import java.util.Arrays;

/** Reads metric names with labels, and keeps where they were until the next is read. */
final class SeriesScanner {
    static final int MOST_LABELS = 1024;
    private static final int UNNAMED = -1;

    private final PageScanner text;
    private int seriesFrom;
    private int seriesTo;
    private int nameFrom;
    private int nameTo;
    /** Per label the bounds of its name and of its value, without quotes. */
    private int[] bounds = new int[64];

    private int labelCount;
    private boolean commaAtEnd;

    SeriesScanner(PageScanner text) {
        this.text = text;
    }

    /** Reads name and labels. */
    void read() throws ParseException {
        seriesFrom = text.position();
        nameFrom = UNNAMED;
        labelCount = 0;
        if (text.peek() != '{') {
            nameFrom = text.position();
            text.skipName(PageScanner.LETTER | PageScanner.COLON, "a metric name");
            nameTo = text.position();
            seriesTo = text.position();
            text.blanksIfLoose();
            if (text.peek() != '{') {
                return;
            }
        }
        labelSet(true);
        seriesTo = text.position();
        if (nameFrom == UNNAMED) {
            throw text.error("expected a quoted metric name within the braces");
        }
    }

    /** Reads the labels of an exemplar; their lengths are in {@link #labelCodePoints}. */
    void readExemplarLabels() throws ParseException {
        if (text.peek() != '{') {
            throw text.unexpected("the labels of an exemplar");
        }
        labelCount = 0;
        labelSet(false);
    }

    boolean hasCommaAtEnd() {
        return commaAtEnd;
    }

    /** Refuses labels that occur twice. */
    void checkLabelNames() throws ParseException {
        sorted(new String[2 * labelCount], 0);
    }

    int labelCodePoints() {
        int count = 0;
        for (int i = 0; i < labelCount; i++) {
            count += Utf8.codePoints(text.page(), bounds[4 * i], bounds[4 * i + 1]);
            count += Utf8.codePoints(text.page(), bounds[4 * i + 2], bounds[4 * i + 3]);
        }
        return count;
    }

    private void labelSet(boolean nameAllowed) throws ParseException {
        text.accept('{');
        boolean more = true;
        commaAtEnd = false;
        text.blanksIfLoose();
        if (text.accept('}')) {
            return;
        }
        while (more) {
            int from = text.position();
            boolean quoted = text.peek() == '"';
            int to;
            if (quoted) {
                from++;
                to = text.quoted("label name");
            } else {
                text.skipName(PageScanner.LETTER, "a label name");
                to = text.position();
            }
            text.blanksIfLoose();
            if (quoted && nameAllowed && (text.peek() == ',' || text.peek() == '}')) {
                quotedName(from, to);
            } else {
                label(from, to);
            }
            text.blanksIfLoose();
            more = text.accept(',');
            text.blanksIfLoose();
            commaAtEnd = more && text.peek() == '}';
            more &= !commaAtEnd;
        }
        if (!text.accept('}')) {
            throw text.unexpected("',' or '}'");
        }
    }

    private void quotedName(int from, int to) throws ParseException {
        if (nameFrom != UNNAMED || from == to) {
            throw text.errorAt(from, from == to ? "the metric name is empty" : "the metric name is given twice");
        }
        nameFrom = from;
        nameTo = to;
    }

    private void label(int from, int to) throws ParseException {
        if (from == to) {
            throw text.errorAt(from, "the label name is empty");
        }
        if (!text.accept('=')) {
            throw text.unexpected("'='");
        }
        text.blanksIfLoose();
        if (text.peek() != '"') {
            throw text.unexpected("a quoted label value");
        }
        int valueFrom = text.position() + 1;
        int valueTo = text.quoted("label value");
        if (labelCount == MOST_LABELS) {
            throw text.error("expected at most " + MOST_LABELS + " labels");
        }
        int base = 4 * labelCount++;
        if (base == bounds.length) {
            bounds = Arrays.copyOf(bounds, bounds.length * 2);
        }
        bounds[base] = from;
        bounds[base + 1] = to;
        bounds[base + 2] = valueFrom;
        bounds[base + 3] = valueTo;
    }

    byte[] page() {
        return text.page();
    }

    int seriesFrom() {
        return seriesFrom;
    }

    int seriesTo() {
        return seriesTo;
    }

    String metricName() {
        return text.string(nameFrom, nameTo);
    }

    /** The labels read last, {@code __name__} included. */
    Labels stored() throws ParseException {
        String[] pairs = new String[2 * labelCount + 2];
        pairs[0] = Labels.METRIC_NAME;
        pairs[1] = metricName();
        return sorted(pairs, 2);
    }

    SeriesKey key() throws ParseException {
        return SeriesKey.of(metricName(), sorted(new String[2 * labelCount], 0));
    }

    // Inserts the labels read last into pairs, which holds length strings already.
    private Labels sorted(String[] pairs, int length) throws ParseException {
        int filled = length;
        for (int i = 0; i < labelCount; i++) {
            String name = text.string(bounds[4 * i], bounds[4 * i + 1]);
            int place = filled;
            if (name.equals(Labels.METRIC_NAME)) {
                throw text.errorAt(
                        bounds[4 * i], "expected the metric name outside the labels, found " + Labels.METRIC_NAME);
            }
            while (place > 0) {
                int order = Utf8Order.compareUtf8(pairs[place - 2], name);
                if (order == 0) {
                    throw text.errorAt(bounds[4 * i], "label " + FloatText.quoted(name) + " occurs twice");
                }
                if (order < 0) {
                    break;
                }
                place -= 2;
            }
            System.arraycopy(pairs, place, pairs, place + 2, filled - place);
            pairs[place] = name;
            pairs[place + 1] = text.string(bounds[4 * i + 2], bounds[4 * i + 3]);
            filled += 2;
        }
        return Labels.ofSortedUnchecked(withoutEmpty(pairs));
    }

    private static String[] withoutEmpty(String[] pairs) {
        int kept = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                pairs[kept] = pairs[i];
                pairs[kept + 1] = pairs[i + 1];
                kept += 2;
            }
        }
        return kept == pairs.length ? pairs : Arrays.copyOf(pairs, kept);
    }
}
