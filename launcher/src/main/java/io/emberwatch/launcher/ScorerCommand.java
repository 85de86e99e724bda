package io.emberwatch.launcher;

import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.scorer.Hindsight;
import io.emberwatch.scorer.PastForecasts;
import io.emberwatch.scorer.ScorerConfig;
import io.emberwatch.scorer.ScorerConfigs;
import io.emberwatch.scorer.ScorerService;
import io.emberwatch.scorer.Tuning;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.emberwatch.service.promapi.PrometheusClient;
import io.emberwatch.service.promapi.PrometheusClientConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "scorer",
        description = {
            "Scores the health of etcd members and clusters from a Prometheus-compatible API; by default at 127.0.0.1:9602.",
            "--config also takes the config.conf of the etcd heatmap of 2022."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  emberwatch scorer --prometheus http://127.0.0.1:9090 --once",
            "  emberwatch scorer --prometheus http://a:9090 --prometheus http://b:9090 --model etcd,host",
            "  emberwatch scorer --config config.conf --textfile /var/lib/prometheus/node-exporter/heat.prom --loop 15s",
        })
final class ScorerCommand implements Callable<Integer> {
    private static final int PORT = 9602;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli
    private CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(
            names = "--prometheus",
            paramLabel = "URL",
            description = "where to read from, may be given more than once; default http://127.0.0.1:9090")
    private List<URI> prometheus = List.of();

    @Option(names = "--model", paramLabel = "NAME|F", description = "etcd, etcd-seed, or a file that holds a model")
    private @Nullable String model;

    @Option(names = "--once", description = "score once, print the result as exposition text and exit")
    private boolean once;

    @Option(names = "--textfile", paramLabel = "F", description = "keep a .prom file up to date")
    private @Nullable Path textfile;

    @Option(names = "--loop", paramLabel = "D", description = "time between two scores; default 15s")
    private @Nullable Duration loop;

    @Option(
            names = "--weight",
            paramLabel = "NAME=W",
            description = "a weight in place of the model's own, may be given more than once")
    private Map<String, Double> weights = Map.of();

    @Override
    public Integer call() throws IOException, ConfigException {
        ScorerConfig config = config();
        QuerySource source = ScorerConfigs.source(config);
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        ScorerService scorer = new ScorerService(config, options.context(scheduler), source);
        if (!once) {
            return options.serve(scorer, options.listenOr(PORT), scheduler);
        }
        try {
            String page = ExpositionWriter.toText(scorer.once(), TextFormat.PROMETHEUS_0_0_4);
            spec.commandLine().getOut().print(page);
            spec.commandLine().getOut().flush();
        } finally {
            scheduler.close();
        }
        List<String> troubles = scorer.troubles();
        troubles.forEach(trouble -> spec.commandLine().getErr().println("emberwatch: " + trouble));
        return troubles.isEmpty() ? Emberwatch.OK : Emberwatch.FAILED;
    }

    @Command(
            name = "explain",
            description = "Tells what the scores were at a time and what they were made of.",
            footer = {
                "",
                "Examples:",
                "  emberwatch scorer explain --prometheus http://127.0.0.1:9090 --at 2026-03-01T02:10:00Z",
                "  emberwatch scorer explain --at 15m --weight wal_fsync=0.3 --model etcd",
            },
            mixinStandardHelpOptions = true)
    int explain(
            @Mixin Reading reading,
            @Option(
                            names = "--at",
                            paramLabel = "T",
                            description = "when: Unix seconds, RFC 3339, or a duration ago; default now")
                    @Nullable
                    Moment at)
            throws IOException, ConfigException {
        Instant now = InstantSource.system().instant();
        spec.commandLine().getOut().print(reading.hindsight().explain(at == null ? now : at.at(now)));
        spec.commandLine().getOut().flush();
        return Emberwatch.OK;
    }

    @Command(
            name = "replay",
            description = "Tells what the cluster scores were over a time, as CSV: what-if for models and weights.",
            footer = {
                "",
                "Examples:",
                "  emberwatch scorer replay --start 6h --step 1m --weight leader_changes=0.3",
            },
            mixinStandardHelpOptions = true)
    int replay(
            @Mixin Reading reading,
            @Option(names = "--start", paramLabel = "T", required = true, description = "begin, as --at of explain")
                    Moment start,
            @Option(names = "--end", paramLabel = "T", description = "end; default now") @Nullable Moment end,
            @Option(
                            names = "--step",
                            paramLabel = "D",
                            description = "between two scores; default ${DEFAULT-VALUE}",
                            defaultValue = "1m")
                    Duration step)
            throws IOException, ConfigException {
        Instant now = InstantSource.system().instant();
        PrintWriter out = spec.commandLine().getOut();
        out.println(Hindsight.CSV_HEAD);
        reading.hindsight().replay(start.at(now), end == null ? now : end.at(now), step, out::println);
        out.flush();
        return Emberwatch.OK;
    }

