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
import java.io.InputStream;
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

    private static final Path STANDARD_INPUT = Path.of("-");

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

    /**
     * What is let through, and where the rules are that come in no file.
     *
     * @param ignoreUnknownFields whether fields that are not known are passed over
     * @param in read to its end when no file is named, or a file is {@code -}
     */
    public record Options(Lint lint, boolean ignoreUnknownFields, InputStream in) {
        /** As strict as Prometheus. */
        public static Options standard(InputStream in) {
            return new Options(Lint.SHOWN, false, in);
        }
    }

    private RuleCheck() {}

    /** Checks files one after the other; {@link #OK}, {@link #FAILED}, or {@link #LINTED} when that is asked for. */
    public static int run(List<Path> files, Options options, PrintStream out) {
        int code = OK;
        for (Loaded loaded : load(files, options)) {
            code = worse(code, loaded.print(options.lint(), out));
            out.println();
        }
        return code;
    }

    private static int worse(int a, int b) {
        return a == FAILED || b == FAILED ? FAILED : Math.max(a, b);
    }

    /**
     * As {@link #run(List, Options, PrintStream)}, and names the selectors that reach no series, which makes the files fail.
     *
     * @throws QueryException when the source does not answer
     */
    public static int run(List<Path> files, Options options, Against against, PrintStream out) throws QueryException {
        int code = OK;
        List<Loaded> all = load(files, options);
        Set<String> recorded = new HashSet<>();
        all.forEach(loaded -> loaded.rules(rule -> {
            if (rule instanceof Rule.Recording) {
                recorded.add(rule.name());
            }
        }));
        RuleReach reach = new RuleReach(against.source(), against.at(), against.window(), recorded);
        for (Loaded loaded : all) {
            code = worse(code, loaded.print(options.lint(), out));
            code = worse(code, loaded.reach(reach, out));
            out.println();
        }
        return code;
    }

    private static List<Loaded> load(List<Path> files, Options options) {
        RuleFileLoader strict = new RuleFileLoader(
                new EngineQueries(new QueryEngine((matchers, from, to) -> List.of(), EngineOptions.defaults())));
        RuleFileLoader loader = options.ignoreUnknownFields() ? strict.ignoringUnknownFields() : strict;
        List<Loaded> all = new ArrayList<>();
        for (Path file : files.isEmpty() ? List.of(STANDARD_INPUT) : files) {
            boolean standardInput = file.equals(STANDARD_INPUT);
            String name = standardInput ? "standard input" : file.toString();
            try {
                RuleFile content = standardInput ? loader.read(name, options.in()) : loader.load(file);
                all.add(new Loaded(name, content, List.of()));
            } catch (RuleFileException e) {
                all.add(new Loaded(name, null, e.faults()));
            }
        }
        return all;
    }

    /** @param content null when there are faults */
    private record Loaded(String file, @Nullable RuleFile content, List<RuleFault> faults) {
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
