package io.emberwatch.exporter.tail.rule;

import io.emberwatch.exporter.tail.pattern.LinePattern;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a log, and what they have counted.
 *
 * <p>Rules with the same expression match it once. Bounded: a number of series over all rules; values of labels are cut at
 * 1024 bytes. Not safe for several threads.
 */
public final class RuleSet {
    private final RecordFormat format;
    private final int maxSeries;
    private final Consumer<Loss> losses;
    private final Fields fields = new Fields();
    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final List<Matched> matched = new ArrayList<>();
    private final TimestampConfig.@Nullable Reader timestamps;
    private final int timestampSlot;
    private final List<Series> changed = new ArrayList<>();
    private final List<Series> ended = new ArrayList<>();
    private int seriesCount;

    /**
     * @param labels labels of every series
     * @param losses is told of everything that is not counted
     * @throws IllegalArgumentException when rules disagree on a metric
     */
    public RuleSet(
            RecordFormat format,
            List<RuleConfig> rules,
            @Nullable TimestampConfig timestamp,
            Map<String, String> labels,
            int maxSeries,
            Consumer<Loss> losses) {
        this.format = format;
        this.maxSeries = maxSeries;
        this.losses = losses;
        timestamps = timestamp == null ? null : new TimestampConfig.Reader(timestamp);
        timestampSlot = timestamp == null ? -1 : fields.slot(timestamp.field());
        Map<String, Matched> byExpression = new LinkedHashMap<>();
        for (RuleConfig config : rules) {
            Metric metric = metrics.computeIfAbsent(config.name(), name -> new Metric(config));
            metric.agree(config);
            String expression = config.match() == null ? "" : config.match();
            byExpression
                    .computeIfAbsent(expression, Matched::new)
                    .rules
                    .add(new Rule(config, metric, fields, labels, maxSeries));
        }
        matched.addAll(byExpression.values());
        for (Matched one : matched) {
            one.bind(fields);
        }
        for (Matched one : matched) {
            one.rules.forEach(this::showFromTheStart);
        }
    }

    // A counter whose labels are known begins with 0, so that its first increase is one.
    private void showFromTheStart(Rule rule) {
        Labels labels = rule.knownLabels();
        Metric metric = rule.metric();
        if (labels != null
                && metric.ttlMillis() == 0
                && metric.type() != RuleConfig.Type.GAUGE
                && seriesCount < maxSeries
                && !metric.series().containsKey(labels)) {
            metric.series().put(labels, new Series(metric, labels));
            seriesCount++;
        }
    }

    /** How many series there are. */
    public int seriesCount() {
        return seriesCount;
    }

    /**
     * Takes a record.
     *
     * @param bytes UTF-8
     */
    public void record(byte[] bytes, int from, int to, long nowMillis) {
        fields.begin(bytes);
        boolean readable = switch (format) {
            case TEXT -> true;
            case JSON -> JsonFields.read(bytes, from, to, fields);
            case LOGFMT -> LogfmtFields.read(bytes, from, to, fields);
        };
        if (!readable) {
            losses.accept(Loss.MALFORMED);
            return;
        }
        for (Matched one : matched) {
            if (one.find(bytes, from, to, fields)) {
                for (Rule rule : one.rules) {
                    if (rule.admits(fields)) {
                        apply(rule, nowMillis);
                    }
                }
                one.forget(fields);
            }
        }
    }

