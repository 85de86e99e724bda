package io.emberwatch.launcher;

import io.emberwatch.rules.RulesService;
import io.emberwatch.rules.conformance.Conformance;
import io.emberwatch.rules.ruletest.RuleCheck;
import io.emberwatch.rules.ruletest.RuleTest;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.ServiceServer;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "rules",
        description = "Evaluates, checks and tests Prometheus rules.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
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
        throw new ParameterException(spec.commandLine(), "run, check, test or conformance?");
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
        ServiceServer server = new ServiceServer(List.of(rules));
        server.start(options.listenOr(PORT), options.web());
        Running.untilStopped(server, scheduler);
        return Emberwatch.OK;
    }

    @Command(
            name = "check",
            description = "Checks rule files and names every fault with its place.",
            footer = {"", "Examples:", "  emberwatch rules check prometheus/rules/*.yml"},
            mixinStandardHelpOptions = true)
    int check(@Parameters(paramLabel = "FILE", arity = "1..*", description = "rule files") List<Path> files) {
        return RuleCheck.run(files, System.out);
    }

    @Command(
            name = "test",
            description = "Runs unit tests of rules in promtool's format.",
            footer = {"", "Examples:", "  emberwatch rules test prometheus/tests/*.yml"},
            mixinStandardHelpOptions = true)
    int test(@Parameters(paramLabel = "FILE", arity = "1..*", description = "test files") List<Path> files)
            throws IOException {
        return RuleTest.run(files, System.out);
    }

    @Command(
            name = "conformance",
            description = "Runs promqltest scripts and prints passed, failed and skipped cases per file.",
            footer = {"", "Examples:", "  emberwatch rules conformance literals.test"},
            mixinStandardHelpOptions = true)
    int conformance(@Parameters(paramLabel = "FILE", arity = "1..*", description = "scripts") List<Path> files) {
        return Conformance.run(files, System.out);
    }
}
