package io.emberwatch.rules.explain;

import io.emberwatch.model.Labels;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.Matcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the selectors of rules that reach no series: a rule with one may never give anything, for a typo or a metric that
 * was renamed. Of one thread.
 */
public final class RuleReach {
    private static final Set<String> ABSENCE = Set.of("absent", "absent_over_time");

    private final QuerySource source;
    private final Instant at;
    private final Duration window;
    private final Set<String> recorded;
    private final SelectorFinding findings;
    private final Map<String, String> known = new HashMap<>();

    /**
     * @param window how long ago a series may have had its last sample
     * @param recorded names that other rules record: they need not be there yet
     */
    public RuleReach(QuerySource source, Instant at, Duration window, Set<String> recorded) {
        this.source = source;
        this.at = at;
        this.window = window;
        this.recorded = Set.copyOf(recorded);
        this.findings = new SelectorFinding(source, at);
    }

    /** The selectors without series, each with the reason. What {@code absent} asks for may be missing. */
    public List<String> unreached(Expr expr) throws QueryException {
        List<String> unreached = new ArrayList<>();
        for (Expr.VectorSelector selector : wanted(expr)) {
            String reason = reason(selector);
            if (!reason.isEmpty()) {
                unreached.add(selector + ": " + reason);
            }
        }
        return unreached;
    }

    /** The selectors that a query needs samples of to give anything: all but those of which it asks the absence. */
    public static List<Expr.VectorSelector> wanted(Expr expr) {
        List<Expr.VectorSelector> wanted = new ArrayList<>();
        collect(expr, wanted);
        return wanted;
    }

    private static void collect(Expr expr, List<Expr.VectorSelector> wanted) {
        if (expr instanceof Expr.Call call && ABSENCE.contains(call.function().name())) {
            return;
        }
        if (expr instanceof Expr.VectorSelector selector) {
            wanted.add(selector);
        }
        expr.children().forEach(child -> collect(child, wanted));
    }

    private String reason(Expr.VectorSelector selector) throws QueryException {
        String conditions = selector.toString();
        String before = known.get(conditions);
        if (before == null) {
            before = isRecorded(selector) || isThere(selector) ? "" : findings.reason(selector);
            known.put(conditions, before);
        }
        return before;
    }

    private boolean isRecorded(Expr.VectorSelector selector) {
        for (Matcher matcher : selector.matchers()) {
            if (matcher.name().equals(Labels.METRIC_NAME) && matcher.type() == Matcher.Type.EQ) {
                return recorded.contains(matcher.value());
            }
        }
        return false;
    }

    private boolean isThere(Expr.VectorSelector selector) throws QueryException {
        List<String> conditions =
                selector.matchers().stream().map(Matcher::toString).toList();
        String query = "count(last_over_time({" + String.join(",", conditions) + "}[" + window.toSeconds() + "s]))";
        QueryValue value = source.instant(query, at).value();
        return value instanceof QueryValue.Vector vector && !vector.samples().isEmpty();
    }
}
