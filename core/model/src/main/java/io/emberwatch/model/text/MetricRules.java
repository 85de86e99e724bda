package io.emberwatch.model.text;

import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;

/** The rules for the samples that share a family and all labels but le, quantile and the state. */
final class MetricRules {
    private final MetricType type;
    private final boolean openMetrics;
    private final PageScanner scanner;

    private boolean started;
    private int place;
    private long timestamp;

    private double bound = Double.NEGATIVE_INFINITY;
    private double bucket;
    private double count = Double.NaN;
    private double sum = Double.NaN;
    private boolean buckets;
    private boolean negativeBuckets;

    MetricRules(MetricType type, boolean openMetrics, PageScanner scanner) {
        this.type = type;
        this.openMetrics = openMetrics;
        this.scanner = scanner;
    }

    /** @param suffix what the sample's name has beyond the family's */
    void sample(String suffix, MetricPoint point) throws ParseException {
        if (openMetrics) {
            checkTimestamp(point);
        }
        place = scanner.position();
        if (openMetrics) {
            checkValue(suffix, point);
        }
        if (type == MetricType.HISTOGRAM || type == MetricType.GAUGE_HISTOGRAM) {
            switch (suffix) {
                case "_bucket" -> bucket(point);
                case "_count", "_gcount" -> count = point.value();
                case "_sum", "_gsum" -> sum = point.value();
                default -> {
                    // _created says nothing about the buckets.
                }
            }
        }
    }

    private void checkTimestamp(MetricPoint point) throws ParseException {
        boolean had = timestamp != MetricPoint.NO_TIMESTAMP;
        if (started && had != point.hasTimestamp()) {
            throw scanner.lineError("expected all samples of a metric to have a timestamp, or none");
        }
        if (started && point.timestampMillis() < timestamp) {
            throw scanner.lineError("expected the timestamps of a metric in ascending order");
        }
        if (started && point.timestampMillis() > timestamp) {
            end();
            bound = Double.NEGATIVE_INFINITY;
            bucket = 0;
            buckets = false;
        }
        started = true;
        timestamp = point.timestampMillis();
    }

    private void checkValue(String suffix, MetricPoint point) throws ParseException {
        double value = point.value();
        switch (type) {
            case COUNTER, HISTOGRAM -> checkCounting(suffix, value);
            case SUMMARY -> {
                checkCounting(suffix, value);
                if (suffix.isEmpty()) {
                    checkQuantile(point);
                }
            }
            case GAUGE_HISTOGRAM -> {
                if (suffix.equals("_gsum")) {
                    expect(!Double.isNaN(value), "a sum that is a number");
                } else {
                    checkCounting(suffix, value);
                }
            }
            case INFO -> expect(value == 1, "the value 1 of an info");
            case STATESET -> expect(value == 0 || value == 1, "0 or 1 for a state");
            case GAUGE, UNKNOWN -> {
                // Any number will do.
            }
        }
    }

    private void checkCounting(String suffix, double value) throws ParseException {
        boolean counting = !suffix.isEmpty() && !suffix.equals("_created");
        expect(!counting || value >= 0, "a number from 0 up for what counts");
    }

    private void checkQuantile(MetricPoint point) throws ParseException {
        double quantile = number(point.key().labels().get("quantile"));
        expect(quantile >= 0 && quantile <= 1, "a quantile from 0 to 1");
        expect(!(point.value() < 0), "no negative quantile value");
    }

    private void bucket(MetricPoint point) throws ParseException {
        double upper = number(point.key().labels().get("le"));
        expect(upper > bound, "buckets in ascending order of le");
        expect(!buckets || point.value() >= bucket, "bucket counts that do not fall");
        buckets = true;
        negativeBuckets |= upper < 0;
        bound = upper;
        bucket = point.value();
    }

    private double number(String text) throws ParseException {
        try {
            return FloatText.parse(text);
        } catch (NumberFormatException e) {
            throw scanner.lineError("expected a number in le or quantile, " + e.getMessage());
        }
    }

    private void expect(boolean met, String what) throws ParseException {
        if (!met) {
            throw scanner.lineErrorAt(place, "expected " + what);
        }
    }

    /** Checks what can only be seen when all samples are there. */
    void end() throws ParseException {
        if (type != MetricType.HISTOGRAM && type != MetricType.GAUGE_HISTOGRAM) {
            return;
        }
        boolean counted = !Double.isNaN(count);
        boolean summed = !Double.isNaN(sum);
        expect(bound == Double.POSITIVE_INFINITY, "a bucket with le=\"+Inf\" in every histogram");
        expect(!counted || count == bucket, "a count equal to the bucket with le=\"+Inf\"");
        if (openMetrics) {
            expect(!summed || counted, "a count beside the sum of a histogram");
            expect(!counted || summed || negativeBuckets, "a sum beside the count of a histogram");
            boolean plain = type == MetricType.HISTOGRAM;
            expect(!plain || !summed || !negativeBuckets, "no sum in a histogram with negative buckets");
            expect(plain || !(sum < 0) || negativeBuckets, "no negative sum without negative buckets");
        }
    }
}
