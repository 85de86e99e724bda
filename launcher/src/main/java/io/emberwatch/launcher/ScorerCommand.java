package io.emberwatch.launcher;

import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.scorer.ScorerConfig;
import io.emberwatch.scorer.ScorerConfigs;
import io.emberwatch.scorer.ScorerService;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.emberwatch.service.promapi.PrometheusClient;
import io.emberwatch.service.promapi.PrometheusClientConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            description = "where to read from; default http://127.0.0.1:9090")
    private List<URI> prometheus = List.of();

    @Option(names = "--model", paramLabel = "NAME|F", description = "etcd, etcd-seed, or a file that holds a model")
    private @Nullable String model;

    @Option(names = "--once", description = "score once, print the result as exposition text and exit")
    private boolean once;

    @Option(names = "--textfile", paramLabel = "F", description = "keep a .prom file up to date")
    private @Nullable Path textfile;

    @Option(names = "--loop", paramLabel = "D", description = "time between two scores; default 15s")
    private @Nullable Duration loop;

    @Override
    public Integer call() throws IOException, ConfigException {
        ScorerConfig config = config();
        QuerySource source = new PrometheusClient(config.prometheus().get(0));
        ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
        ScorerService scorer = new ScorerService(config, options.context(scheduler), source);
        if (once) {
            String page = ExpositionWriter.toText(scorer.once(), TextFormat.PROMETHEUS_0_0_4);
            spec.commandLine().getOut().print(page);
            spec.commandLine().getOut().flush();
            scheduler.close();
            return Emberwatch.OK;
        }
        return options.serve(scorer, options.listenOr(PORT), scheduler);
    }

    private ScorerConfig config() throws IOException, ConfigException {
        ScorerConfig config;
        Path file = options.config;
        if (file != null) {
            EmberwatchConfig.requireFile(file);
        }
        if (file != null && ScorerConfigs.isIni(file)) {
            config = ScorerConfigs.readIni(file);
        } else {
            config = EmberwatchConfig.read(file).scorer();
        }
        List<PrometheusClientConfig> sources = prometheus.isEmpty()
                ? config.prometheus()
                : prometheus.stream().map(PrometheusClientConfig::of).toList();
        if (sources.isEmpty()) {
            sources = List.of(PrometheusClientConfig.of(URI.create("http://127.0.0.1:9090")));
        }
        Duration interval = loop == null ? config.interval() : loop;
        return new ScorerConfig(
                model == null ? config.model() : model,
                config.weights(),
                interval,
                sources,
                textfile == null ? config.textfile() : textfile,
                config.staleAfter());
    }
}
