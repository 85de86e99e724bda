package io.emberwatch.launcher;

import io.emberwatch.bridge.BridgeCommands;
import io.emberwatch.bridge.BridgeConfig;
import io.emberwatch.bridge.BridgeService;
import io.emberwatch.console.ConsoleService;
import io.emberwatch.model.Labels;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bridge",
        description = {
            "Takes Alertmanager's webhooks and delivers them to Mattermost and mail; by default at 127.0.0.1:9603.",
            "What it has answered with 200 is on disk and is delivered, whatever happens in between.",
            "Its page of notifications is at / of the same address."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch bridge --config emberwatch.yml",
            "  emberwatch bridge send-test --config emberwatch.yml --channel ops",
            "  emberwatch bridge dead-letters --config emberwatch.yml",
        })
final class BridgeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public Integer call() throws IOException, ConfigException {
        EmberwatchConfig all = EmberwatchConfig.read(options.config);
        BridgeConfig config = all.bridge();
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        Path outbox = config.outbox().directory();
        if (outbox == null) {
            DataDirectory.requireWritable(options.data, "--data");
        } else {
            DataDirectory.requireWritable(outbox, "bridge.outbox.directory");
        }
        ServiceContext context = options.context(scheduler);
        return options.serve(
                List.of(
                        new BridgeService(config, context, this::reread),
                        ConsoleService.ofNotifications(
                                all.console(), context.home().resolve("docs/runbooks"))),
                options.listenOr(config.listen()),
                scheduler);
    }

    private BridgeConfig reread() throws IOException {
        try {
            return EmberwatchConfig.read(options.config).bridge();
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What one command does with the configured bridge. */
    private interface Action {
        int run(BridgeConfig config, ServiceContext context) throws IOException;
    }

    private static int with(FileOptions options, Action action) throws IOException, ConfigException {
        BridgeConfig config = EmberwatchConfig.read(options.config).bridge();
        try (ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system())) {
            return action.run(config, options.context(scheduler));
        }
    }

    @Command(
            name = "check",
            aliases = "check-config",
            description = "Says what the bridge's configuration does; templates are tried, routes listed.",
            footer = {
                "",
                "Examples:",
                "  emberwatch bridge check --config emberwatch.yml",
                "  emberwatch bridge check-config --config emberwatch.yml",
            },
            mixinStandardHelpOptions = true)
    int check(@Mixin FileOptions check) throws IOException, ConfigException {
        return with(check, (config, context) -> BridgeCommands.check(config, System.out));
    }

    @Command(
            name = "send-test",
            description = "Sends a test alert that fires and its resolution.",
            footer = {"", "Examples:", "  emberwatch bridge send-test --config emberwatch.yml --channel ops"},
            mixinStandardHelpOptions = true)
    int sendTest(
            @Mixin FileOptions test,
            @Option(names = "--channel", paramLabel = "NAME", description = "one channel; default all") @Nullable
                    String channel)
            throws IOException, ConfigException {
        return with(test, (config, context) -> BridgeCommands.sendTest(config, context, channel, System.out));
    }

    @Command(
            name = "render",
            description = {
                "Shows what a webhook body would be sent as, without sending it: one of a file,",
                "or one that was received earlier."
            },
            footer = {
                "",
                "Examples:",
                "  emberwatch bridge render --config emberwatch.yml body.json",
                "  emberwatch bridge render --config emberwatch.yml --data data --stored 17 --channel ops",
            },
            mixinStandardHelpOptions = true)
    int render(
            @Mixin FileOptions render,
            @Parameters(paramLabel = "F", arity = "0..1", description = "a file with the body, or - for standard input")
                    @Nullable
                    String file,
            @Option(
                            names = "--stored",
                            paramLabel = "ID",
                            description = "the number of a notification that was received")
                    @Nullable
                    Long stored,
            @Option(names = "--channel", paramLabel = "NAME", description = "one channel; default as routed") @Nullable
                    String channel)
            throws IOException, ConfigException {
        if (file == null && stored != null) {
            return with(
                    render,
                    (config, context) -> BridgeCommands.renderStored(config, context, stored, channel, System.out));
        }
        if (file == null || stored != null) {
            throw new ParameterException(spec.commandLine(), "give a file or --stored ID");
        }
        byte[] payload = file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        return with(render, (config, context) -> BridgeCommands.render(config, context, payload, channel, System.out));
    }

    @Command(
            name = "route",
            description = "Says which channels an alert with these labels would go to, one a line.",
            footer = {
                "",
                "Examples:",
                "  emberwatch bridge route --config emberwatch.yml --receiver emberwatch severity=critical team=db",
            },
            mixinStandardHelpOptions = true)
    int route(
            @Mixin FileOptions route,
            @Option(
                            names = "--receiver",
                            paramLabel = "NAME",
                            defaultValue = "",
                            description = "Alertmanager's receiver, or the end of the webhook's path")
                    String receiver,
            @Parameters(paramLabel = "LABEL", arity = "0..*", description = "name=value") @Nullable List<String> labels)
            throws IOException, ConfigException {
        Labels.Builder given = Labels.builder();
        for (String label : labels == null ? List.<String>of() : labels) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                throw new ParameterException(spec.commandLine(), label + ": expected name=value");
            }
            given.set(label.substring(0, equals), label.substring(equals + 1));
        }
        return with(route, (config, context) -> BridgeCommands.route(config, receiver, given.build(), System.out));
    }

    @Command(
            name = "dead-letters",
            aliases = "dlq",
            description = {
                "Lists the notifications that were given up, with the reason;",
                "with a number, prints what was received, as it came."
            },
            footer = {
                "",
                "Examples:",
                "  emberwatch bridge dead-letters --config emberwatch.yml --data data",
                "  emberwatch bridge dlq --config emberwatch.yml --data data --all",
                "  emberwatch bridge dlq --config emberwatch.yml --data data 17",
            },
            mixinStandardHelpOptions = true)
    int deadLetters(
            @Mixin FileOptions letters,
            @Option(names = "--all", description = "those that were sent again too") boolean all,
            @Parameters(paramLabel = "ID", arity = "0..1", description = "the number of one") @Nullable Long id)
            throws IOException, ConfigException {
        if (id != null) {
            return with(letters, (config, context) -> BridgeCommands.deadLetter(config, context, id, System.out));
        }
        return with(letters, (config, context) -> BridgeCommands.deadLetters(config, context, all, System.out));
    }

    @Command(
            name = "replay",
            description = "Queues dead letters again.",
            footer = {"", "Examples:", "  emberwatch bridge replay --config emberwatch.yml 17"},
            mixinStandardHelpOptions = true)
    int replay(
            @Mixin FileOptions replay,
            @Parameters(paramLabel = "ID", arity = "0..*", description = "their numbers; default all") List<Long> ids)
            throws IOException, ConfigException {
        List<Long> wanted = ids == null ? List.of() : ids;
        return with(replay, (config, context) -> BridgeCommands.replay(config, context, wanted, System.out));
    }

    @Command(
            name = "discard",
            description = "Takes dead letters from the list for good; the history keeps what they were about.",
            footer = {
                "",
                "Examples:",
                "  emberwatch bridge discard --config emberwatch.yml 17 18",
                "  emberwatch bridge discard --config emberwatch.yml --all",
            },
            mixinStandardHelpOptions = true)
    int discard(
            @Mixin FileOptions discard,
            @Option(names = "--all", description = "all that there are") boolean all,
            @Parameters(paramLabel = "ID", arity = "0..*", description = "their numbers") @Nullable List<Long> ids)
            throws IOException, ConfigException {
        if (all == (ids != null && !ids.isEmpty())) {
            throw new ParameterException(spec.commandLine(), "give numbers, or --all");
        }
        List<Long> wanted = ids == null ? List.of() : ids;
        return with(discard, (config, context) -> BridgeCommands.discard(config, context, wanted, System.out));
    }
}
