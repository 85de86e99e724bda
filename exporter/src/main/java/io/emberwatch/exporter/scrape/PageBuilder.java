package io.emberwatch.exporter.scrape;

import io.emberwatch.exporter.metrics.ExporterMetrics.DropReason;
import io.emberwatch.exporter.metrics.ExporterMetrics.PageMetrics;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.SeriesKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one valid page of families that know nothing of each other.
 *
 * <p>One family per name, one sample per series: of two the later wins, its type too. Names that are not valid are made
 * so. A sample whose name does not belong to its family gets a family of its own. What cannot be shown is left out:
 * samples of the old type when a type changes, a family that bears the name of a histogram's or summary's samples,
 * bounds of buckets and quantiles that are not numbers. All of it is counted against the source it came from.
 */
final class PageBuilder {
    private static final List<String> SUFFIXES = List.of("_bucket", "_count", "_sum", "_gcount", "_gsum");

    private final int maxSamples;
    private final KnownFamilies known;
    private final Mends mends;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    PageBuilder(int maxSamples, KnownFamilies known) {
        this(maxSamples, known, (key, what) -> {});
    }

    /**
     * @param known what earlier pages found out
     * @param mends told of every sample that is not shown just as it came
     */
    PageBuilder(int maxSamples, KnownFamilies known, Mends mends) {
        this.maxSamples = maxSamples;
        this.known = known;
        this.mends = mends;
    }

    /** Hears what had to be done to a sample. */
    @FunctionalInterface
    interface Mends {
        void mended(SeriesKey key, String what);
    }

    void add(List<MetricFamily> families, PageMetrics metrics) {
        int room = maxSamples;
        for (MetricFamily family : families) {
            List<MetricPoint> points = family.points();
            if (points.isEmpty()) {
                continue;
            }
            if (points.size() > room) {
                metrics.drop(DropReason.LIMIT, points.size() - room);
                points.subList(room, points.size())
                        .forEach(point -> mends.mended(
                                point.key(), "left out: its source has more than max_samples, " + maxSamples));
                points = points.subList(0, room);
            }
            room -= points.size();
            if (points == family.points() && !drafts.containsKey(family.name()) && known.isSound(family)) {
                drafts.put(family.name(), new Draft(family, metrics));
            } else {
                add(family, points, metrics);
            }
        }
    }

    private void add(MetricFamily family, List<MetricPoint> points, PageMetrics metrics) {
        String name = valid(family.name(), metrics);
        Draft draft = open(name, family.type(), metrics);
        draft.describe(family);
        for (MetricPoint point : points) {
            SeriesKey key = valid(point.key(), metrics);
            MetricPoint shown = point;
            if (!key.equals(point.key())) {
                shown = new MetricPoint(key, point.value(), point.timestampMillis());
                mends.mended(
                        point.key(),
                        "shown as " + PageExplanation.text(key) + ", because of characters that names may not have");
            }
            if (FamilyNames.belongs(draft.type, name, key.name())) {
                draft.put(shown, metrics);
            } else {
                addStranger(shown, metrics);
            }
        }
    }

    private Draft open(String name, MetricType type, PageMetrics metrics) {
        Draft draft = drafts.computeIfAbsent(name, n -> new Draft(n, type, metrics));
        if (draft.type != type) {
            metrics.conflicts().inc();
            draft.become(type, metrics);
        }
        return draft;
    }

    private void addStranger(MetricPoint point, PageMetrics metrics) {
        String name = point.key().name();
        Draft draft = drafts.computeIfAbsent(name, n -> new Draft(n, MetricType.UNKNOWN, metrics));
        if (FamilyNames.belongs(draft.type, name, name)) {
            draft.put(point, metrics);
        } else {
            metrics.drop(DropReason.CONFLICT, 1);
            mends.mended(point.key(), "left out: its name is that of another family's samples");
        }
    }

    /** The page; to be asked for once. */
    List<MetricFamily> families() {
        dropNamesTaken();
        List<MetricFamily> families = new ArrayList<>(drafts.size());
        for (Draft draft : drafts.values()) {
            if (!draft.isEmpty()) {
                families.add(draft.done());
            }
        }
        return families;
    }

