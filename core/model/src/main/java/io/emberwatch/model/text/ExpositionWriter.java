package io.emberwatch.model.text;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes metric families in a text format. Stateless; families are written in the order given.
 *
 * <p>A series has the same name and labels in both formats. Where OpenMetrics would force another name, as on a counter
 * without {@code _total}, the family is written as {@code unknown} there. Samples whose names do not belong to their
 * family follow it without a type. Invalid characters of names become underscores. A sample from before 1970 is left
 * out, because Prometheus does not read its timestamp in 0.0.4 and would refuse the page.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus exposition formats</a>
 * @see <a href="https://prometheus.io/docs/specs/om/open_metrics_spec/">OpenMetrics 1.0</a>
 */
public final class ExpositionWriter {
    private static final int PIECE_BYTES = 7 * 1024;
    private static final int BUFFER_BYTES = 8 * 1024;

    private ExpositionWriter() {}

    /**
     * Writes a whole exposition, {@code # EOF} included where the format has one. Does not close {@code out}.
     *
     * @throws IOException only when {@code out} does
     */
    public static void write(List<MetricFamily> families, TextFormat format, OutputStream out) throws IOException {
        Page page = new Page(out);
        if (format == TextFormat.OPENMETRICS_1_0) {
            Set<String> names = new HashSet<>();
            for (MetricFamily family : families) {
                names.add(family.name());
            }
            for (MetricFamily family : families) {
                writeOpenMetrics(family, names, page);
            }
            page.text.put("# EOF\n");
        } else {
            for (MetricFamily family : families) {
                writePlain(family, page);
            }
        }
        page.text.drainTo(out);
    }

    /** The exposition as a string, for command lines and tests. */
    public static String toText(List<MetricFamily> families, TextFormat format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(families, format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void writePlain(MetricFamily family, Page page) throws IOException {
        String name = SeriesText.metricName(family.name());
        if (!family.help().isEmpty()) {
            page.metadata("HELP", name);
            page.text.putEscaped(family.help(), false);
            page.text.put('\n');
        }
        page.metadataLine("TYPE", name, plainType(family.type()));
        writePoints(family, false, family.type(), family.name(), page);
    }

    // A gauge histogram is neither a histogram, whose buckets only grow, nor a gauge of its own name.
    private static String plainType(MetricType type) {
        return switch (type) {
            case INFO, STATESET -> MetricType.GAUGE.text();
            case GAUGE_HISTOGRAM -> MetricType.UNKNOWN.text();
            default -> type.text();
        };
    }

    private static void writeOpenMetrics(MetricFamily family, Set<String> names, Page page) throws IOException {
        MetricType type = family.type();
        String name = FamilyShape.openMetricsName(type, family.name());
        boolean renamed = !name.equals(family.name());
        if ((renamed && names.contains(name)) || !keepsNames(family, type, name)) {
            type = MetricType.UNKNOWN;
            name = family.name();
        }
        String clean = SeriesText.metricName(name);
        page.metadataLine("TYPE", clean, type == MetricType.UNKNOWN ? "unknown" : type.text());
        boolean mayHaveUnit = type != MetricType.INFO && type != MetricType.STATESET;
        if (mayHaveUnit && !family.unit().isEmpty() && clean.endsWith("_" + family.unit())) {
            page.metadataLine("UNIT", clean, family.unit());
        }
        if (!family.help().isEmpty()) {
            page.metadata("HELP", clean);
            page.text.putEscaped(family.help(), true);
            page.text.put('\n');
        }
        writePoints(family, true, type, name, page);
    }

    private static boolean keepsNames(MetricFamily family, MetricType type, String name) {
        String checked = "";
        for (MetricPoint point : family.points()) {
            String sample = point.key().name();
            boolean fits = sample.equals(checked) || FamilyShape.fits(type, name, sample, true);
            if (!fits || (type == MetricType.STATESET && !point.key().labels().has(name))) {
                return false;
            }
            checked = sample;
        }
        // Without samples the suffix is all there is to tell by.
        return type != MetricType.COUNTER
                || !name.equals(family.name())
                || !family.points().isEmpty();
    }

    private static void writePoints(MetricFamily family, boolean openMetrics, MetricType type, String name, Page page)
            throws IOException {
        String checked = "";
        Map<String, List<MetricPoint>> strangers = null;
        for (MetricPoint point : family.points()) {
            String sample = point.key().name();
            if (sample.equals(checked) || FamilyShape.fits(type, name, sample, openMetrics)) {
                checked = sample;
                page.sample(point, openMetrics);
            } else {
                strangers = strangers == null ? new LinkedHashMap<>() : strangers;
                strangers.computeIfAbsent(sample, n -> new ArrayList<>()).add(point);
            }
        }
        if (strangers != null) {
            for (List<MetricPoint> points : strangers.values()) {
                for (MetricPoint point : points) {
                    page.sample(point, openMetrics);
                }
            }
        }
    }

    /** The text written so far, handed on in pieces. */
    private static final class Page {
        private final TextBuffer text = new TextBuffer(BUFFER_BYTES);
        private final OutputStream out;

        Page(OutputStream out) {
            this.out = out;
        }

        void metadata(String keyword, String name) {
            text.put("# ");
            text.put(keyword);
            text.put(' ');
            text.put(name);
            text.put(' ');
        }

        void metadataLine(String keyword, String name, String value) {
            metadata(keyword, name);
            text.put(value);
            text.put('\n');
        }

        void sample(MetricPoint point, boolean seconds) throws IOException {
            long timestamp = point.timestampMillis();
            if (point.hasTimestamp() && timestamp < 0) {
                return;
            }
            SeriesText.put(point.key(), text);
            text.putNumber(point.value());
            if (point.hasTimestamp()) {
                text.put(' ');
                if (seconds) {
                    text.putThousandths(timestamp);
                } else {
                    text.putLong(timestamp);
                }
            }
            text.put('\n');
            if (text.length() >= PIECE_BYTES) {
                text.drainTo(out);
            }
        }
    }
}
