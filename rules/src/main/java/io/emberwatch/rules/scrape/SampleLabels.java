package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the labels of a line into those that are stored: with the target's labels, relabelled, within the limits. */
final class SampleLabels {
    private static final String EXPORTED = "exported_";

    private final Labels target;
    private final JobSettings settings;

    SampleLabels(Labels target, JobSettings settings) {
        this.target = target;
        this.settings = settings;
    }

    /**
     * The labels to store, or null when relabelling drops the sample.
     *
     * @param type of the family whose metadata came last on the page
     * @throws ParseException when the line names a label twice
     * @throws ScrapeFailure when they are over a limit
     */
    @Nullable
    Labels of(byte[] page, int from, int to, MetricType type) throws ParseException, ScrapeFailure {
        Labels own = CanonicalBounds.of(ExpositionParser.labels(page, from, to), type);
        Labels merged = settings.labelling().honorLabels() ? honouring(own, page, from, to) : renaming(own);
        Labels stored = settings.labelling().metricRelabels().apply(merged);
        if (stored == null || stored.isEmpty()) {
            return null;
        }
        if (stored.metricName().isEmpty()) {
            throw new ScrapeFailure(
                    ScrapeFailure.Kind.PARSE, "metric relabelling leaves a series without a name: " + stored);
        }
        check(stored);
        return stored;
    }

    /** The labels of a series about the scrape itself. */
    Labels ofReport(String metricName) {
        return target.with(Labels.METRIC_NAME, metricName);
    }

    private Labels honouring(Labels own, byte[] page, int from, int to) {
        Labels.Builder merged = own.toBuilder();
        String text = null;
        for (int i = 0; i < target.size(); i++) {
            String name = target.name(i);
            if (!own.has(name)) {
                if (text == null) {
                    text = new String(page, from, to - from, StandardCharsets.UTF_8);
                }
                if (!isEmptyIn(text, name)) {
                    merged.set(name, target.value(i));
                }
            }
        }
        return merged.build();
    }

    // A label given as empty says that the target's label is not wanted; Labels cannot tell it from no label. Within a
    // value a quote is always escaped, so name="" cannot be part of one.
    private static boolean isEmptyIn(String text, String name) {
        String wanted = name + "=\"\"";
        int at = text.indexOf(wanted);
        while (at > 0) {
            if ("{, ".indexOf(text.charAt(at - 1)) >= 0) {
                return true;
            }
            at = text.indexOf(wanted, at + 1);
        }
        return false;
    }

    private Labels renaming(Labels own) {
        Labels.Builder merged = own.toBuilder();
        List<String> conflicts = new ArrayList<>(0);
        for (int i = 0; i < target.size(); i++) {
            if (own.has(target.name(i))) {
                conflicts.add(target.name(i));
            }
            merged.set(target.name(i), target.value(i));
        }
        // The shortest first, as Prometheus does: exported_a must not take the place that exported_exported_a needs.
        conflicts.sort(Comparator.comparingInt(String::length));
        for (String conflict : conflicts) {
            String renamed = EXPORTED + conflict;
            while (own.has(renamed) || !merged.get(renamed).isEmpty()) {
                renamed = EXPORTED + renamed;
            }
            merged.set(renamed, own.get(conflict));
        }
        return merged.build();
    }

    private void check(Labels labels) throws ScrapeFailure {
        Limits limits = settings.limits();
        if (limits.labels() > 0 && labels.size() > limits.labels()) {
            throw over("label_limit exceeded", labels, labels.size() + " labels, limit " + limits.labels());
        }
        if (limits.labelNameLength() == 0 && limits.labelValueLength() == 0) {
            return;
        }
        for (int i = 0; i < labels.size(); i++) {
            if (limits.labelNameLength() > 0 && labels.name(i).length() > limits.labelNameLength()) {
                throw over("label_name_length_limit exceeded", labels, "label " + shorten(labels.name(i)));
            }
            if (limits.labelValueLength() > 0 && labels.value(i).length() > limits.labelValueLength()) {
                throw over("label_value_length_limit exceeded", labels, "label " + shorten(labels.name(i)));
            }
        }
    }

    private static ScrapeFailure over(String limit, Labels labels, String detail) {
        return new ScrapeFailure(
                ScrapeFailure.Kind.LABEL_LIMIT,
                limit + " (metric " + shorten(labels.metricName()) + ", " + detail + ")");
    }

    private static String shorten(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
