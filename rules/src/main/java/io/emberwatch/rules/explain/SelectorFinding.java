package io.emberwatch.rules.explain;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.query.DurationExpr;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.Expr.VectorSelector;
import io.emberwatch.rules.query.Matcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a selector gives nothing: its metric is not known, a label never has that value, or its series have
 * ended. All by queries, so that it works on any PromQL API.
 */
public final class SelectorFinding {
    private static final Duration LOOK_BACK = Duration.ofMinutes(5);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int SHOWN_VALUES = 5;

    private final QuerySource source;
    private final Instant at;
    private @Nullable List<String> metricNames;

    /** @param at the time of evaluation */
    public SelectorFinding(QuerySource source, Instant at) {
        this.source = source;
        this.at = at;
    }

    /** Why the selector has no sample, in a few words. */
    public String reason(VectorSelector selector) throws QueryException {
        if (exists(over(selector, LOOK_BACK))) {
            return "its series have ended: a stale marker says that their target or rule no longer gives them";
        }
        if (exists(over(selector, DAY))) {
            return tooOld(selector);
        }
        String metric = metricName(selector);
        if (!metric.isEmpty() && !exists(count(only(selector, List.of(Matcher.equal(Labels.METRIC_NAME, metric)))))) {
            return unknownMetric(metric);
        }
        List<String> reasons = new ArrayList<>();
        for (Matcher matcher : selector.matchers()) {
            if (!matcher.name().equals(Labels.METRIC_NAME)) {
                String reason = excluded(selector, matcher);
                if (!reason.isEmpty()) {
                    reasons.add(reason);
                }
            }
        }
        return reasons.isEmpty()
                ? "no series meets all of its conditions, nor all but one of them"
                : String.join("; ", reasons);
    }

    private String tooOld(VectorSelector selector) throws QueryException {
        List<Sample> newest = samples("max(max_over_time(timestamp(" + plain(selector) + ")[1d:1m]))");
        if (newest.isEmpty()) {
            return "its series have no sample in the last 5m, but in the last day";
        }
        Duration age =
                Duration.between(Instant.ofEpochMilli(Math.round(newest.get(0).value() * 1000)), at);
        return "its newest sample is " + Durations.format(Duration.ofSeconds(Math.max(0, age.toSeconds())))
                + " old; older than the look-back of 5m does not count";
    }

    private static String metricName(VectorSelector selector) {
        for (Matcher matcher : selector.matchers()) {
            if (matcher.name().equals(Labels.METRIC_NAME) && matcher.type() == Matcher.Type.EQ) {
                return matcher.value();
            }
        }
        return "";
    }

    private String unknownMetric(String metric) throws QueryException {
        List<String> nearest = NearestName.of(metric, metricNames());
        return "there is no metric " + metric
                + (nearest.isEmpty() ? ", nor one with a similar name" : "; similar: " + String.join(", ", nearest));
    }

    private List<String> metricNames() throws QueryException {
        List<String> known = metricNames;
        if (known == null) {
            known = new ArrayList<>();
            for (Sample sample : samples("count by (__name__) ({__name__!=\"\"})")) {
                known.add(sample.labels().metricName());
            }
            metricNames = known;
        }
        return known;
    }

    /** What the label has in series that meet all other conditions, if there are any; empty otherwise. */
    private String excluded(VectorSelector selector, Matcher matcher) throws QueryException {
        List<Matcher> others = selector.matchers().stream()
                .filter(other -> !other.equals(matcher))
                .toList();
        if (others.stream().allMatch(other -> other.matches(""))) {
            return "";
        }
        TreeSet<String> values = new TreeSet<>();
        String query = "count by (" + label(matcher.name()) + ") (" + plain(only(selector, others)) + ")";
        for (Sample sample : samples(query)) {
            values.add(sample.labels().get(matcher.name()));
        }
        if (values.isEmpty()) {
            return "";
        }
        if (values.size() == 1 && values.contains("")) {
            return "its series have no label " + matcher.name();
        }
        String shown = values.stream()
                .limit(SHOWN_VALUES)
                .map(value -> '"' + value + '"')
                .collect(Collectors.joining(", "));
        String more = values.size() > SHOWN_VALUES ? " and " + (values.size() - SHOWN_VALUES) + " more" : "";
        return "no series has " + matcher + "; " + matcher.name() + " is " + shown + more;
    }

    private static String label(String name) {
        return name.matches("[a-zA-Z_][a-zA-Z0-9_]*") ? name : '"' + name.replace("\"", "\\\"") + '"';
    }

    private static VectorSelector only(VectorSelector selector, List<Matcher> matchers) {
        return new VectorSelector("", matchers, selector.timing(), selector.extension(), selector.span());
    }

    // Spelled without a name in front, as the name may be one of the conditions.
    private static String plain(VectorSelector selector) {
        return only(selector, selector.matchers()).toString();
    }

    private static String count(VectorSelector selector) {
        return "count(" + plain(selector) + ")";
    }

    private static String over(VectorSelector selector, Duration range) {
        DurationExpr length = new DurationExpr.Literal(range.toSeconds(), true, selector.span());
        Expr ranged = new Expr.MatrixSelector(only(selector, selector.matchers()), length, selector.span());
        return "count(last_over_time(" + ranged + "))";
    }

    private boolean exists(String query) throws QueryException {
        return !samples(query).isEmpty();
    }

    private List<Sample> samples(String query) throws QueryException {
        QueryValue value = source.instant(query, at).value();
        return value instanceof QueryValue.Vector vector ? vector.samples() : List.of();
    }
}
