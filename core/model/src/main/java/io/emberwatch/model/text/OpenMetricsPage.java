package io.emberwatch.model.text;

import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;

/**
 * The grammar of OpenMetrics 1.0, as Prometheus reads it: one blank between tokens, no free comments, {@code # EOF} at the
 * end. A comma behind the last label is let through.
 */
final class OpenMetricsPage {
    private final PageScanner scanner;
    private final SeriesScanner series;
    private final PageSink sink;

    OpenMetricsPage(PageScanner scanner, PageSink sink) {
        this.scanner = scanner;
        this.series = new SeriesScanner(scanner);
        this.sink = sink;
    }

    void read() throws ParseException {
        while (!readLine()) {
            if (scanner.atEnd() || !scanner.atLineEnd()) {
                throw scanner.unexpected("the end of the line");
            }
            scanner.nextLine();
        }
    }

    // Whether it was the last line.
    private boolean readLine() throws ParseException {
        if (scanner.atEnd()) {
            throw scanner.unexpected("# EOF");
        }
        if (!scanner.accept("# ")) {
            sample();
        } else if (scanner.accept("EOF")) {
            boolean ended = scanner.atEnd();
            if (!ended && scanner.atLineEnd()) {
                scanner.nextLine();
            }
            if (!scanner.atEnd()) {
                throw scanner.unexpected("nothing after # EOF");
            }
            return true;
        } else {
            metadata();
        }
        return false;
    }

    private void metadata() throws ParseException {
        if (scanner.accept("TYPE ")) {
            String family = family();
            sink.type(family, type());
        } else if (scanner.accept("HELP ")) {
            String family = family();
            sink.help(family, scanner.restOfLine(true));
        } else if (scanner.accept("UNIT ")) {
            String family = family();
            String unit = scanner.restOfLine(false);
            if (!unit.isEmpty() && !family.endsWith("_" + unit)) {
                throw scanner.error("expected a metric name that ends in its unit, _" + unit);
            }
            sink.unit(family, unit);
        } else {
            throw scanner.unexpected("TYPE, UNIT, HELP or EOF");
        }
    }

    private String family() throws ParseException {
        String family = scanner.name();
        if (!scanner.accept(' ')) {
            throw scanner.unexpected("a blank after the metric name");
        }
        return family;
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
                throw scanner.error("expected a metric type of OpenMetrics, found " + FloatText.quoted(word));
            }
        };
    }

    private void sample() throws ParseException {
        series.read();
        if (!scanner.accept(' ')) {
            throw scanner.unexpected("a blank before the value");
        }
        double value = scanner.number("a value");
        long timestamp = MetricPoint.NO_TIMESTAMP;
        boolean exemplar = scanner.accept(" # ");
        if (!exemplar && scanner.accept(' ')) {
            timestamp = timestamp();
            exemplar = scanner.accept(" # ");
        }
        sink.sample(series, value, timestamp);
        if (exemplar) {
            exemplar();
        }
    }

    private void exemplar() throws ParseException {
        series.readExemplarLabels();
        sink.exemplar(series);
        if (!scanner.accept(' ')) {
            throw scanner.unexpected("a blank before the exemplar's value");
        }
        scanner.number("the value of an exemplar");
        if (scanner.accept(' ')) {
            timestamp();
        }
    }

    private long timestamp() throws ParseException {
        int from = scanner.position();
        double millis = Math.rint(scanner.number("a timestamp in seconds") * 1000);
        if (Double.isNaN(millis) || Math.abs(millis) >= Long.MAX_VALUE) {
            scanner.back(from);
            throw scanner.error("expected a timestamp in seconds that fits into 64-bit milliseconds");
        }
        return (long) millis;
    }
}
