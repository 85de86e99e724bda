package io.emberwatch.model.text;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import java.util.List;

/**
 * Reads an exposition in a text format.
 *
 * <p>Text format 0.0.4 is read as Prometheus does: blanks between tokens, comments and lines in any order are allowed,
 * UTF-8 names may stand in quotes within the braces. OpenMetrics needs its single blanks, its units and {@code # EOF} at
 * the end; what it says about the order of lines and about values is not enforced, as Prometheus does not, because
 * widespread clients break it: Go's writes two families {@code go_memstats_alloc_bytes}. Exemplars are read and dropped;
 * {@code _created} samples are samples like others. Values are decimal numbers as Go reads them. Every NaN is the same
 * NaN, so a page cannot hold a stale marker. A series has at most 1,024 labels.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus exposition formats</a>
 * @see <a href="https://prometheus.io/docs/specs/om/open_metrics_spec/">OpenMetrics 1.0</a>
 */
public final class ExpositionParser {
    private ExpositionParser() {}

    /** The metadata of a page, in its order; families are named as the page names them. */
    public interface MetadataHandler {
        /** A TYPE line. */
        void type(String family, MetricType type);

        /** A HELP line, unescaped. */
        void help(String family, String help);

        /** A UNIT line. */
        void unit(String family, String unit);
    }

    /** What a page says, in its order. */
    public interface Handler extends MetadataHandler {
        /**
         * A sample line.
         *
         * @param stored the sample's labels, {@code __name__} included
         * @param timestampMillis or {@link io.emberwatch.model.MetricPoint#NO_TIMESTAMP}
         */
        void sample(Labels stored, double value, long timestampMillis);
    }

    /**
     * What a page says, with series as the bytes that name them: for a scraper that knows most series from the last
     * scrape and looks them up by these bytes.
     */
    public interface RawHandler extends MetadataHandler {
        /**
         * A sample line.
         *
         * <p>The bytes from {@code from} up to {@code to} are the metric name and the labels with their braces, as the
         * page spells them. Equal bytes mean equal labels; the same labels may be spelled in several ways. That no label
         * occurs twice is only checked by {@link #labels}.
         *
         * @param page the page being read, not to be changed
         * @param timestampMillis or {@link io.emberwatch.model.MetricPoint#NO_TIMESTAMP}
         * @throws ParseException to end the reading, as {@link #labels} does
         */
        void rawSample(byte[] page, int from, int to, double value, long timestampMillis) throws ParseException;
    }

    /**
     * Reads a page; the first fault ends the reading.
     *
     * @param page UTF-8
     */
    public static void parse(byte[] page, TextFormat format, Handler handler) throws ParseException {
        read(page, format, new LabelledSink(handler));
    }

    /**
     * Reads a page without making labels; the first fault ends the reading.
     *
     * @param page UTF-8
     */
    public static void parseRaw(byte[] page, TextFormat format, RawHandler handler) throws ParseException {
        read(page, format, new RawSink(handler));
    }

    /**
     * The labels, {@code __name__} included, that a series text of {@link RawHandler#rawSample} stands for.
     *
     * @throws ParseException when a label occurs twice; its line and column are those in the page
     */
    public static Labels labels(byte[] page, int from, int to) throws ParseException {
        SeriesScanner series = new SeriesScanner(PageScanner.within(page, from, to));
        series.read();
        return series.stored();
    }

    /** Reads a page into families, in the order of their first line; names as in {@link MetricFamily}. */
    public static List<MetricFamily> parseFamilies(byte[] page, TextFormat format) throws ParseException {
        FamilyCollector collector = new FamilyCollector(format == TextFormat.OPENMETRICS_1_0);
        read(page, format, collector);
        return collector.families();
    }

    /**
     * Checks a page against all that its format asks for, far beyond what is needed to read it: metadata once and before
     * the samples, the lines of a family and of a metric together, no series twice, names that fit the types, buckets
     * that ascend to {@code +Inf} and add up, counters that are not negative, exemplars only where they may be. Spellings
     * of {@code le} and {@code quantile} other than OpenMetrics' canonical ones are let through.
     *
     * @throws ParseException at the first fault; the column is 0 when a rule of the format is broken, not its grammar
     */
    public static void check(byte[] page, TextFormat format) throws ParseException {
        PageScanner scanner = scanner(page, format);
        PageRules rules = new PageRules(scanner, format == TextFormat.OPENMETRICS_1_0);
        read(scanner, format, rules);
        rules.end();
    }

    private static void read(byte[] page, TextFormat format, PageSink sink) throws ParseException {
        read(scanner(page, format), format, sink);
    }

    private static PageScanner scanner(byte[] page, TextFormat format) {
        return PageScanner.of(page, format == TextFormat.PROMETHEUS_0_0_4);
    }

    private static void read(PageScanner scanner, TextFormat format, PageSink sink) throws ParseException {
        switch (format) {
            case PROMETHEUS_0_0_4 -> new PlainPage(scanner, sink).read();
            case OPENMETRICS_1_0 -> new OpenMetricsPage(scanner, sink).read();
        }
    }

    /** Passes metadata on. */
    private abstract static class MetadataSink implements PageSink {
        private final MetadataHandler handler;

        MetadataSink(MetadataHandler handler) {
            this.handler = handler;
        }

        @Override
        public void type(String family, MetricType type) {
            handler.type(family, type);
        }

        @Override
        public void help(String family, String help) {
            handler.help(family, help);
        }

        @Override
        public void unit(String family, String unit) {
            handler.unit(family, unit);
        }
    }

    private static final class LabelledSink extends MetadataSink {
        private final Handler handler;

        LabelledSink(Handler handler) {
            super(handler);
            this.handler = handler;
        }

        @Override
        public void sample(SeriesScanner series, double value, long timestampMillis) throws ParseException {
            handler.sample(series.stored(), value, timestampMillis);
        }
    }

    private static final class RawSink extends MetadataSink {
        private final RawHandler handler;

        RawSink(RawHandler handler) {
            super(handler);
            this.handler = handler;
        }

        @Override
        public void sample(SeriesScanner series, double value, long timestampMillis) throws ParseException {
            handler.rawSample(series.page(), series.seriesFrom(), series.seriesTo(), value, timestampMillis);
        }
    }
}
