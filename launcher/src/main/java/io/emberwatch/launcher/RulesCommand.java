package io.emberwatch.launcher;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.RulesService;
import io.emberwatch.rules.conformance.Conformance;
import io.emberwatch.rules.ruletest.RuleCheck;
import io.emberwatch.rules.ruletest.RuleTest;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "rules",
        description = "Evaluates, checks and tests Prometheus rules.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {RulesBacktestCommand.class, RulesEvalCommand.class},
        footer = {
            "",
            "Examples:",
            "  emberwatch rules check prometheus/rules/*.yml",
            "  emberwatch rules test prometheus/tests/*.yml",
            "  emberwatch rules run --config emberwatch.yml",
        })
final class RulesCommand implements Runnable {
    private static final Logger logger = LoggerFactory.getLogger("rules");
    private static final int PORT = 9604;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "run, check, test, backtest, eval or conformance?");
    }

    @Command(
            name = "run",
            description = {
                "Scrapes, stores, evaluates and sends alerts; by default at 127.0.0.1:9604.",
                "rules.prometheus_config in the configuration names the prometheus.yml to follow."
            },
            footer = {"", "Examples:", "  emberwatch rules run --config emberwatch.yml --listen :9604"},
            mixinStandardHelpOptions = true)
    int serve(@Mixin ServiceOptions options) throws IOException, ConfigException {
        EmberwatchConfig config = EmberwatchConfig.read(options.config);
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        RulesService rules = new RulesService(
                config.rules(),
                options.context(scheduler),
                alerts -> logger.atDebug().log("{} alerts go nowhere: no Alertmanager is configured", alerts.size()),
                null);
        return options.serve(rules, options.listenOr(PORT), scheduler);
    }

    @Command(
            name = "check",
            description = {
                "Checks rule files, or standard input, and names every fault with its place.",
                "Returns 0 when all can be used, 1 when not, 3 when a rule is there twice and --lint-fatal is given.",
                "With --against, also the selectors that find no series there: rules that can never give anything."
            },
            footer = {
                "",
                "Examples:",
                "  emberwatch rules check prometheus/rules/*.yml",
                "  emberwatch rules check --lint-fatal --ignore-unknown-fields rules.yml",
                "  kubectl get configmap rules -o jsonpath='{.data.rules\\.yml}' | emberwatch rules check -",
                "  emberwatch rules check --against http://prometheus:9090 rules.yml",
                "  emberwatch rules check --against data --window 6h rules.yml",
            },
            mixinStandardHelpOptions = true)
    int check(
            @Parameters(paramLabel = "FILE", arity = "0..*", description = "rule files; - or none for standard input")
                    @Nullable
                    List<Path> files,
            @Option(
                            names = "--against",
                            paramLabel = "URL|DIR",
                            description = "a Prometheus-compatible API, or the data directory of up or rules run")
                    @Nullable
                    String against,
            @Option(
                            names = "--window",
                            paramLabel = "D",
                            defaultValue = "1h",
                            description = "how long ago a series may have been seen; default 1h")
                    Duration window,
            @Option(
                            names = "--lint",
                            paramLabel = "CHECKS",
                            defaultValue = "duplicate-rules",
                            split = ",",
                            description = "all, duplicate-rules or none; default duplicate-rules")
                    List<String> lints,
            @Option(names = "--lint-fatal", description = "return 3 when a rule is there twice") boolean fatal,
            @Option(names = "--ignore-unknown-fields", description = "pass over fields that rule files do not have")
                    boolean ignoreUnknownFields)
            throws IOException {
        List<Path> wanted = files == null ? List.of() : files;
        RuleCheck.Options options = new RuleCheck.Options(lint(lints, fatal), ignoreUnknownFields, System.in);
        if (against == null) {
            return RuleCheck.run(wanted, options, System.out);
        }
        Instant now = InstantSource.system().instant();
        try {
            return HistoryOptions.of(against)
                    .asking(source ->
                            RuleCheck.run(wanted, options, new RuleCheck.Against(source, now, window), System.out));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.subcommands().get("check"), String.valueOf(e.getMessage()));
        } catch (QueryException e) {
            spec.commandLine().getErr().println("emberwatch: " + e.getMessage());
            return Emberwatch.FAILED;
        }
    }

    private RuleCheck.Lint lint(List<String> lints, boolean fatal) {
        for (String lint : lints) {
            if (!List.of("all", "duplicate-rules", "none").contains(lint)) {
                throw new ParameterException(
                        spec.subcommands().get("check"), "--lint is all, duplicate-rules or none, not " + lint);
            }
        }
        if (lints.contains("none")) {
            return RuleCheck.Lint.NONE;
        }
        return fatal ? RuleCheck.Lint.FATAL : RuleCheck.Lint.SHOWN;
    }

    @Command(
            name = "test",
            description = {
                "Runs unit tests of rules in promtool's format.",
                "Returns 0 when all passed, 1 when one failed or a file cannot be used."
            },
            footer = {
                "",
                "Examples:",
                "  emberwatch rules test prometheus/tests/*.yml",
                "  emberwatch rules test --coverage --junit report.xml --run '^etcd' prometheus/tests/*.yml",
                "  emberwatch rules test --ignore-unknown-fields tests.yml",
            },
            mixinStandardHelpOptions = true)
    int test(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "test files") List<Path> files,
            @Option(names = "--run", paramLabel = "REGEX", description = "only the tests whose name it finds itself in")
                    @Nullable
                    String run,
            @Option(names = "--junit", paramLabel = "F", description = "write a report as JUnit XML") @Nullable
                    Path junit,
            @Option(names = "--coverage", description = "list the rules that no test made give anything")
                    boolean coverage,
            @Option(
                            names = "--diff",
                            description =
                                    "show how what came differs from what was expected; always on, as for promtool")
                    boolean diff,
            @Option(names = "--ignore-unknown-fields", description = "pass over fields that rule files do not have")
                    boolean ignoreUnknownFields)
            throws IOException {
        try {
            Pattern pattern = run == null ? null : Pattern.compile(run);
            RuleTest.Options options = new RuleTest.Options(pattern, junit, coverage, ignoreUnknownFields);
            return RuleTest.run(files, System.out, options);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(spec.subcommands().get("test"), "--run: " + e.getMessage());
        }
    }

    @Command(
            name = "conformance",
            description = "Runs promqltest scripts and prints passed, failed and skipped cases per file.",
            footer = {
                "",
                "Examples:",
                "  emberwatch rules conformance literals.test",
                "  emberwatch rules conformance --experimental limit.test",
            },
            mixinStandardHelpOptions = true)
    int conformance(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "scripts") List<Path> files,
            @Option(
                            names = "--experimental",
                            description =
                                    "also run what Prometheus has behind feature flags, as far as it is known here")
                    boolean experimental) {
        return Conformance.run(files, System.out, experimental);
    }
}
