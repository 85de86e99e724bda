package io.emberwatch.exporter.statsd;

import io.emberwatch.model.text.FloatText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates by name between two flushes, and the lines for Carbon that they make, as Etsy's statsd does it. Not safe for
 * several threads.
 *
 * @see <a href="https://github.com/statsd/statsd/blob/master/docs/metric_types.md">statsd: metric types</a>
 */
final class FlushTable {
    /** Of one timer so many values are shown, the first that came. */
    static final int MOST_SHOWN_VALUES = 100;

    private static final int MOST_SHOWN_CHARS = 8 << 20;
    private static final double MILLIS = 1e3;
    private static final MathContext SIGNIFICANT = new MathContext(15);

    private final FlushConfig config;
    private final Map<String, FlushSeries> series = new HashMap<>();

    FlushTable(FlushConfig config) {
        this.config = config;
    }

    /** The aggregate of a name; null when there are as many as there may be. */
    @Nullable
    FlushSeries series(EventKind kind, EventName event) {
        EventKind flushed = kind == EventKind.OBSERVER ? EventKind.TIMER : kind;
        String name = name(event);
        String key = key(flushed, name);
        FlushSeries found = series.get(key);
        if (found == null && series.size() < config.maxNames()) {
            found = new FlushSeries(flushed, name);
            series.put(key, found);
        }
        return found;
    }

    private static String key(EventKind kind, String name) {
        return kind + " " + name;
    }

    private static String name(EventName event) {
        StringBuilder name = new StringBuilder(sanitize(event.name()));
        event.tags()
                .forEach((key, value) ->
                        name.append(';').append(sanitize(key)).append('=').append(sanitize(value)));
        return name.toString();
    }

    private static String sanitize(String text) {
        return text.replaceAll("\\s+", "_").replace('/', '-').replaceAll("[^a-zA-Z_\\-0-9.;=]", "");
    }

    /**
     * What the names of a kind have brought since the last flush, as a JSON object in the order of names; what does not go
     * into {@value #MOST_SHOWN_CHARS} characters is left out, and a last line tells how many names that are.
     */
    String shown(EventKind kind) {
        StringBuilder text = new StringBuilder("{");
        String before = " ";
        int left = 0;
        for (FlushSeries one : sorted(kind)) {
            if (text.length() > MOST_SHOWN_CHARS) {
                left++;
                continue;
            }
            // Of a sanitized name nothing has to be escaped.
            text.append(before).append('"').append(one.name).append("\": ");
            if (kind == EventKind.TIMER) {
                text.append(Arrays.stream(one.values, 0, Math.min(one.size, MOST_SHOWN_VALUES))
                        .mapToObj(FlushTable::text)
                        .collect(Collectors.joining(", ", "[", "]")));
            } else {
                text.append(text(one.value));
            }
            before = ",\n  ";
        }
        text.append(" }");
        return left == 0 ? text.toString() : text + "\n... " + left + " more";
    }

    /**
     * Forgets a name, or every name below it when it ends in {@code .*}.
     *
     * @return the names that were there, in order
     */
    List<String> forget(EventKind kind, String asked) {
        String folder = asked.endsWith(".*") ? asked.substring(0, asked.length() - 1) : null;
        List<String> forgotten = new ArrayList<>();
        for (FlushSeries one : sorted(kind)) {
            if (one.name.equals(asked) || (folder != null && one.name.startsWith(folder))) {
                one.removed = true;
                series.remove(key(kind, one.name));
                forgotten.add(one.name);
            }
        }
        return forgotten;
    }

    private List<FlushSeries> sorted(EventKind kind) {
        return series.values().stream()
                .filter(one -> one.kind == kind)
                .sorted(Comparator.comparing(one -> one.name))
                .toList();
    }

    /** The lines of the interval that ends at {@code seconds}; begins the next one. */
    List<String> flush(long seconds) {
        Lines lines = new Lines(seconds);
        int count = 0;
        for (FlushSeries one : series.values()) {
            if (one.active || !config.deleteIdleStats()) {
                count++;
                switch (one.kind) {
                    case COUNTER -> counter(one, lines);
                    case GAUGE -> lines.put(prefix(config.prefixGauge()), one.name, "", one.value);
                    case SET -> lines.put(prefix(config.prefixSet()), one.name, ".count", one.members.size());
                    default -> timer(one, lines);
                }
            }
        }
        series.values().removeIf(one -> {
            one.removed = config.deleteIdleStats() && !one.active && one.kind != EventKind.GAUGE;
            return one.removed;
        });
        series.values().forEach(FlushSeries::reset);
        lines.put(config.legacyNamespace() ? "statsd." : prefix("statsd"), "numStats", "", count);
        return lines.text;
    }

    private String prefix(String kind) {
        String all = config.globalPrefix().isEmpty() ? "" : config.globalPrefix() + ".";
        return kind.isEmpty() ? all : all + kind + ".";
    }

