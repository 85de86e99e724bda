package io.emberwatch.rules;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.engine.EngineQueries;
import io.emberwatch.rules.engine.GroupStatus;
import io.emberwatch.rules.engine.ReloadReport;
import io.emberwatch.rules.engine.RemoteQueries;
import io.emberwatch.rules.engine.RuleEnvironment;
import io.emberwatch.rules.engine.RuleFault;
import io.emberwatch.rules.engine.RuleFiles;
import io.emberwatch.rules.engine.RulePolicies;
import io.emberwatch.rules.engine.RuleQueries;
import io.emberwatch.rules.engine.RuleSet;
import io.emberwatch.rules.engine.RuleSettings;
import io.emberwatch.rules.notify.AlertRelabeling;
import io.emberwatch.rules.notify.AlertmanagerClient;
import io.emberwatch.rules.notify.AlertmanagerGroup;
import io.emberwatch.rules.notify.OutgoingAlerts;
import io.emberwatch.rules.query.EngineOptions;
import io.emberwatch.rules.query.QueryEngine;
import io.emberwatch.rules.query.SampleBudget;
import io.emberwatch.rules.remote.ReceiverMetrics;
import io.emberwatch.rules.remote.RemoteWriteReceiver;
import io.emberwatch.rules.remote.RemoteWriteSettings;
import io.emberwatch.rules.remote.RemoteWriters;
import io.emberwatch.rules.remote.SenderMetrics;
import io.emberwatch.rules.scrape.ScrapeConfig;
import io.emberwatch.rules.scrape.ScrapeMetrics;
import io.emberwatch.rules.scrape.Scraper;
import io.emberwatch.rules.store.HeadStatistics;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.rules.store.StoreMetrics;
import io.emberwatch.rules.web.ApiQueries;
import io.emberwatch.rules.web.PrometheusApi;
import io.emberwatch.rules.web.QueryMetrics;
import io.emberwatch.rules.web.ServerStatus;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.emberwatch.service.promapi.PrometheusClient;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule engine: keeps samples, answers {@code /api/v1}, evaluates rules and sends alerts to Alertmanagers, or straight
 * to another sink where there are none.
 */
public final class RulesService implements Service {
    private static final Logger logger = LoggerFactory.getLogger("rules");
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(15);
    private static final Duration DEFAULT_INTERVAL_OF_PROMETHEUS = Duration.ofMinutes(1);
    private static final double MEMORY_OF_QUERIES = 0.25;
    private static final String SHIPPED_RULES = "prometheus/rules/*.yml";

    private final RulesConfig config;
    private final ServiceContext context;
    private final AlertSink fallback;
    private final @Nullable ScrapeConfig defaultScrape;
    private final CollectorRegistry registry = new CollectorRegistry();
    private final RulesMetrics metrics = new RulesMetrics(registry);
    private final StoreMetrics storeMetrics = new StoreMetrics(registry);
    private final ScrapeMetrics scrapeMetrics = new ScrapeMetrics(registry);
    private final StoreAccess store = new StoreAccess();
    private final RemoteWriteReceiver receiver;
    private final Scraping scraping;
    private final RemoteWriters remoteWriters;
    private final AlertmanagerClient alertmanagers;
    private final QueryEngine engine;
    private final QueryEngine ruleEngine;
    private final QuerySource querySource;
    private final RuleSet rules;
    private final List<Route> routes;
    private final List<AlertSink> also = new CopyOnWriteArrayList<>();
    private volatile AlertSink outgoing = alerts -> {};
    private volatile @Nullable PrometheusFile prometheusFile;
    private volatile Instant started = Instant.EPOCH;
    private volatile Instant reloaded = Instant.EPOCH;
    private volatile boolean reloadSucceeded;

    /**
     * A service that {@link #start} begins.
     *
     * @param fallback gets alerts when no Alertmanager is configured
     * @param defaultScrape what is scraped when no prometheus_config is given; null for nothing
     */
    public RulesService(
            RulesConfig config, ServiceContext context, AlertSink fallback, @Nullable ScrapeConfig defaultScrape) {
        this.config = config;
        this.defaultScrape = defaultScrape;
        this.context = context;
        this.fallback = fallback;
        this.receiver = new RemoteWriteReceiver(
                config.remoteWriteReceiver(), store::store, context.clock(), new ReceiverMetrics(registry));
        this.scraping = new Scraping(receiver::metadata);
        this.remoteWriters = new RemoteWriters(new SenderMetrics(registry), context.clock(), scraping::metadata);
        this.alertmanagers = new AlertmanagerClient(metrics);
        EngineOptions options = config.query().options(interval(null));
        this.engine = new QueryEngine(store, options, SampleBudget.ofMemory(MEMORY_OF_QUERIES));
        // Apart from the queries of the API, so that none of those makes a rule fail.
        this.ruleEngine = new QueryEngine(store, options, SampleBudget.ofMemory(MEMORY_OF_QUERIES));
        PrometheusClient remote =
                config.remote() == null ? null : config.remote().client();
        this.querySource = remote == null ? engine : remote;
        RuleQueries queries = remote == null ? new EngineQueries(ruleEngine) : new RemoteQueries(remote);
        RuleEnvironment environment = new RuleEnvironment(
                queries, ruleEngine, store, alerts -> outgoing.send(alerts), settings(null), metrics);
        this.rules = new RuleSet(environment, context.scheduler());
        List<Route> api = PrometheusApi.routes(new PrometheusApi.Sources(
                remote == null ? ApiQueries.of(engine) : ApiQueries.of(remote, engine),
                config.query().bounds(new QueryMetrics(registry)),
                remote == null ? store : new RemoteCatalog(remote, context.clock()),
                this::groups,
                scraping,
                new Status(),
                context.clock()));
        this.routes = Stream.concat(api.stream(), receiver.routes().stream()).toList();
    }