    private void apply(Rule rule, long nowMillis) {
        double value = rule.value(fields);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            losses.accept(Loss.NOT_A_NUMBER);
            return;
        }
        if (value < 0 && rule.metric().type() == RuleConfig.Type.COUNTER) {
            losses.accept(Loss.NEGATIVE);
            return;
        }
        Series series = series(rule);
        if (series == null) {
            losses.accept(Loss.SERIES_LIMIT);
            return;
        }
        rule.apply(series, value);
        series.touch(nowMillis, timestamp());
        if (series.change()) {
            changed.add(series);
        }
    }

    private @Nullable Series series(Rule rule) {
        rule.makeKey(fields);
        Series known = rule.table().find(rule.key(), rule.keyLength());
        if (known != null && known.isAlive()) {
            return known;
        }
        Labels labels = rule.labels(fields);
        Map<Labels, Series> all = rule.metric().series();
        Series series = all.get(labels);
        if (series == null) {
            if (seriesCount >= maxSeries) {
                return null;
            }
            series = new Series(rule.metric(), labels);
            all.put(labels, series);
            seriesCount++;
        }
        rule.table().put(rule.key(), rule.keyLength(), series);
        return series;
    }

    private long timestamp() {
        if (timestamps == null || !fields.has(timestampSlot)) {
            return MetricPoint.NO_TIMESTAMP;
        }
        try {
            return timestamps.millis(fields.text(timestampSlot));
        } catch (DateTimeException e) {
            losses.accept(Loss.TIMESTAMP);
            return MetricPoint.NO_TIMESTAMP;
        }
    }

    /** Lets series go that had no record for longer than they live. */
    public void expire(long nowMillis) {
        for (Metric metric : metrics.values()) {
            if (metric.ttlMillis() == 0) {
                continue;
            }
            for (Iterator<Series> all = metric.series().values().iterator(); all.hasNext(); ) {
                Series series = all.next();
                if (series.isExpired(nowMillis)) {
                    series.end();
                    ended.add(series);
                    all.remove();
                    seriesCount--;
                }
            }
        }
    }

    /** What there is to show. */
    public List<MetricFamily> families() {
        List<MetricFamily> families = new ArrayList<>(metrics.size());
        for (Metric metric : metrics.values()) {
            if (!metric.series().isEmpty()) {
                families.add(metric.family());
            }
        }
        return families;
    }

    /** Whether something has changed since it was written last. */
    public boolean hasChanges() {
        return !changed.isEmpty() || !ended.isEmpty();
    }

    /** Writes what has changed since {@link #settle}, or all. */
    public void write(DataOutputStream out, boolean all) throws IOException {
        List<Series> written = changed;
        if (all) {
            written = new ArrayList<>();
            for (Metric metric : metrics.values()) {
                written.addAll(metric.series().values());
            }
        }
        out.writeInt(all ? 0 : ended.size());
        if (!all) {
            for (Series series : ended) {
                writeIdentity(out, series);
            }
        }
        long alive = written.stream().filter(Series::isAlive).count();
        out.writeInt((int) alive);
        for (Series series : written) {
            if (series.isAlive()) {
                writeIdentity(out, series);
                out.writeLong(series.seenMillis());
                out.writeLong(series.timestampMillis());
                for (double value : series.values()) {
                    out.writeDouble(value);
                }
            }
        }
    }

    private static void writeIdentity(DataOutputStream out, Series series) throws IOException {
        Metric metric = series.metric();
        out.writeUTF(metric.name());
        out.writeUTF(metric.type().name());
        out.writeInt(metric.bounds().length);
        for (double bound : metric.bounds()) {
            out.writeDouble(bound);
        }
        out.writeInt(series.labels().size());
        for (int i = 0; i < series.labels().size(); i++) {
            out.writeUTF(series.labels().name(i));
            out.writeUTF(series.labels().value(i));
        }
    }

    /** What was written is safe. */
    public void settle() {
        changed.forEach(Series::saved);
        changed.clear();
        ended.clear();
    }

    /** Takes what {@link #write} wrote; series that no rule makes any more are left out. */
    public void restore(DataInputStream in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            Saved saved = Saved.read(in);
            Metric metric = saved.metric(metrics);
            if (metric != null && metric.series().remove(saved.labels) != null) {
                seriesCount--;
            }
        }
        for (int i = in.readInt(); i > 0; i--) {
            Saved saved = Saved.read(in);
            long seen = in.readLong();
            long timestamp = in.readLong();
            double[] values = new double[saved.type == RuleConfig.Type.HISTOGRAM ? saved.bounds.length + 2 : 1];
            for (int k = 0; k < values.length; k++) {
                values[k] = in.readDouble();
            }
            Metric metric = saved.metric(metrics);
            if (metric == null || (seriesCount >= maxSeries && !metric.series().containsKey(saved.labels))) {
                continue;
            }
            int before = metric.series().size();
            metric.series()
                    .computeIfAbsent(saved.labels, labels -> new Series(metric, labels))
                    .restore(values, seen, timestamp);
            seriesCount += metric.series().size() - before;
        }
    }

    /** Which series something saved belongs to. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Saved(String name, RuleConfig.Type type, double[] bounds, Labels labels) {
        static Saved read(DataInputStream in) throws IOException {
            String name = in.readUTF();
            RuleConfig.Type type = typeNamed(in.readUTF());
            double[] bounds = new double[in.readInt()];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = in.readDouble();
            }
            Labels.Builder labels = Labels.builder();
            for (int i = in.readInt(); i > 0; i--) {
                labels.set(in.readUTF(), in.readUTF());
            }
            return new Saved(name, type, bounds, labels.build());
        }

        private static RuleConfig.Type typeNamed(String name) throws IOException {
            try {
                return RuleConfig.Type.valueOf(name);
            } catch (IllegalArgumentException e) {
                throw new IOException("metric type " + name + " is not known", e);
            }
        }

        @Nullable
        Metric metric(Map<String, Metric> metrics) {
            Metric metric = metrics.get(name);
            boolean same = metric != null && metric.type() == type && Arrays.equals(metric.bounds(), bounds);
            return same ? metric : null;
        }
    }

    /** An expression and the rules that want it. */
    private static final class Matched {
        private final @Nullable LinePattern pattern;
        private final List<Rule> rules = new ArrayList<>();
        private int[] places = {};
        private int[] slots = {};
        private int[] groups = {};

        Matched(String expression) {
            pattern = expression.isEmpty() ? null : LinePattern.compile(expression);
        }

        // Only the groups that some rule wants become fields.
        void bind(Fields fields) {
            if (pattern == null) {
                return;
            }
            places = new int[pattern.slots()];
            Map<String, Integer> named = pattern.groups();
            List<String> wanted =
                    fields.names().stream().filter(named::containsKey).toList();
            slots = wanted.stream().mapToInt(fields::slot).toArray();
            groups = wanted.stream()
                    .mapToInt(name -> 2 * named.getOrDefault(name, 0))
                    .toArray();
        }

        boolean find(byte[] bytes, int from, int to, Fields fields) {
            if (pattern == null) {
                return true;
            }
            if (!pattern.find(bytes, from, to, places)) {
                return false;
            }
            for (int i = 0; i < slots.length; i++) {
                if (places[groups[i]] >= 0) {
                    fields.put(slots[i], places[groups[i]], places[groups[i] + 1]);
                }
            }
            return true;
        }

        // The groups of one expression are not fields for the rules of another.
        void forget(Fields fields) {
            for (int slot : slots) {
                fields.put(slot, -1, -1);
            }
        }
    }
}
