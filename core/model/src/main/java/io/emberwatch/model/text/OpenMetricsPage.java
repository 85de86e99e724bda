package io.emberwatch.model.text;

import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;

/** OpenMetrics 1.0: one blank between tokens, no free comments, {@code # EOF} at the end, families in one piece. */
final class OpenMetricsPage {
    private static final int EXEMPLAR_CODE_POINTS = 128;

    private final PageScanner scanner;
    private final PageSink sink;
    private final OpenMetricsFamilies families = new OpenMetricsFamilies();

    OpenMetricsPage(byte[] page, PageSink sink) {
        this.scanner = new PageScanner(page, false);
        this.sink = sink;
    }

    void read() throws ParseException {
        while (true) {
            if (scanner.atEnd()) {
                throw scanner.unexpected("# EOF");
            }
            if (scanner.accept("# ")) {
                if (scanner.accept("EOF")) {
                    end();
                    return;
                }
                metadata();
            } else {
                sample();
            }
            scanner.expect('\n', "the end of the line");
            scanner.back(scanner.position() - 1);
            scanner.nextLine();
        }
    }

    private void end() throws ParseException {
        if (scanner.accept('\n') && !scanner.atEnd()) {
            throw scanner.error("expected nothing after # EOF");
        }
        if (!scanner.atEnd()) {
            throw scanner.unexpected("the end of the page");
        }
    }

    private void metadata() throws ParseException {
        if (scanner.accept("TYPE ")) {
            String family = scanner.name();
            scanner.expect(' ', "a blank after the metric name");
            MetricType type = type();
            families.type(family, type, scanner);
            sink.type(family, type);
        } else if (scanner.accept("HELP ")) {
            String family = scanner.name();
            scanner.expect(' ', "a blank after the metric name");
            String help = scanner.restOfLine(true);
            families.help(family, scanner);
            sink.help(family, help);
        } else if (scanner.accept("UNIT ")) {
            String family = scanner.name();
            scanner.expect(' ', "a blank after the metric name");
            String unit = scanner.restOfLine(false);
            families.unit(family, unit, scanner);
            sink.unit(family, unit);
        } else {
            throw scanner.unexpected("TYPE, UNIT, HELP or EOF");
        }
    }

    private MetricType type() throws ParseException {
        int from = scanner.position();
        String word = scanner.word();
        return switch (word) {
            case "counter" -> MetricType.COUNTER;
            case "gauge" -> MetricType.GAUGE;
            case "histogram" -> MetricType.HISTOGRAM;
            case "summary" -> MetricType.SUMMARY;
            case "unknown" -> MetricType.UNKNOWN;
            case "info" -> MetricType.INFO;
            case "stateset" -> MetricType.STATESET;
            case "gaugehistogram" -> MetricType.GAUGE_HISTOGRAM;
            default -> {
                scanner.back(from);
                throw scanner.error("expected a metric type of OpenMetrics, found \"" + word + '"');
            }
        };
    }

    private void sample() throws ParseException {
        int from = scanner.position();
        scanner.series();
        families.sample(scanner, from);
        scanner.expect(' ', "a blank before the value");
        double value = scanner.number("a value");
        long timestamp = MetricPoint.NO_TIMESTAMP;
        boolean exemplar = scanner.accept(" # ");
        if (!exemplar && scanner.accept(' ')) {
            timestamp = timestamp();
            exemplar = scanner.accept(" # ");
        }
        sink.sample(scanner, value, timestamp);
        if (exemplar) {
            exemplar();
        }
    }

    private void exemplar() throws ParseException {
        if (!families.takesExemplar()) {
            throw scanner.error("expected an exemplar only on a bucket or a counter's total");
        }
        scanner.exemplarLabels();
        if (scanner.labelCodePoints() > EXEMPLAR_CODE_POINTS) {
            throw scanner.error("expected at most " + EXEMPLAR_CODE_POINTS + " characters in an exemplar's labels");
        }
        scanner.expect(' ', "a blank before the exemplar's value");
        scanner.number("the value of an exemplar");
        if (scanner.accept(' ')) {
            timestamp();
        }
    }

    private long timestamp() throws ParseException {
        int from = scanner.position();
        double seconds = scanner.number("a timestamp in seconds");
        double millis = Math.rint(seconds * 1000);
        // Also false for NaN.
        if (!(Math.abs(millis) < Long.MAX_VALUE)) {
            scanner.back(from);
            throw scanner.error("expected a timestamp in seconds within the range of 64-bit milliseconds");
        }
        return (long) millis;
    }
}
