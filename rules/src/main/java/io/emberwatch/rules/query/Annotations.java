package io.emberwatch.rules.query;

import io.emberwatch.rules.query.Annotation.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the annotations of one evaluation, each once. */
final class Annotations {
    private static final String WARNING = "PromQL warning: ";
    private static final String INFO = "PromQL info: ";
    private static final String MONOTONICITY =
            INFO + "input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/"
                    + "prometheus/latest/querying/functions/#histogram_quantile)";

    private record Key(Severity severity, String text, Span span) {}

    private final Map<Key, Fixes> found = new LinkedHashMap<>();
    private static final Fixes NONE = new Fixes();

    /** What was fixed to make classic histograms monotone. */
    private static final class Fixes {
        private long minTime = Long.MAX_VALUE;
        private long maxTime = Long.MIN_VALUE;
        private double minBucket = Double.POSITIVE_INFINITY;
        private double maxBucket = Double.NEGATIVE_INFINITY;
        private double maxDifference;
        private long count;
    }

    private void warn(String text, Span span) {
        found.putIfAbsent(new Key(Severity.WARNING, WARNING + text, span), NONE);
    }

    private void inform(String text, Span span) {
        found.putIfAbsent(new Key(Severity.INFO, INFO + text, span), NONE);
    }

    void invalidQuantile(double q, Span span) {
        warn("quantile value should be between 0 and 1, got " + GoText.general(q), span);
    }

    void invalidRatio(double ratio, double cap, Span span) {
        warn(
                "ratio value should be between -1 and 1, got " + GoText.general(ratio) + ", capping to "
                        + GoText.general(cap),
                span);
    }

    void badBucketLabel(String metric, String label, Span span) {
        warn(named("bucket label \"le\" is missing or has a malformed value of " + GoText.quote(label), metric), span);
    }

    void sortInRangeQuery(Span span) {
        warn("sort is ineffective for range queries since results are always ordered by labels", span);
    }

    void possiblyNoCounter(String metric, Span span) {
        inform(
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
                        + GoText.quote(metric),
                span);
    }

    /** @param left the kind of sample on the left, {@code float} or {@code histogram} */
    void incompatibleTypes(BinaryOperator operator, String left, String right, Span span) {
        inform(
                "incompatible sample types encountered for binary operator " + GoText.quote(operator.text()) + ": "
                        + left + " " + operator.text() + " " + right,
                span);
    }

    void ignoredHistogram(String aggregation, Span span) {
        inform("ignored histogram in " + aggregation + " aggregation", span);
    }

    /** A classic histogram whose counts had to be raised to grow with the bucket bounds. */
    void forcedMonotonicity(
            String metric, Span span, long timeMillis, double minBucket, double maxBucket, double difference) {
        Key key = new Key(Severity.INFO, named(MONOTONICITY, metric), span);
        Fixes fixes = found.computeIfAbsent(key, k -> new Fixes());
        fixes.minTime = Math.min(fixes.minTime, timeMillis);
        fixes.maxTime = Math.max(fixes.maxTime, timeMillis);
        fixes.minBucket = Math.min(fixes.minBucket, minBucket);
        fixes.maxBucket = Math.max(fixes.maxBucket, maxBucket);
        fixes.maxDifference = Math.max(fixes.maxDifference, difference);
        fixes.count++;
    }

    private static String named(String text, String metric) {
        return metric.isEmpty() ? text : text + " for metric name " + GoText.quote(metric);
    }

    /** The annotations in the order found, each with its position in the text of the query. */
    List<Annotation> list(String query) {
        byte[] input = Utf8.bytes(query);
        List<Annotation> list = new ArrayList<>();
        found.forEach((key, fixes) -> {
            SyntaxException.Fault position = SyntaxException.Fault.of(input, key.span, "");
            String text = key.text + details(fixes) + " (" + position.line() + ":" + position.column() + ")";
            list.add(new Annotation(key.severity, text));
        });
        return list;
    }

    private static String details(Fixes fixes) {
        if (fixes.count == 0) {
            return "";
        }
        return ", from buckets " + GoText.general(fixes.minBucket) + " to " + GoText.general(fixes.maxBucket)
                + ", with a max diff of " + GoText.significant(fixes.maxDifference, 2) + ", over " + fixes.count
                + " samples from " + second(fixes.minTime) + " to " + second(fixes.maxTime);
    }

    private static String second(long timeMillis) {
        return Instant.ofEpochSecond(timeMillis / 1000).toString();
    }
}