    // A reader of text format 0.0.4 takes a line of x_sum for one of the histogram x, its TYPE line included.
    private void dropNamesTaken() {
        for (Draft draft : List.copyOf(drafts.values())) {
            if (FamilyNames.hasSuffixes(draft.type) && !draft.isEmpty()) {
                for (String suffix : SUFFIXES) {
                    String taken = draft.name + suffix;
                    Draft other = FamilyNames.belongs(draft.type, draft.name, taken) ? drafts.remove(taken) : null;
                    if (other != null) {
                        other.expand();
                        other.metrics.drop(DropReason.CONFLICT, other.points.size());
                        other.points
                                .keySet()
                                .forEach(key -> mends.mended(
                                        key,
                                        "left out: its name is that of samples of the " + draft.type.text() + ' '
                                                + draft.name));
                    }
                }
            }
        }
    }

    private static SeriesKey valid(SeriesKey key, PageMetrics metrics) {
        String name = valid(key.name(), metrics);
        Labels labels = valid(key.labels(), metrics);
        return name.equals(key.name()) && labels.equals(key.labels()) ? key : SeriesKey.of(name, labels);
    }

    private static String valid(String name, PageMetrics metrics) {
        if (MetricNames.isMetricName(name)) {
            return name;
        }
        metrics.invalidNames().inc();
        return MetricNames.sanitize(name);
    }

    private static Labels valid(Labels labels, PageMetrics metrics) {
        boolean valid = true;
        for (int i = 0; i < labels.size(); i++) {
            valid &= MetricNames.isLabelName(labels.name(i));
        }
        if (valid) {
            return labels;
        }
        Labels.Builder builder = Labels.builder();
        for (int i = 0; i < labels.size(); i++) {
            if (MetricNames.isLabelName(labels.name(i))) {
                builder.set(labels.name(i), labels.value(i));
            }
        }
        for (int i = 0; i < labels.size(); i++) {
            if (!MetricNames.isLabelName(labels.name(i))) {
                metrics.invalidNames().inc();
                String name = MetricNames.sanitize(labels.name(i)).replace(':', '_');
                while (!builder.get(name).isEmpty() || name.equals(Labels.METRIC_NAME)) {
                    name += "_";
                }
                builder.set(name, labels.value(i));
            }
        }
        return builder.build();
    }

    /** A family in the making. */
    private final class Draft {
        private final String name;
        private final PageMetrics metrics;
        private final Map<SeriesKey, MetricPoint> points = new LinkedHashMap<>();
        private MetricType type;
        private String help = "";
        private String unit = "";
        private @Nullable MetricFamily whole;

        /** A family of which every sample can be shown as it is. */
        Draft(MetricFamily whole, PageMetrics metrics) {
            this(whole.name(), whole.type(), metrics);
            describe(whole);
            this.whole = whole;
        }

        Draft(String name, MetricType type, PageMetrics metrics) {
            this.name = name;
            this.type = type;
            this.metrics = metrics;
        }

        void describe(MetricFamily family) {
            help = family.help().isEmpty() ? help : family.help();
            unit = family.unit().isEmpty() ? unit : family.unit();
        }

        boolean isEmpty() {
            return whole == null && points.isEmpty();
        }

        /** Takes the family apart, because more is to come or to go. */
        void expand() {
            MetricFamily family = whole;
            if (family != null) {
                whole = null;
                family.points().forEach(point -> points.put(point.key(), point));
            }
        }

        void become(MetricType other, PageMetrics cause) {
            type = other;
            expand();
            int before = points.size();
            points.keySet().removeIf(key -> {
                boolean misfit = !FamilyNames.belongs(type, name, key.name()) || !hasBound(key);
                if (misfit) {
                    mends.mended(key, "left out: the family came again, as a " + type.text());
                }
                return misfit;
            });
            cause.drop(DropReason.CONFLICT, before - points.size());
        }

        void put(MetricPoint point, PageMetrics source) {
            if (!hasBound(point.key())) {
                source.drop(DropReason.INVALID, 1);
                mends.mended(point.key(), "left out: the bound of its bucket or quantile is not a number");
                return;
            }
            expand();
            @Nullable MetricPoint replaced = points.put(point.key(), point);
            if (replaced != null) {
                source.duplicates().inc();
                mends.mended(point.key(), "came more than once; the last one is shown");
            }
        }

        private boolean hasBound(SeriesKey key) {
            return FamilyNames.hasBound(type, name, key);
        }

        MetricFamily done() {
            return whole != null ? whole : new MetricFamily(name, type, help, unit, List.copyOf(points.values()));
        }
    }
}
