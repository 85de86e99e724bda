package io.emberwatch.rules.ruletest;

import io.emberwatch.rules.engine.EngineQueries;
import io.emberwatch.rules.engine.Rule;
import io.emberwatch.rules.engine.RuleFault;
import io.emberwatch.rules.engine.RuleFile;
import io.emberwatch.rules.engine.RuleFileException;
import io.emberwatch.rules.engine.RuleFileLoader;
import io.emberwatch.rules.engine.RuleGroup;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks rule files, with the output of {@code promtool check rules}. */
public final class RuleCheck {
    /** Every file can be used. */
    public static final int OK = 0;

    /** A file cannot be used, or defines a rule twice. */
    public static final int FAILED = 1;

    private RuleCheck() {}

    /** Checks files one after the other; {@link #OK} or {@link #FAILED}. */
    public static int run(List<Path> files, PrintStream out) {
        RuleFileLoader loader = new RuleFileLoader(
                new EngineQueries(new QueryEngine((matchers, from, to) -> List.of(), EngineOptions.defaults())));
        int code = files.isEmpty() ? FAILED : OK;
        for (Path file : files) {
            out.println("Checking " + file);
            try {
                RuleFile loaded = loader.load(file);
                loaded.warnings().forEach(warning -> out.println("  WARNING: " + warning));
                code = Math.max(code, print(loaded, out));
            } catch (RuleFileException e) {
                out.println("  FAILED:");
                for (RuleFault fault : e.faults()) {
                    out.println(fault);
                }
                code = FAILED;
            }
            out.println();
        }
        return code;
    }

    private static int print(RuleFile file, PrintStream out) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (RuleGroup group : file.groups()) {
            for (Rule rule : group.rules()) {
                String kind = rule instanceof Rule.Alerting ? "Alert" : "Metric";
                seen.merge(kind + ": " + rule.name() + "\nLabel(s):\n" + labels(rule), 1, Integer::sum);
            }
        }
        List<Map.Entry<String, Integer>> twice =
                seen.entrySet().stream().filter(entry -> entry.getValue() > 1).toList();
        if (twice.isEmpty()) {
            out.println("  SUCCESS: " + file.ruleCount() + " rules found");
            return OK;
        }
        out.println("  FAILED:");
        out.println("lint error " + twice.size() + " duplicate rule(s) found.");
        twice.forEach(entry -> out.print(entry.getKey()));
        out.println("Might cause inconsistency while recording expressions");
        return FAILED;
    }

    private static String labels(Rule rule) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rule.labels().size(); i++) {
            text.append("  ")
                    .append(rule.labels().name(i))
                    .append(": ")
                    .append(rule.labels().value(i))
                    .append('\n');
        }
        return text.toString();
    }
}
