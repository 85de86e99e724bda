package io.emberwatch.launcher;

import io.emberwatch.exporter.ExporterConfig;
import io.emberwatch.exporter.ExporterService;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.push.CollectorService;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "exporter",
        description = {
            "Shows on /metrics what it measures, reads or is sent; by default at 127.0.0.1:9601.",
            "",
            "Without a file: this host under node_exporter's names and a simulated sensor. The file's section"
                    + " @|bold exporter|@ adds sensors, etcd, textfiles, listeners for line protocol, StatsD and Graphite, logs,"
                    + " programs and scripts, JSON over HTTP, nginx, uWSGI, memcached, RabbitMQ, PostgreSQL, Kafka, JMX, groups"
                    + " of processes, probes from outside, and targets that samples are pushed to.",
            "",
            "Paths: /metrics with collect[]= and exclude[]=; /probe with module= and target=, or script=;"
                    + " /exporter/explain; /-/healthy, /-/ready, POST /-/reload (or SIGHUP). Exit codes: 0 good, 1 failed,"
                    + " 2 a fault in options or configuration."
        },
        subcommands = ExporterExplainCommand.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch exporter --once",
            "  emberwatch exporter --check-config --config emberwatch.yml",
            "  emberwatch exporter --config emberwatch.yml --listen :9601 --web.config.file web.config.yml",
            "  emberwatch exporter explain 'node_load1'",
            "  curl '127.0.0.1:9601/metrics?collect[]=cpu&collect[]=meminfo'",
            "  curl '127.0.0.1:9601/probe?module=http_2xx&target=https://example.org/'",
            "",
            "Every key of the file: docs/exporter.md.",
        })
final class ExporterCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(
            names = "--once",
            description = "print one page of everything and exit; sensors are given time to say something")
    private boolean once;

    @Option(
            names = "--check-config",
            description = "check the configuration and --web-config, name every fault with its place, and exit")
    private boolean checkConfig;

    @Option(names = "--rehearse", hidden = true, description = "serve, scrape itself and exit")
    private boolean rehearse;

    @Override
    public Integer call() throws IOException, ConfigException {
        if (checkConfig) {
            return check();
        }
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        EmberwatchConfig whole = EmberwatchConfig.read(options.config);
        ExporterConfig config = whole.exporter();
        CollectorService collector =
                once || rehearse ? null : CollectorService.of(whole.push(), options.context(scheduler));
        List<SampleSource> others = new ArrayList<>(KafkaStatus.sources(config.services()));
        if (collector != null) {
            others.add(new Shown(collector));
        }
        ExporterService exporter = new ExporterService(
                        config, options.context(scheduler), others, Home.simulatedSensor(), true)
                .rereading(() -> EmberwatchConfig.read(options.config).exporter());
        if (once) {
            spec.commandLine().getOut().print(exporter.once(TextFormat.PROMETHEUS_0_0_4));
            spec.commandLine().getOut().flush();
            scheduler.close();
            return Emberwatch.OK;
        }
        if (rehearse) {
            Rehearsal.of(exporter);
            scheduler.close();
            return Emberwatch.OK;
        }
        if (collector != null) {
            DataDirectory.requireWritableUnlessFull(options.data, "--data");
            join(collector, exporter);
            return options.serve(List.of(collector, exporter), options.listenOr(config.listen()), scheduler);
        }
        return options.serve(exporter, options.listenOr(config.listen()), scheduler);
    }

    /** Lines that the exporter receives go to Kafka, and its own pushes may be sent there by the name {@code kafka}. */
    static void join(CollectorService collector, ExporterService exporter) {
        exporter.forwardLines(collector);
        exporter.lineTargets().put("kafka", collector::send);
    }

    // Every part is made, so that what only its constructor can tell is told too, and none is begun.
    private int check() throws IOException, ConfigException {
        ExporterConfig config = EmberwatchConfig.read(options.config).exporter();
        options.web();
        try (ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system())) {
            new ExporterService(
                            config,
                            options.context(scheduler),
                            KafkaStatus.sources(config.services()),
                            Home.simulatedSensor(),
                            true)
                    .stop();
        } catch (IllegalArgumentException e) {
            spec.commandLine()
                    .getErr()
                    .println((options.config == null ? "defaults" : options.config) + ": " + e.getMessage());
            return Emberwatch.USAGE;
        }
        spec.commandLine().getOut().println((options.config == null ? "defaults" : options.config) + ": ok");
        return Emberwatch.OK;
    }
}