    /** Who answers PromQL: the embedded engine, or the remote API if one is configured. */
    public QuerySource querySource() {
        return querySource;
    }

    /** Has every alert go to another sink too, whoever gets it otherwise. To be called before the start. */
    public void alsoSendTo(AlertSink other) {
        also.add(other);
    }

    /** Takes samples into the embedded store while the service runs. */
    public SampleSink sampleSink() {
        return store;
    }

    /** The rule groups as they stand. */
    public List<GroupStatus> groups() {
        return rules.groups();
    }

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public void start() throws IOException {
        started = context.clock().instant();
        Path directory = context.dataDirectory().resolve("rules");
        StoreConfig kept = config.store().within(Runtime.getRuntime().maxMemory());
        if (kept.seriesLimit() < config.store().seriesLimit()) {
            logger.atInfo()
                    .addKeyValue("series_limit", config.store().seriesLimit())
                    .addKeyValue("taken", kept.seriesLimit())
                    .log("memory has room for fewer series than series_limit; a larger -Xmx in EMBERWATCH_JAVA_OPTS"
                            + " makes room");
        }
        store.open(SeriesStore.open(directory, kept, context.clock(), context.scheduler(), storeMetrics));
        try {
            load(true);
            scrape();
        } catch (IOException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    @Override
    public void reload() throws IOException {
        // A fault in the rules keeps the scrapes from nothing, nor the other way round.
        Set<String> faults = new LinkedHashSet<>();
        try {
            load(false);
        } catch (IOException e) {
            faults.add(e.getMessage());
        }
        try {
            scrape();
        } catch (IOException e) {
            faults.add(e.getMessage());
        }
        if (!faults.isEmpty()) {
            throw new IOException(String.join("\n", faults));
        }
    }

    private synchronized void scrape() throws IOException {
        SeriesStore open = store.store();
        ScrapeConfig wanted = scrapeConfig();
        if (open == null || wanted == null) {
            return;
        }
        Scraper running = scraping.scraper();
        if (running != null) {
            running.reload(wanted);
            return;
        }
        Scraper scraper = new Scraper(wanted, open, context.clock(), scrapeMetrics);
        scraper.start(context.scheduler());
        scraping.opened(scraper);
    }

    private @Nullable ScrapeConfig scrapeConfig() throws IOException {
        if (config.prometheusConfig() == null) {
            return defaultScrape;
        }
        try {
            return ScrapeConfig.read(config.prometheusConfig());
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    // At the start, faults in rule files are reported but hold nothing up.
    private synchronized void load(boolean first) throws IOException {
        ReloadReport report;
        try {
            PrometheusFile file =
                    config.prometheusConfig() == null ? null : PrometheusFile.read(config.prometheusConfig());
            List<Path> ruleFiles = ruleFiles(file);
            engine.stepSubqueriesBy(interval(file));
            ruleEngine.stepSubqueriesBy(interval(file));
            sendTo(file);
            report = rules.reload(ruleFiles, settings(file), context.clock().instant());
            writeTo(file);
            prometheusFile = file;
        } catch (NoSuchFileException e) {
            metrics.reloaded(false, 0, context.clock().instant());
            reloadSucceeded = false;
            throw new IOException("no such file: " + e.getMessage(), e);
        } catch (IOException | ConfigException e) {
            metrics.reloaded(false, 0, context.clock().instant());
            reloadSucceeded = false;
            throw new IOException(e.getMessage(), e);
        }
        reloadSucceeded = report.isClean();
        metrics.reloaded(
                report.isClean(), report.faults().size(), context.clock().instant());
        logger.atInfo()
                .addKeyValue("groups", report.groups())
                .addKeyValue("rules", report.rules())
                .log("rules loaded");
        if (report.isClean()) {
            reloaded = context.clock().instant();
        } else if (!first) {
            throw new IOException(
                    report.faults().stream().map(RuleFault::toString).collect(Collectors.joining("\n")));
        }
    }

    private List<Path> ruleFiles(@Nullable PrometheusFile file) throws IOException {
        List<Path> found = new ArrayList<>(RuleFiles.find(Path.of(""), config.ruleFiles()));
        if (file != null) {
            found.addAll(RuleFiles.find(file.folder(), file.ruleFiles()));
        } else if (config.ruleFiles().isEmpty()) {
            found.addAll(RuleFiles.find(context.home(), List.of(SHIPPED_RULES)));
        }
        return found.stream().distinct().toList();
    }

    private void sendTo(@Nullable PrometheusFile file) {
        List<AlertmanagerGroup> groups = file == null ? List.of() : file.alertmanagers();
        alertmanagers.replace(config.alertmanagers(), groups, context.scheduler(), scrapeMetrics.discovery());
        AlertSink sink = config.alertmanagers().isEmpty() && groups.isEmpty() ? fallback : alertmanagers;
        AlertRelabeling relabeling = file == null ? AlertRelabeling.NONE : file.alertRelabeling()::apply;
        outgoing = new OutgoingAlerts(externalLabels(file), relabeling, alerts -> {
            sink.send(alerts);
            also.forEach(other -> other.send(alerts));
        });
    }

    private void writeTo(@Nullable PrometheusFile file) throws IOException {
        SeriesStore open = store.store();
        if (open == null) {
            return;
        }
        List<RemoteWriteSettings> receivers = new ArrayList<>(config.remoteWrites());
        if (file != null) {
            receivers.addAll(file.remoteWrites());
        }
        remoteWriters.replace(
                open, receivers, externalLabels(file), config.remoteWriteLog().bytes(), context.scheduler());
    }

    private Labels externalLabels(@Nullable PrometheusFile file) {
        Labels.Builder labels = file == null ? Labels.builder() : file.externalLabels().toBuilder();
        config.externalLabels().forEach(labels::set);
        return labels.build();
    }

    private RuleSettings settings(@Nullable PrometheusFile file) {
        Duration offset = config.queryOffset();
        if (offset == null && file != null) {
            offset = file.queryOffset();
        }
        return new RuleSettings(
                interval(file),
                offset == null ? Duration.ZERO : offset,
                config.resendDelay(),
                config.outageTolerance(),
                config.gracePeriod(),
                externalLabels(file),
                config.externalUrl(),
                new RulePolicies(config.alertPolicies(), config.groupPolicies()),
                config.concurrency());
    }

    private Duration interval(@Nullable PrometheusFile file) {
        Duration interval = config.evaluationInterval();
        if (interval == null && file != null) {
            interval = file.evaluationInterval();
        }
        if (interval == null) {
            return file == null ? DEFAULT_INTERVAL : DEFAULT_INTERVAL_OF_PROMETHEUS;
        }
        return interval;
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public List<MetricFamily> metrics() {
        return Registry.families(registry);
    }

    @Override
    public List<String> notReady() {
        SeriesStore open = store.store();
        return open == null ? List.of("not started") : open.notReady();
    }

    @Override
    public void stop() {
        scraping.close();
        rules.close();
        alertmanagers.close();
        remoteWriters.close();
        SeriesStore open = store.store();
        store.close();
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                logger.atError().addKeyValue("error", e.getMessage()).log("the store did not close cleanly");
            }
        }
    }

    private final class Status implements ServerStatus {
        @Override
        public Map<String, String> build() {
            Map<String, String> build = new LinkedHashMap<>();
            String version = RulesService.class.getPackage().getImplementationVersion();
            // Clients tell by this number which features of the API they may use.
            build.put("version", "3.14.0");
            build.put("revision", "emberwatch " + (version == null ? "development" : version));
            build.put("branch", "");
            build.put("buildUser", "");
            build.put("buildDate", "");
            build.put("goVersion", "java" + Runtime.version().feature());
            return build;
        }

        @Override
        public Map<String, String> flags() {
            Map<String, String> flags = new LinkedHashMap<>();
            flags.put("alertmanager.notification-queue-capacity", Integer.toString(AlertmanagerClient.CAPACITY));
            flags.put("config.file", String.valueOf(config.prometheusConfig()));
            flags.put("query.lookback-delta", Durations.format(config.query().lookback()));
            flags.put("query.max-concurrency", Integer.toString(config.query().maxConcurrency()));
            flags.put("query.max-samples", Integer.toString(config.query().maxSamples()));
            flags.put("query.timeout", Durations.format(config.query().timeout()));
            flags.put("rules.alert.for-grace-period", Durations.format(config.gracePeriod()));
            flags.put("rules.alert.for-outage-tolerance", Durations.format(config.outageTolerance()));
            flags.put("rules.alert.resend-delay", Durations.format(config.resendDelay()));
            flags.put(
                    "storage.tsdb.retention.time",
                    Durations.format(config.store().retention()));
            flags.put("web.external-url", config.externalUrl());
            return flags;
        }

        @Override
        public String configuration() {
            PrometheusFile file = prometheusFile;
            return file == null ? "" : file.text();
        }

        @Override
        public ServerStatus.Lifetime runtime() {
            return new ServerStatus.Lifetime(
                    started,
                    reloaded,
                    reloadSucceeded,
                    Durations.format(config.store().retention()));
        }

        @Override
        public @Nullable HeadStatistics store(int top) {
            SeriesStore open = store.store();
            return open == null ? null : open.statistics(top);
        }

        @Override
        public List<String> alertmanagers() {
            return alertmanagers.addresses();
        }
    }
}
