package io.emberwatch.launcher;

import io.emberwatch.push.influx.HttpConfig;
import io.emberwatch.push.influx.Storage;
import io.emberwatch.push.influx.StorageConfig;
import io.emberwatch.push.kafka.InfluxConfig;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "storage",
        description = {
            "Sets up the databases of InfluxDB 1.x that push.influx names, as push.influx.storage says: retention policies",
            "and the continuous query between them. Shows every statement, and does nothing where all is as it should be."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch push storage --config emberwatch.yml",
            "  emberwatch push storage --config emberwatch.yml --check   # changes nothing; 1 when something is missing",
        })
final class PushStorageCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "the configuration")
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private Path file;

    @Option(names = "--check", description = "only say what is missing")
    private boolean check;

    @Override
    public Integer call() throws IOException, ConfigException {
        EmberwatchConfig.requireFile(file);
        InfluxConfig influx = EmberwatchConfig.read(file).push().influx();
        StorageConfig storage = influx == null ? null : influx.storage();
        if (influx == null || storage == null) {
            throw new ParameterException(spec.commandLine(), "push.influx.storage is not configured in " + file);
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean missing = false;
        for (Map.Entry<String, InfluxConfig> instance : influx.each().entrySet()) {
            HttpConfig http = instance.getValue().http();
            if (http == null || http.database() == null) {
                out.printf("%s: left alone, it is no database of InfluxDB 1.x over HTTP%n", instance.getKey());
                continue;
            }
            Storage database = new Storage(http, storage);
            List<String> statements = database.missing();
            out.printf(
                    "%s, database %s: %s%n",
                    http.url(),
                    http.database(),
                    statements.isEmpty() ? "is as configured" : check ? "needs" : "setting up");
            for (String statement : statements) {
                out.println("  " + statement);
                out.flush();
                if (!check) {
                    database.run(statement);
                }
            }
            missing |= !statements.isEmpty();
        }
        out.flush();
        return check && missing ? 1 : 0;
    }
}
