package io.emberwatch.launcher;

import io.emberwatch.bridge.BridgeService;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.push.Migration;
import io.emberwatch.push.PushConfig;
import io.emberwatch.push.PushService;
import io.emberwatch.push.demo.PushDemo;
import io.emberwatch.rules.RulesService;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "push",
        description = "The high-rate path through Kafka; by default its metrics are at 127.0.0.1:9605.",
        subcommands = {PushSendCommand.class, PushStorageCommand.class},
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch push demo --duration 30s",
            "  emberwatch push router --config emberwatch.yml",
        })
final class PushCommand implements Runnable {
    private static final int PORT = 9605;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "router, aggregator, onoff, influx, remote-write, alarms, notify, all, migrate, storage, send or demo?");
    }

    @Command(
            name = "router",
            description = "Filters lines of a topic and sends them on to others.",
            footer = {"", "Examples:", "  emberwatch push router --config emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int router(@Mixin ServiceOptions options) throws IOException, ConfigException {
        return serve(options, "router");
    }

    @Command(
            name = "aggregator",
            description = "Average, sum, minimum, maximum and more over windows of event time.",
            footer = {"", "Examples:", "  emberwatch push aggregator --config emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int aggregator(@Mixin ServiceOptions options) throws IOException, ConfigException {
        return serve(options, "aggregator");
    }

    @Command(
            name = "onoff",
            description = "Sends on what has changed, and everything once in a while.",
            footer = {"", "Examples:", "  emberwatch push onoff --config emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int onoff(@Mixin ServiceOptions options) throws IOException, ConfigException {
        return serve(options, "onoff");
    }

    @Command(
            name = "influx",
            description = "Writes lines of a topic into InfluxDB.",
            footer = {"", "Examples:", "  emberwatch push influx --config emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int influx(@Mixin ServiceOptions options) throws IOException, ConfigException {
        return serve(options, "influx");
    }

    @Command(
            name = "notify",
            description = {
                "Delivers the messages of notification topics to chat and mail, through the bridge's channels.",
                "A message that was taken is on disk together with its place in the topic, and is delivered once."
            },
            footer = {"", "Examples:", "  emberwatch push notify --config emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int deliver(@Mixin ServiceOptions options) throws IOException, ConfigException {
        return serve(options, "notifications");
    }

    @Command(
            name = "remote-write",
            description = "Writes lines of a topic as samples to a server that takes Prometheus' remote write.",
            footer = {"", "Examples:", "  emberwatch push remote-write --config emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int remoteWrite(@Mixin ServiceOptions options) throws IOException, ConfigException {
        return serve(options, "remote_write");
    }

    @Command(
            name = "alarms",
            description = {
                "Evaluates the alerting rules on the lines of a topic, with a rule engine of its own, and writes alerts to",
                "notification topics, and to Alertmanagers if rules.alertmanagers names some."
            },
            footer = {"", "Examples:", "  emberwatch push alarms --config emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int alarms(@Mixin ServiceOptions options) throws IOException, ConfigException {
        return serve(options, "alarms");
    }

    @Command(
            name = "all",
            description = {
                "Every component that is configured, with a rule engine for alarms and the bridge's channels for notifications."
            },
            footer = {"", "Examples:", "  emberwatch push all --config emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int all(@Mixin ServiceOptions all) throws IOException, ConfigException {
        return serve(all, null);
    }

    @Command(
            name = "migrate",
            description = {
                "Makes one configuration of the YAML files of the O2 project's Kafka components (Router, Aggregator, OnOff,",
                "InfluxdbUdpConsumer, MattermostConsumer, EmailConsumer) and prints it, passwords included."
            },
            footer = {"", "Examples:", "  emberwatch push migrate router.yaml aggregator.yaml > emberwatch.yml"},
            mixinStandardHelpOptions = true)
    int migrate(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "one for each component") List<Path> files)
            throws IOException, ConfigException {
        for (Path file : files) {
            EmberwatchConfig.requireFile(file);
        }
        spec.commandLine().getOut().print(Migration.of(files));
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** @param component its key; all that are configured when null */
    private int serve(ServiceOptions options, @Nullable String component) throws IOException, ConfigException {
        EmberwatchConfig config = EmberwatchConfig.read(options.config);
        PushConfig push = component == null ? config.push() : config.push().only(component);
        if (push.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "nothing is configured under push; give --config with a file that does");
        }
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        DataDirectory.requireWritable(options.data, "--data");
        ServiceContext context = options.context(scheduler);
        List<Service> services = new ArrayList<>();
        BridgeTopics delivery = null;
        if (push.notifications() != null) {
            BridgeService bridge = new BridgeService(config.bridge(), context);
            services.add(bridge);
            delivery = new BridgeTopics(bridge);
        }
        if (push.alarms() == null) {
            services.add(new PushService(push, context, delivery));
        } else {
            RulesService rules = new RulesService(config.rules(), context, alerts -> {}, null);
            services.add(rules);
            PushService service = new PushService(push, context, delivery, rules.sampleSink());
            services.add(service);
            AlertSink topics = service.alarmSink();
            if (topics != null) {
                rules.alsoSendTo(topics);
            }
        }
        return options.serve(services, options.listenOr(PORT), scheduler);
    }

    @Command(
            name = "demo",
            description = {
                "Starts a real Kafka broker in the data directory, the push path and a load of 1,000 simulated sources,",
                "shows the rate every second and ends with what was sustained."
            },
            footer = {"", "Examples:", "  emberwatch push demo --duration 30s"},
            mixinStandardHelpOptions = true)
    int demo(
            @Option(names = "--data", paramLabel = "DIR", defaultValue = "data", description = "default data")
                    Path data,
            @Option(names = "--duration", paramLabel = "D", defaultValue = "30s", description = "default 30s")
                    Duration duration)
            throws IOException {
        return PushDemo.run(data.toAbsolutePath(), duration, System.out);
    }
}
