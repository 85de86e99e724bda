package io.emberwatch.exporter.scrape;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.metrics.ExporterMetrics.PageMetrics;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import io.prometheus.client.CollectorRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells of a series which source it comes from, and what the page makes of it. */
public final class PageExplanation {
    private static final int MOST_LINES = 50;

    private final SeriesKey wanted;
    private final List<String> lines = new ArrayList<>();
    private final Map<SeriesKey, List<String>> mends = new HashMap<>();

    private PageExplanation(SeriesKey wanted) {
        this.wanted = wanted;
    }

    /** The series that a text names, {@code name} or {@code name{label="value"}}, with as many labels as one likes. */
    static Optional<SeriesKey> series(String text) {
        try {
            List<MetricFamily> families = ExpositionParser.parseFamilies(
                    (text.strip() + " 0\n").getBytes(StandardCharsets.UTF_8), TextFormat.PROMETHEUS_0_0_4);
            return families.size() == 1 && families.get(0).points().size() == 1
                    ? Optional.of(families.get(0).points().get(0).key())
                    : Optional.empty();
        } catch (ParseException notASeries) {
            return Optional.empty();
        }
    }

    /**
     * @param reports what the sources said just now
     * @param maxSamples how many samples of one source a page shows
     * @param text a series; with anything else there is nothing to tell
     */
    public static List<String> of(List<SourceReport> reports, int maxSamples, String text) {
        return series(text)
                .map(key -> new PageExplanation(key).explain(reports, maxSamples))
                .orElse(List.of());
    }

    private List<String> explain(List<SourceReport> reports, int maxSamples) {
        PageMetrics uncounted =
                new ExporterMetrics(new CollectorRegistry()).source("").page();
        PageBuilder builder = new PageBuilder(maxSamples, new KnownFamilies(), this::mended);
        reports.forEach(report -> builder.add(report.families(), uncounted));
        Set<SeriesKey> shown = new HashSet<>();
        for (MetricFamily family : builder.families()) {
            family.points().forEach(point -> shown.add(point.key()));
        }
        for (SourceReport report : reports) {
            for (MetricFamily family : report.families()) {
                for (MetricPoint point : family.points()) {
                    if (isWanted(point.key()) && lines.size() < MOST_LINES) {
                        tell(report.source(), family, point, shown);
                    }
                }
            }
        }
        if (lines.isEmpty()) {
            reports.stream()
                    .filter(report -> !report.isGood())
                    .forEach(report -> lines.add("source " + report.source().name() + " says nothing now: "
                            + report.outcome().name().toLowerCase(Locale.ROOT)));
        } else if (lines.size() == MOST_LINES) {
            lines.add("and more");
        }
        return lines;
    }

    static String text(SeriesKey key) {
        return key.labels().size() == 0 ? key.name() : key.toString();
    }

    private void mended(SeriesKey key, String what) {
        mends.computeIfAbsent(key, k -> new ArrayList<>()).add(what);
    }

    // A name of a family stands for its samples, labels for all series that have them.
    private boolean isWanted(SeriesKey key) {
        if (!key.name().equals(wanted.name())) {
            return false;
        }
        Labels labels = wanted.labels();
        for (int i = 0; i < labels.size(); i++) {
            if (!key.labels().get(labels.name(i)).equals(labels.value(i))) {
                return false;
            }
        }
        return true;
    }

    private void tell(Source source, MetricFamily family, MetricPoint point, Set<SeriesKey> shown) {
        String from = source.name().equals(source.group()) ? source.name() : source.group() + "/" + source.name();
        lines.add(text(point.key()) + " " + FloatText.formatG(point.value()) + " from source " + from + ", "
                + family.type().text()
                + (family.help().isEmpty() ? "" : ": " + family.help()));
        List<String> done = mends.getOrDefault(point.key(), List.of());
        done.stream().distinct().forEach(what -> lines.add("  " + what));
        if (done.isEmpty()) {
            lines.add(shown.contains(point.key()) ? "  shown as it is" : "  not shown");
        }
    }
}
