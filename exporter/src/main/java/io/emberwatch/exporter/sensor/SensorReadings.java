package io.emberwatch.exporter.sensor;

import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.metrics.ExporterMetrics.SensorMetrics;
import io.emberwatch.exporter.sensor.SensorConfig.Defect;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.FloatText;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sensor said, line by line.
 *
 * <p>A line has as many values as there are fields, apart from each other by blanks, commas or semicolons. A value that is
 * not a finite number is counted as {@code error.<field>} and the others of its line still hold. Blank lines say nothing.
 */
final class SensorReadings implements LineReader.Handler {
    static final String FIELD_COUNT = "line.field_count";
    static final String TOO_LONG = "line.too_long";
    static final String INCOMPLETE = "line.incomplete";

    private static final Logger logger = LoggerFactory.getLogger("sensor");
    private static final double MILLIS = 1e3;

    private final SensorConfig config;
    private final InstantSource clock;
    private final SensorMetrics metrics;
    private final LogLimit faultLog;
    private final List<FieldReadings> fields = new ArrayList<>();
    private final CountDownLatch firstLine = new CountDownLatch(1);
    private long lastLineMillis = Long.MIN_VALUE;

    SensorReadings(SensorConfig config, InstantSource clock, ExporterMetrics exporterMetrics) {
        this.config = config;
        this.clock = clock;
        Labels labels = Labels.of(config.labels()).with("sensor", config.name());
        List<String> errors = new ArrayList<>();
        for (FieldConfig field : config.fields()) {
            errors.add(error(field));
            fields.add(new FieldReadings(field, labels, config.staleAfter()));
        }
        errors.addAll(List.of(FIELD_COUNT, TOO_LONG, INCOMPLETE));
        metrics = exporterMetrics.sensor(config.name(), errors);
        faultLog = new LogLimit(clock);
    }

    SensorMetrics metrics() {
        return metrics;
    }

    private static String error(FieldConfig field) {
        return "error." + field.name();
    }

    @Override
    public synchronized void line(String line) {
        List<String> words = words(line);
        if (words.isEmpty()) {
            return;
        }
        long now = arrived();
        if (words.size() != fields.size()) {
            fault(FIELD_COUNT, words.size() + " values instead of " + fields.size());
            return;
        }
        double[] values = new double[words.size()];
        boolean allZero = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = number(words.get(i));
            allZero &= values[i] == 0;
        }
        if (isDefect(values, allZero)) {
            metrics.defects().inc();
            return;
        }
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                fault(error(config.fields().get(i)), "not a finite number: " + words.get(i));
            } else {
                fields.get(i).add(values[i], now);
            }
        }
    }

    private boolean isDefect(double[] values, boolean allZero) {
        if (config.defectWhen().isEmpty()) {
            return allZero && config.defect() == Defect.ALL_ZERO;
        }
        for (int i = 0; i < values.length; i++) {
            Double wanted = config.defectWhen().get(config.fields().get(i).name());
            if (wanted != null && wanted != values[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public synchronized void tooLong() {
        arrived();
        fault(TOO_LONG, "longer than " + config.maxLine().bytes() + " bytes");
    }

    @Override
    public synchronized void incomplete() {
        arrived();
        fault(INCOMPLETE, "output ended within a line");
    }

    /** Whether a text could be a line of values: it begins with a number. */
    static boolean looksLikeLine(String text) {
        List<String> words = words(text);
        return !words.isEmpty() && !Double.isNaN(number(words.get(0)));
    }

    /** What would become of a line. */
    String explain(String line) {
        List<String> words = words(line);
        String prefix = "sensor " + config.name() + ": ";
        if (words.size() != fields.size()) {
            return prefix + "refused as " + FIELD_COUNT + ", " + words.size() + " values instead of " + fields.size();
        }
        if (config.defect() == Defect.ALL_ZERO && words.stream().allMatch(word -> number(word) == 0)) {
            return prefix + "counted as a defect and kept out, because every value is zero";
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            FieldConfig field = config.fields().get(i);
            parts.add(
                    Double.isNaN(number(words.get(i)))
                            ? field.metricName() + " refused as " + error(field)
                            : field.metricName() + " = " + words.get(i));
        }
        return prefix + String.join(", ", parts);
    }

    private long arrived() {
        firstLine.countDown();
        lastLineMillis = clock.millis();
        metrics.lines().inc();
        metrics.lastLine().set(lastLineMillis / MILLIS);
        return lastLineMillis;
    }

    private void fault(String error, String what) {
        metrics.error(error);
        faultLog.log(suppressed -> logger.atWarn()
                .addKeyValue("sensor", config.name())
                .addKeyValue("error", error)
                .addKeyValue("reason", what.length() > 200 ? what.substring(0, 200) : what)
                .addKeyValue("more", suppressed)
                .log("bad value"));
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>(4);
        int from = -1;
        for (int i = 0; i <= line.length(); i++) {
            boolean between = i == line.length() || isSeparator(line.charAt(i));
            if (!between && from < 0) {
                from = i;
            } else if (between && from >= 0) {
                words.add(line.substring(from, i));
                from = -1;
            }
        }
        return words;
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == ',' || c == ';' || (c >= '\t' && c <= '\r');
    }

    /** The number, or NaN when it is none or not finite. */
    private static double number(String word) {
        try {
            double value = FloatText.parse(word);
            return Double.isInfinite(value) ? Double.NaN : value;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Waits for the first line, at most until the deadline; tells whether there was one. */
    boolean awaitLine(Deadline deadline) throws InterruptedException {
        return firstLine.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether a line came lately, good or bad. */
    synchronized boolean isFresh() {
        return lastLineMillis != Long.MIN_VALUE
                && clock.millis() - lastLineMillis <= config.staleAfter().toMillis();
    }

    /** The values that are fresh, and what is made of them. */
    synchronized List<MetricFamily> families() {
        long now = clock.millis();
        List<MetricFamily> families = new ArrayList<>();
        fields.forEach(field -> field.addTo(families, now));
        return families;
    }
}
