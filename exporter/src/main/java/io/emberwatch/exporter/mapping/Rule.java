package io.emberwatch.exporter.mapping;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.exporter.mapping.MappingConfig.Action;
import io.emberwatch.exporter.mapping.MappingConfig.Defaults;
import io.emberwatch.exporter.mapping.MappingConfig.EventType;
import io.emberwatch.exporter.mapping.MappingConfig.HistogramOptions;
import io.emberwatch.exporter.mapping.MappingConfig.Mapping;
import io.emberwatch.exporter.mapping.MappingConfig.MatchType;
import io.emberwatch.exporter.mapping.MappingConfig.ObserverType;
import io.emberwatch.exporter.mapping.MappingConfig.SummaryOptions;
import io.emberwatch.exporter.series.SummaryShape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A mapping ready to be used, with everything that its file's defaults say. */
public final class Rule {
    private static final Pattern GLOB =
            Pattern.compile("(\\*|[a-zA-Z_][a-zA-Z0-9_\\-]*)(\\.\\*|\\.[a-zA-Z0-9_][a-zA-Z0-9_\\-]*)*");

    private final int index;
    private final Mapping mapping;
    private final @Nullable Pattern regex;
    private final ObserverType observer;
    private final double[] buckets;
    private final SummaryShape summary;
    private final long ttlMillis;

    Rule(int index, Mapping mapping, Defaults defaults) {
        this.index = index;
        this.mapping = mapping;
        MatchType type = mapping.matchType() == null ? defaults.matchType() : mapping.matchType();
        regex = type == MatchType.REGEX ? compile(mapping.match()) : null;
        if (regex == null && !GLOB.matches(mapping.match())) {
            throw new IllegalArgumentException("match: " + mapping.match()
                    + " is not a pattern of names and stars between dots; match_type: regex takes regular expressions");
        }
        ObserverType byDefault = defaults.observerType() == null ? ObserverType.SUMMARY : defaults.observerType();
        observer = mapping.observerType() == null ? byDefault : mapping.observerType();
        buckets = buckets(mapping, defaults);
        summary = summary(mapping, defaults);
        ttlMillis = (mapping.ttl() == null || mapping.ttl().isZero() ? defaults.ttl() : mapping.ttl()).toMillis();
    }

    private static Pattern compile(String match) {
        try {
            return Pattern.compile(match);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("match: " + e.getMessage(), e);
        }
    }

    private static double[] buckets(Mapping mapping, Defaults defaults) {
        HistogramOptions options = mapping.histogramOptions();
        List<Double> given = options == null || options.buckets().isEmpty() ? mapping.buckets() : options.buckets();
        List<Double> shown = given.isEmpty() ? defaults.bucketsOrDefault() : given;
        return shown.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static SummaryShape summary(Mapping mapping, Defaults defaults) {
        SummaryOptions options =
                mapping.summaryOptions() == null ? defaults.summaryOptions() : mapping.summaryOptions();
        return mapping.quantiles().isEmpty()
                ? options.shape(defaults)
                : options.shape(
                        mapping.quantiles().stream()
                                .map(MappingConfig.Quantile::quantile)
                                .toList(),
                        defaults);
    }

    /** Its place in the file, from 0. */
    int index() {
        return index;
    }

    boolean isGlob() {
        return regex == null;
    }

    String match() {
        return mapping.match();
    }

    boolean matches(EventType type) {
        EventType wanted = mapping.matchMetricType();
        return wanted == null || wanted == type || (wanted == EventType.TIMER && type == EventType.OBSERVER);
    }

    /** What the regular expression makes of a name; null when it does not match. */
    @Nullable
    Mapped match(String name) {
        Matcher matcher = regex == null ? null : regex.matcher(name);
        if (matcher == null || !matcher.find()) {
            return null;
        }
        Map<String, String> labels = new TreeMap<>();
        mapping.labels().forEach((label, template) -> labels.put(label, Templates.regex(template, matcher)));
        return new Mapped(this, Templates.regex(mapping.name(), matcher), labels);
    }

    /** What the glob makes of a name whose starred parts these are. */
    Mapped match(List<String> captures) {
        Map<String, String> labels = new TreeMap<>();
        mapping.labels().forEach((label, template) -> labels.put(label, Templates.glob(template, captures)));
        return new Mapped(this, Templates.glob(mapping.name(), captures), labels);
    }

    /** Whether what matches is dropped. */
    public boolean drops() {
        return mapping.action() == Action.DROP;
    }

    /** Whether labels that come with the event hold against those of the mapping. */
    public boolean honorLabels() {
        return mapping.honorLabels();
    }

    /** The help of the metric, may be empty. */
    public String help() {
        return mapping.help();
    }

    /** What values are multiplied with. */
    public double scale() {
        return mapping.scale() == null ? 1 : mapping.scale();
    }

    public boolean isHistogram() {
        return observer == ObserverType.HISTOGRAM;
    }

    /** Upper bounds, ascending. */
    public double[] buckets() {
        return buckets.clone();
    }

    public SummaryShape summary() {
        return summary;
    }

    /** How long its series stay without a sample; 0 for ever. */
    public long ttlMillis() {
        return ttlMillis;
    }
}
