package io.emberwatch.launcher;

import io.emberwatch.rules.conformance.Conformance;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "rules",
        description = "Evaluates, checks and tests Prometheus rules.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Examples:", "  emberwatch rules conformance literals.test aggregators.test"})
final class RulesCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "run, check, test, eval or conformance?");
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