    @Command(
            name = "tune",
            description = {
                "Looks for weights that tell your own faults from harmless states better than the model's, from a CSV file",
                "with the columns start, end, name and kind (fault or harmless), and judges them on what they were not made",
                "from. Prints weights for scorer.weights only when they deserve it; changes nothing."
            },
            footer = {
                "",
                "Examples:",
                "  emberwatch scorer tune --prometheus http://127.0.0.1:9090 --labels outages.csv",
            },
            mixinStandardHelpOptions = true)
    int tune(
            @Mixin Reading reading,
            @Option(names = "--labels", paramLabel = "F", required = true, description = "what was when, as CSV")
                    Path labels)
            throws IOException, ConfigException {
        spec.commandLine().getOut().print(reading.tuning().tune(labels));
        spec.commandLine().getOut().flush();
        return Emberwatch.OK;
    }

    @Command(
            name = "check",
            description = "Checks score models: weights, scales, and every query in them.",
            footer = {"", "Examples:", "  emberwatch scorer check shop.yml etcd host"},
            mixinStandardHelpOptions = true)
    int check(
            @Parameters(paramLabel = "MODEL", arity = "1..*", description = "files, or names of shipped models")
                    List<String> models)
            throws IOException {
        int faults = 0;
        for (String name : models) {
            List<String> problems = ScorerModels.problems(name);
            problems.forEach(spec.commandLine().getErr()::println);
            faults += problems.size();
            if (problems.isEmpty()) {
                spec.commandLine().getOut().println(name + ": ok");
            }
        }
        return faults == 0 ? Emberwatch.OK : Emberwatch.USAGE;
    }

    @Command(
            name = "backtest",
            description = {
                "Compares the forecasters on the past, each with what was known then, and prints what they were worth.",
                "Without a query on the made-up latencies of docs/scoring.md."
            },
            footer = {
                "",
                "Examples:",
                "  emberwatch scorer backtest",
                "  emberwatch scorer backtest --days 28 --query 'rate(etcd_network_client_grpc_received_bytes_total[5m])'",
            },
            mixinStandardHelpOptions = true)
    int backtest(
            @Option(names = "--query", paramLabel = "EXPR", description = "the series") @Nullable String query,
            @Option(
                            names = "--prometheus",
                            paramLabel = "URL",
                            description = "where to read from; default ${DEFAULT-VALUE}",
                            defaultValue = "http://127.0.0.1:9090")
                    URI url,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            description = "how far back, two weeks of it to learn from; default ${DEFAULT-VALUE}",
                            defaultValue = "28")
                    int days)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                query == null
                        ? PastForecasts.published()
                        : PastForecasts.of(
                                new PrometheusClient(url),
                                query,
                                InstantSource.system().instant(),
                                days));
        out.flush();
        return Emberwatch.OK;
    }

    /** What the commands that look back take. */
    static final class Reading {
        @Option(names = "--config", paramLabel = "F", description = "the configuration file")
        private @Nullable Path config;

        @Option(names = "--prometheus", paramLabel = "URL", description = "where to read from")
        private List<URI> prometheus = List.of();

        @Option(names = "--model", paramLabel = "NAME|F", description = "a shipped model or a file that holds one")
        private @Nullable String model;

        @Option(names = "--weight", paramLabel = "NAME=W", description = "a weight in place of the model's own")
        private Map<String, Double> weights = Map.of();

        Hindsight hindsight() throws IOException, ConfigException {
            ScorerConfig read = read(config, prometheus, model, weights);
            return new Hindsight(read, ScorerConfigs.source(read));
        }

        Tuning tuning() throws IOException, ConfigException {
            ScorerConfig read = read(config, prometheus, model, weights);
            return new Tuning(read, ScorerConfigs.source(read));
        }
    }

    private ScorerConfig config() throws IOException, ConfigException {
        ScorerConfig config = read(options.config, prometheus, model, weights);
        return new ScorerConfig(
                config.model(),
                config.weights(),
                loop == null ? config.interval() : loop,
                config.prometheus(),
                textfile == null ? config.textfile() : textfile,
                config.staleAfter());
    }

    static ScorerConfig read(
            @Nullable Path file, List<URI> prometheus, @Nullable String model, Map<String, Double> weights)
            throws IOException, ConfigException {
        if (file != null) {
            EmberwatchConfig.requireFile(file);
        }
        ScorerConfig config = file != null && ScorerConfigs.isIni(file)
                ? ScorerConfigs.readIni(file)
                : EmberwatchConfig.read(file).scorer();
        List<PrometheusClientConfig> sources = prometheus.isEmpty()
                ? config.prometheus()
                : prometheus.stream().map(PrometheusClientConfig::of).toList();
        Map<String, Double> weighted = new LinkedHashMap<>(config.weights());
        weighted.putAll(weights);
        return new ScorerConfig(
                model == null ? config.model() : model,
                weighted,
                config.interval(),
                sources.isEmpty() ? List.of(PrometheusClientConfig.of(URI.create("http://127.0.0.1:9090"))) : sources,
                config.textfile(),
                config.staleAfter());
    }
}
