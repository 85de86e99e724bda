package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.Expr;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.SyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rules of a group can be evaluated at the same time without any of them seeing another result than one after the
 * other: those of which none reads what another writes, and no two write the same. A rule with a selector that names no
 * metric may read anything.
 */
final class RuleBatches {
    private static final List<String> ALERT_SERIES = List.of(AlertTracker.ALERTS, AlertTracker.ALERTS_FOR_STATE);

    /** @param reads null when it may be anything */
    private record Traffic(@Nullable Set<String> reads, Set<String> writes) {
        boolean meets(Traffic other) {
            return reads(other) || other.reads(this) || writes.stream().anyMatch(other.writes::contains);
        }

        private boolean reads(Traffic writer) {
            return reads == null || writer.writes.stream().anyMatch(reads::contains);
        }
    }

    private RuleBatches() {}

    /** Indexes of rules, batch by batch; what has to come before something else is in an earlier batch. */
    static List<List<Integer>> of(List<Rule> rules) {
        List<List<Integer>> batches = new ArrayList<>();
        List<Traffic> traffic = rules.stream().map(RuleBatches::traffic).toList();
        int[] batchOf = new int[rules.size()];
        for (int i = 0; i < batchOf.length; i++) {
            for (int before = 0; before < i; before++) {
                if (traffic.get(i).meets(traffic.get(before))) {
                    batchOf[i] = Math.max(batchOf[i], batchOf[before] + 1);
                }
            }
            while (batches.size() <= batchOf[i]) {
                batches.add(new ArrayList<>());
            }
            batches.get(batchOf[i]).add(i);
        }
        return batches;
    }

    private static Traffic traffic(Rule rule) {
        // Alerts write the same two names but never the same series, unless they read them.
        Set<String> writes = rule instanceof Rule.Recording ? Set.of(rule.name()) : Set.of();
        return new Traffic(reads(rule), writes);
    }

    private static @Nullable Set<String> reads(Rule rule) {
        Set<String> names = new HashSet<>();
        try {
            for (Expr.VectorSelector selector :
                    Promql.parse(rule.query().text(), true).selectors()) {
                String name = name(selector);
                if (name.isEmpty() || ALERT_SERIES.contains(name)) {
                    return null;
                }
                names.add(name);
            }
        } catch (SyntaxException e) {
            return null;
        }
        boolean asks = rule instanceof Rule.Alerting alerting
                && (asks(alerting.labelTemplates()) || asks(alerting.annotations()));
        return asks ? null : names;
    }

    // Templates may ask for anything.
    private static boolean asks(List<Rule.Text> texts) {
        return texts.stream().anyMatch(text -> text.template().text().contains("query"));
    }

    private static String name(Expr.VectorSelector selector) {
        for (Matcher matcher : selector.matchers()) {
            if (matcher.name().equals(Labels.METRIC_NAME) && matcher.type() == Matcher.Type.EQ) {
                return matcher.value();
            }
        }
        return "";
    }
}
