package io.emberwatch.rules.ruletest;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.rules.engine.EngineQueries;
import io.emberwatch.rules.engine.Rule;
import io.emberwatch.rules.engine.RuleFault;
import io.emberwatch.rules.engine.RuleFile;
import io.emberwatch.rules.engine.RuleFileException;
import io.emberwatch.rules.engine.RuleFileLoader;
import io.emberwatch.rules.engine.RuleGroup;
import io.emberwatch.rules.explain.RuleReach;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SyntaxException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checks rule files, with the output of {@code promtool check rules}. */
public final class RuleCheck {
    /** Every file can be used. */
    public static final int OK = 0;

    /** A file cannot be used. */
    public static final int FAILED = 1;

    /** A file can be used, but defines a rule twice, and that was to be fatal. */
    public static final int LINTED = 3;

    /** What is done about files that can be used but define a rule twice. */
    public enum Lint {
        /** They are not looked for. */
        NONE,
        /** They are shown. */
        SHOWN,
        /** They are shown, and the result is {@link #LINTED}. */
        FATAL
    }

    /**
     * Where the series are that rules ask for.
     *
     * @param at the time to look at
     * @param window how long ago a series may have had its last sample
     */
    public record Against(QuerySource source, Instant at, Duration window) {}

    private RuleCheck() {}

    /** Checks files one after the other; {@link #OK} or {@link #FAILED}. */
    public static int run(List<Path> files, PrintStream out) {
        return run(files, Lint.SHOWN, out);
    }

    /** As {@link #run(List, PrintStream)}; {@link #LINTED} too when that is asked for. */
    public static int run(List<Path> files, Lint lint, PrintStream out) {
        int code = files.isEmpty() ? FAILED : OK;
        for (Loaded loaded : load(files)) {
            code = worse(code, loaded.print(lint, out));
            out.println();
        }
        return code;
    }

    private static int worse(int a, int b) {
        return a == FAILED || b == FAILED ? FAILED : Math.max(a, b);
    }

    /**
     * As {@link #run(List, Lint, PrintStream)}, and names the selectors that reach no series, which makes the files fail.
     *
     * @throws QueryException when the source does not answer
     */
    public static int run(List<Path> files, Lint lint, Against against, PrintStream out) throws QueryException {
        int code = files.isEmpty() ? FAILED : OK;
        List<Loaded> all = load(files);
        Set<String> recorded = new HashSet<>();
        all.forEach(loaded -> loaded.rules(rule -> {
            if (rule instanceof Rule.Recording) {
                recorded.add(rule.name());
            }
        }));
        RuleReach reach = new RuleReach(against.source(), against.at(), against.window(), recorded);
        for (Loaded loaded : all) {
            code = worse(code, loaded.print(lint, out));
            code = worse(code, loaded.reach(reach, out));
            out.println();
        }
        return code;
    }

    private static List<Loaded> load(List<Path> files) {
        RuleFileLoader loader = new RuleFileLoader(
                new EngineQueries(new QueryEngine((matchers, from, to) -> List.of(), EngineOptions.defaults())));
        List<Loaded> all = new ArrayList<>();
        for (Path file : files) {
            try {
                all.add(new Loaded(file, loader.load(file), List.of()));
            } catch (RuleFileException e) {
                all.add(new Loaded(file, null, e.faults()));
            }
        }
        return all;
    }

    /** @param content null when there are faults */
    private record Loaded(Path file, @Nullable RuleFile content, List<RuleFault> faults) {
        int print(Lint lint, PrintStream out) {
            out.println("Checking " + file);
            if (content == null) {
                out.println("  FAILED:");
                faults.forEach(out::println);
                return FAILED;
            }
            content.warnings().forEach(warning -> out.println("  WARNING: " + warning));
            return RuleCheck.print(content, lint, out);
        }

        void rules(Consumer<Rule> action) {
            if (content != null) {
                content.groups().forEach(group -> group.rules().forEach(action));
            }
        }

        int reach(RuleReach reach, PrintStream out) throws QueryException {
            int code = OK;
            for (RuleGroup group : content == null ? List.<RuleGroup>of() : content.groups()) {
                for (Rule rule : group.rules()) {
                    for (String selector : unreached(reach, rule)) {
                        out.println("  NO SERIES: " + group.file() + ":" + rule.line() + ": group \"" + group.name()
                                + "\", \"" + rule.name() + "\": " + selector);
                        code = FAILED;
                    }
                }
            }
            return code;
        }

        private static List<String> unreached(RuleReach reach, Rule rule) throws QueryException {
            try {
                return reach.unreached(Promql.parse(rule.query().text()));
            } catch (SyntaxException e) {
                throw new IllegalStateException(rule.name() + " was parsed before", e);
            }
        }
    }

    private static int print(RuleFile file, Lint lint, PrintStream out) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (RuleGroup group : file.groups()) {
            for (Rule rule : group.rules()) {
                String kind = rule instanceof Rule.Alerting ? "Alert" : "Metric";
                seen.merge(kind + ": " + rule.name() + "\nLabel(s):\n" + labels(rule), 1, Integer::sum);
            }
        }
        List<Map.Entry<String, Integer>> twice =
                seen.entrySet().stream().filter(entry -> entry.getValue() > 1).toList();
        if (twice.isEmpty() || lint == Lint.NONE) {
            out.println("  SUCCESS: " + file.ruleCount() + " rules found");
            return OK;
        }
        out.println("  FAILED:");
        out.println("lint error " + twice.size() + " duplicate rule(s) found.");
        twice.forEach(entry -> out.print(entry.getKey()));
        out.println("Might cause inconsistency while recording expressions");
        return lint == Lint.FATAL ? LINTED : OK;
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
