package io.emberwatch.launcher;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.log.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The only {@code main}. Exit codes: 0 done, 1 the check or run failed, 2 usage or configuration, 3 something required is
 * missing.
 */
@Command(
        name = "emberwatch",
        description = {
            "Turns sensors, hosts and etcd clusters into Prometheus metrics, evaluates Prometheus rules, scores health hour"
                    + " by hour, and gets every alert to a person.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  emberwatch up                                   everything on this machine, page at http://127.0.0.1:9600/",
            "  emberwatch up --etcd http://10.0.0.1:2379       and an etcd cluster watched",
            "  emberwatch exporter --once                      one metrics page, then exit",
            "  emberwatch query 'rate(sensor_ticks_total[1m])'",
            "  emberwatch check --config emberwatch.yml",
        },
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
public final class Emberwatch implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            UpCommand.class,
            ExporterCommand.class,
            RulesCommand.class,
            QueryCommand.class,
            ScorerCommand.class,
            HeatmapCommand.class,
            BridgeCommand.class,
            PushCommand.class,
            SilenceCommand.class,
            SensorCommand.class,
            DoctorCommand.class,
            CheckCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class);

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int MISSING = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            scope = ScopeType.INHERIT,
            description = "error, warn, info or debug; log lines go to standard error")
    private String logLevel = "info";

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        OptionalInt code = QuickStart.run(arguments);
        return code.isPresent() ? code.getAsInt() : commandLine(arguments).execute(arguments);
    }

    /** The command line with every command. */
    static CommandLine commandLine() {
        return commandLine(new String[0]);
    }

    // To describe every command takes longer than to start some: when the first word names one, it alone is described.
    private static CommandLine commandLine(String[] arguments) {
        Emberwatch root = new Emberwatch();
        CommandLine commands = new CommandLine(root, Emberwatch::make);
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> arguments.length > 0 && nameOf(command).equals(arguments[0]))
                .filter(command -> command.getPackage() == Emberwatch.class.getPackage()) // the library's own know all
                .toList();
        (named.isEmpty() ? COMMANDS : named).forEach(commands::addSubcommand);
        commands.setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedSubcommandsAllowed(false)
                .setExecutionStrategy(parsed -> {
                    try {
                        Logging.configure(root.logLevel);
                    } catch (IllegalArgumentException e) {
                        throw new ParameterException(
                                parsed.commandSpec().commandLine(), "--log-level " + e.getMessage());
                    }
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setParameterExceptionHandler(Emberwatch::pointToHelp)
                .setExecutionExceptionHandler(Emberwatch::explain);
        Conversions.register(commands);
        return commands;
    }

    private static String nameOf(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    // The library's own factory looks for Groovy first, and a class that is not there is looked for in every library.
    private static <T> T make(Class<T> type) throws Exception {
        if (type.isInterface()) {
            return CommandLine.defaultFactory().create(type);
        }
        Constructor<T> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static int pointToHelp(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + problem.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(problem, err);
        err.println("see " + name + " --help");
        return USAGE;
    }

    private static int explain(Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (problem instanceof ConfigException || problem instanceof NoSuchFileException) {
            err.println(problem.getMessage());
            return USAGE;
        }
        if (problem instanceof MissingException) {
            err.println("emberwatch: " + problem.getMessage());
            return MISSING;
        }
        if (problem instanceof IOException || problem instanceof IllegalArgumentException) {
            err.println("emberwatch: " + (problem.getMessage() == null ? problem : problem.getMessage()));
            return FAILED;
        }
        err.println("emberwatch: unexpected " + problem + "; please report this with the lines below");
        Arrays.stream(problem.getStackTrace()).limit(20).forEach(frame -> err.println("  at " + frame));
        return FAILED;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
