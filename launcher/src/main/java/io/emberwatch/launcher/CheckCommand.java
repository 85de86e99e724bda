package io.emberwatch.launcher;

import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description =
                "Checks a configuration file and names every fault with its place; exit code 2 when there is one.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Examples:", "  emberwatch check --config emberwatch.yml"})
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "F", required = true, description = "the file")
    @SuppressWarnings("NullAway.Init") // required
    private Path config;

    @Override
    public Integer call() throws IOException {
        try {
            List<String> models =
                    ScorerModels.problems(EmberwatchConfig.read(config).scorer());
            if (!models.isEmpty()) {
                models.forEach(spec.commandLine().getErr()::println);
                return Emberwatch.USAGE;
            }
            spec.commandLine().getOut().println(config + ": ok");
            return Emberwatch.OK;
        } catch (ConfigException e) {
            spec.commandLine().getErr().println(e.getMessage());
            int faults = e.problems().size();
            spec.commandLine().getErr().println(config + ": " + faults + (faults == 1 ? " fault" : " faults"));
            return Emberwatch.USAGE;
        }
    }
}
