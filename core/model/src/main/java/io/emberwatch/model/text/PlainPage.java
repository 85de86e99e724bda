package io.emberwatch.model.text;

import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;

/** Text format 0.0.4, as far as Prometheus reads it: any order of lines, free comments, UTF-8 names in quotes. */
final class PlainPage {
    private final PageScanner scanner;
    private final SeriesScanner series;
    private final PageSink sink;

    PlainPage(PageScanner scanner, PageSink sink) {
        this.scanner = scanner;
        this.series = new SeriesScanner(scanner);
        this.sink = sink;
    }

    void read() throws ParseException {
        while (!scanner.atEnd()) {
            scanner.acceptBlanks();
            if (scanner.accept('#')) {
                comment();
            } else if (!scanner.atLineEnd()) {
                sample();
            }
            if (!scanner.atLineEnd()) {
                throw scanner.unexpected("the end of the line");
            }
            scanner.nextLine();
        }
    }

    // Whatever is not HELP or TYPE with a blank behind it is a comment.
    private void comment() throws ParseException {
        boolean words = scanner.acceptBlanks();
        boolean help = words && scanner.accept("HELP");
        boolean type = words && !help && scanner.accept("TYPE");
        if ((help || type) && scanner.acceptBlanks()) {
            if (help) {
                help();
            } else {
                type();
            }
        } else {
            scanner.skipLine();
        }
    }

    private void help() throws ParseException {
        String family = scanner.name();
        if (!scanner.atLineEnd() && !scanner.accept(' ') && !scanner.accept('\t')) {
            throw scanner.unexpected("a blank after the metric name");
        }
        sink.help(family, scanner.restOfLine(false));
    }

    private void type() throws ParseException {
        String family = scanner.name();
        scanner.acceptBlanks();
        int from = scanner.position();
        String word = scanner.word();
        MetricType type = switch (word) {
            case "counter" -> MetricType.COUNTER;
            case "gauge" -> MetricType.GAUGE;
            case "histogram" -> MetricType.HISTOGRAM;
            case "summary" -> MetricType.SUMMARY;
            case "untyped" -> MetricType.UNKNOWN;
            default -> {
                scanner.back(from);
                throw scanner.error(
                        "expected counter, gauge, histogram, summary or untyped, found " + FloatText.quoted(word));
            }
        };
        scanner.acceptBlanks();
        sink.type(family, type);
    }

    private void sample() throws ParseException {
        series.read();
        scanner.acceptBlanks();
        double value = scanner.number("a value");
        scanner.acceptBlanks();
        long timestamp = MetricPoint.NO_TIMESTAMP;
        if (!scanner.atLineEnd()) {
            timestamp = scanner.wholeNumber("a timestamp in milliseconds");
            scanner.acceptBlanks();
        }
        sink.sample(series, value, timestamp);
    }
}