    private void counter(FlushSeries one, Lines lines) {
        double rate = one.value / (config.flushInterval().toMillis() / MILLIS);
        if (config.legacyNamespace()) {
            lines.put(prefix(""), one.name, "", rate);
            lines.put("stats_counts.", one.name, "", one.value);
        } else {
            lines.put(prefix(config.prefixCounter()), one.name, ".rate", rate);
            lines.put(prefix(config.prefixCounter()), one.name, ".count", one.value);
        }
    }

    private void timer(FlushSeries one, Lines lines) {
        String prefix = prefix(config.prefixTimer());
        DoubleFunction<Double> perSecond =
                count -> count / (config.flushInterval().toMillis() / MILLIS);
        if (one.size == 0) {
            lines.put(prefix, one.name, ".count", 0);
            lines.put(prefix, one.name, ".count_ps", 0);
            return;
        }
        double[] sorted = Arrays.copyOf(one.values, one.size);
        Arrays.sort(sorted);
        int count = sorted.length;
        double[] sums = new double[count + 1];
        double[] squares = new double[count + 1];
        for (int i = 0; i < count; i++) {
            sums[i + 1] = sums[i] + sorted[i];
            squares[i + 1] = squares[i] + sorted[i] * sorted[i];
        }
        for (double percent : config.percentThreshold()) {
            percentile(one.name, percent, sorted, sums, squares, lines);
        }
        double sum = sums[count];
        double mean = sum / count;
        double deviations = 0;
        for (double value : sorted) {
            deviations += (value - mean) * (value - mean);
        }
        int middle = count / 2;
        lines.put(prefix, one.name, ".std", Math.sqrt(deviations / count));
        lines.put(prefix, one.name, ".upper", sorted[count - 1]);
        lines.put(prefix, one.name, ".lower", sorted[0]);
        lines.put(prefix, one.name, ".count", one.count);
        lines.put(prefix, one.name, ".count_ps", perSecond.apply(one.count));
        lines.put(prefix, one.name, ".sum", sum);
        lines.put(prefix, one.name, ".sum_squares", squares[count]);
        lines.put(prefix, one.name, ".mean", mean);
        lines.put(
                prefix,
                one.name,
                ".median",
                count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
        bins(one.name, sorted, lines);
    }

    private void percentile(
            String name, double percent, double[] sorted, double[] sums, double[] squares, Lines lines) {
        int count = sorted.length;
        int part = count;
        if (count > 1) {
            part = (int) Math.round(Math.abs(percent) / 100 * count);
            if (part == 0) {
                return;
            }
        }
        int from = percent > 0 ? 0 : count - part;
        double sum = sums[from + part] - sums[from];
        String prefix = prefix(config.prefixTimer());
        String suffix =
                "_" + (percent < 0 ? "top" : "") + text(Math.abs(percent)).replace('.', '_');
        lines.put(prefix, name, ".count" + suffix, part);
        lines.put(prefix, name, ".mean" + suffix, sum / part);
        lines.put(
                prefix,
                name,
                (percent > 0 ? ".upper" : ".lower") + suffix,
                percent > 0 ? sorted[part - 1] : sorted[count - part]);
        lines.put(prefix, name, ".sum" + suffix, sum);
        lines.put(prefix, name, ".sum_squares" + suffix, squares[from + part] - squares[from]);
    }

    private void bins(String name, double[] sorted, Lines lines) {
        if (config.histogramBins().isEmpty()) {
            return;
        }
        int at = 0;
        for (double bound : config.histogramBins()) {
            int from = at;
            while (at < sorted.length && sorted[at] < bound) {
                at++;
            }
            lines.put(
                    prefix(config.prefixTimer()),
                    name,
                    ".histogram.bin_" + text(bound).replace('.', '_'),
                    at - from);
        }
        lines.put(prefix(config.prefixTimer()), name, ".histogram.bin_inf", sorted.length - at);
    }

    static String text(double number) {
        if (!Double.isFinite(number)) {
            return FloatText.formatG(number).toLowerCase(Locale.ROOT);
        }
        // Sums of decimals come out with noise in the last digits, and Carbon does not read exponents everywhere.
        return new BigDecimal(number, SIGNIFICANT).stripTrailingZeros().toPlainString();
    }

    /** Lines of Carbon's plaintext protocol, each with its line end. */
    private final class Lines {
        private final List<String> text = new ArrayList<>();
        private final long seconds;

        Lines(long seconds) {
            this.seconds = seconds;
        }

        void put(String prefix, String name, String suffix, double value) {
            // Tags stand at the end of a name.
            int tags = name.indexOf(';');
            String path = tags < 0 ? name : name.substring(0, tags);
            String rest = tags < 0 ? "" : name.substring(tags);
            String end = config.globalSuffix().isEmpty() ? "" : "." + config.globalSuffix();
            text.add(prefix + path + suffix + end + rest + " " + text(value) + " " + seconds + "\n");
        }

        private String text(double value) {
            return FlushTable.text(value);
        }
    }
}
