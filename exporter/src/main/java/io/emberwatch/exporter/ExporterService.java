package io.emberwatch.exporter;

import io.emberwatch.exporter.derive.DerivedSource;
import io.emberwatch.exporter.etcd.EtcdSource;
import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.metrics.ExporterMetrics.SourceState;
import io.emberwatch.exporter.probe.ProbePart;
import io.emberwatch.exporter.push.LineTargets;
import io.emberwatch.exporter.scrape.Explainer;
import io.emberwatch.exporter.scrape.PageExplanation;
import io.emberwatch.exporter.scrape.PageReader;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Prober;
import io.emberwatch.exporter.scrape.Scraper;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.exporter.scrape.SourceReport;
import io.emberwatch.exporter.scrape.SourceReport.Outcome;
import io.emberwatch.exporter.sensor.SensorSource;
import io.emberwatch.exporter.telegraf.TelegrafPart;
import io.emberwatch.exporter.textfile.TextfileSource;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.LineSink;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.MetricsEndpoint;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.CarryingRegistry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exporter: every source on one page, {@code /metrics}, chosen with {@code collect[]} and {@code exclude[]}.
 *
 * <p>Sources are {@code sensor}, the collectors of {@code host}, {@code etcd}, {@code textfile}, those of further parts, those
 * handed in by others, and {@code exporter} with its own metrics.
 */
public final class ExporterService implements Service {
    private static final Logger logger = LoggerFactory.getLogger("exporter");
    private static final String OWN = "exporter";
    private static final int LONGEST_QUESTION = 64 << 10;

    private final ServiceContext context;
    private final List<Source> extraSources;
    private final List<String> simulatedSensorCommand;
    private final boolean alone;
    private final CollectorRegistry registry = new CarryingRegistry();
    private final ExporterMetrics metrics = new ExporterMetrics(registry);
    private final ListenMetrics listening = new ListenMetrics(registry);
    private final Source own = Source.of(new OwnMetrics());
    private final LineTargets lineTargets = new LineTargets();
    private final RunningParts parts;
    private final Scraper scraper;
    private volatile ExporterConfig config;
    private final AtomicInteger scrapesUnderWay = new AtomicInteger();
    private volatile boolean started;
    private volatile @Nullable LineSink lines;
    private @Nullable ConfigSource rereading;

    /** Reads the configuration again. */
    @FunctionalInterface
    public interface ConfigSource {
        ExporterConfig read() throws IOException, ConfigException;
    }

    /**
     * @param extraSources metrics of other services in this process, each under its own name
     * @param simulatedSensorCommand what runs the simulated sensor; may be empty when every sensor has a command
     * @param alone whether this is the only service of its port: then it answers at {@code /} too and tells of its process
     */
    public ExporterService(
            ExporterConfig config,
            ServiceContext context,
            List<? extends SampleSource> extraSources,
            List<String> simulatedSensorCommand,
            boolean alone) {
        this.config = config;
        this.context = context;
        this.extraSources = extraSources.stream().map(Source::of).toList();
        this.simulatedSensorCommand = List.copyOf(simulatedSensorCommand);
        this.alone = alone;
        if (alone) {
            DefaultExports.register(registry);
        }
        metrics.configRead(true, context.clock().instant());
        parts = new RunningParts(plans(config));
        scraper = new Scraper(sources(), metrics, config.maxSamples());
        attach();
    }

    // A source whose run is shared or cut is what it is on a page.
    private void attach() {
        PageReader reader = (wanted, deadline) -> scraper.merge(
                scraper.scrape(scraper.sources().stream().filter(wanted).toList(), deadline), List.of(), OWN);
        parts.parts().forEach(part -> part.attach(reader));
    }

    /** Where others put targets that samples can be sent to; the configuration calls them by name. */
    public LineTargets lineTargets() {
        return lineTargets;
    }

    /** Names where {@link #reload} finds the configuration; without it, parts look at their own files alone. */
    public ExporterService rereading(ConfigSource source) {
        rereading = source;
        return this;
    }

    private List<PartPlan> plans(ExporterConfig wanted) {
        List<PartPlan> plans = new ArrayList<>();
        plans.add(new PartPlan(
                "sensor",
                wanted.sensors(),
                () -> new SensorSource(
                        wanted.sensors(), simulatedSensorCommand, context.scheduler(), context.clock(), metrics)));
        plans.add(new PartPlan(
                "host",
                wanted.host(),
                () -> new HostCollectors(wanted.host(), context.clock(), ZoneId.systemDefault())));
        if (wanted.host().enabled() && wanted.host().names().contains(HostConfig.Names.TELEGRAF)) {
            plans.add(new PartPlan("telegraf", wanted.host(), () -> new TelegrafPart(wanted.host(), context.clock())));
        }
        plans.add(new PartPlan("etcd", wanted.etcd(), () -> new EtcdSource(wanted.etcd(), metrics)));
        plans.add(new PartPlan(
                "textfile", wanted.textfile(), () -> new TextfileSource(wanted.textfile(), context.clock(), metrics)));
        plans.addAll(Parts.of(wanted, context, registry, listening, lineTargets));
        return plans.stream().map(this::withLines).toList();
    }

    private PartPlan withLines(PartPlan plan) {
        return new PartPlan(plan.name(), plan.section(), () -> {
            Part part = plan.beginning().get();
            LineSink sink = lines;
            if (sink != null) {
                part.forwardLines(sink);
            }
            return part;
        });
    }

    private List<Source> sources() {
        List<Source> sources = new ArrayList<>(parts.all(Part::sources));
        sources.addAll(extraSources);
        sources.add(own);
        return sources.stream()
                .map(source -> DerivedSource.of(source, config.derive(), context.clock()))
                .toList();
    }

    @Override
    public String name() {
        return OWN;
    }

    @Override
    public void start() throws IOException {
        parts.start();
        started = true;
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(MetricsEndpoint.at("/metrics", this::page));
        routes.add(MetricsEndpoint.at("/probe", this::probe));
        routes.add(Route.get("/exporter", this::landingPage));
        routes.add(new Route(Set.of("GET", "POST"), "/exporter/explain", this::explain));
        if (alone) {
            routes.add(Route.get("/", this::landingPage));
        }
        routes.addAll(parts.all(Part::routes));
        return routes;
    }

    private List<MetricFamily> page(Exchange exchange) throws HttpError {
        List<Source> chosen =
                ScrapeRequest.choose(scraper.sources(), exchange.params("collect[]"), exchange.params("exclude[]"));
        try {
            if (scrapesUnderWay.incrementAndGet() > config.maxRequests()) {
                throw new HttpError(
                        503, "Limit of concurrent requests reached (" + config.maxRequests() + "), try again later.");
            }
            return scrape(chosen, ScrapeRequest.deadline(exchange, config));
        } finally {
            scrapesUnderWay.decrementAndGet();
        }
    }

    // The first part that has the module or script; if none has, the prober says so in its words.
    private List<MetricFamily> probe(Exchange exchange) throws HttpError {
        List<Prober> probers = parts.parts().stream()
                .filter(Prober.class::isInstance)
                .map(Prober.class::cast)
                .toList();
        Prober answering = probers.stream()
                .filter(prober -> prober.knows(exchange))
                .findFirst()
                .or(() -> probers.stream().filter(ProbePart.class::isInstance).findFirst())
                .orElseThrow(() -> new HttpError(404, "nothing is probed here"));
        return answering.probe(exchange);
    }

    private List<MetricFamily> scrape(List<Source> chosen, Deadline deadline) {
        List<SourceReport> reports = scraper.scrape(chosen, deadline);
        List<MetricFamily> about = new ArrayList<>(HostCollectors.scrapeFamilies(reports));
        about.addAll(metrics.sourceFamilies(reports.stream()
                .collect(Collectors.toMap(
                        report -> report.source().name(),
                        report -> new SourceState(
                                report.isGood(), report.outcome() == Outcome.TIMED_OUT, report.seconds())))));
        return scraper.merge(reports, about, OWN);
    }

    private void landingPage(Exchange exchange) throws IOException {
        byte[] html =
                LandingPage.html(scraper.sources(), parts.all(Part::routes)).getBytes(StandardCharsets.UTF_8);
        exchange.respond(200, "text/html; charset=utf-8", html);
    }

    private void explain(Exchange exchange) throws IOException, HttpError {
        String asked = exchange.method().equals("POST")
                ? new String(exchange.body(LONGEST_QUESTION), StandardCharsets.UTF_8)
                : exchange.param("q");
        if (asked == null || asked.isBlank()) {
            throw new HttpError(400, "say what is to be explained: ?q=a series, a line or a URL");
        }
        exchange.respondText(200, String.join("\n", explain(asked)) + "\n");
    }

    /**
     * What is known of a text: of a series, where it comes from and what the page makes of it; of a line or a URL, what the
     * parts do with it. Asks the sources for the former; nothing is counted but their runs.
     *
     * @return at least one line
     */
    public List<String> explain(String text) {
        String asked = text.strip();
        List<String> lines = new ArrayList<>(PageExplanation.of(
                scraper.scrape(scraper.sources(), Deadline.after(config.scrapeTimeout())), config.maxSamples(), asked));
        for (Part part : parts.parts()) {
            if (part instanceof Explainer explainer) {
                lines.addAll(explainer.explain(asked));
            }
        }
        return lines.isEmpty() ? List.of("no source has or knows: " + asked) : lines;
    }

    /**
     * One page of everything, for a command line: starts the sensors if need be and gives them time to say something.
     *
     * @throws IOException when the sensors cannot be waited for
     */
    public String once(TextFormat format) throws IOException {
        Deadline patience = Deadline.after(config.scrapeTimeout());
        if (!started) {
            start();
        }
        try {
            for (Part part : parts.parts()) {
                if (part instanceof SensorSource sensors) {
                    sensors.awaitUp(patience);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return ExpositionWriter.toText(scrape(scraper.sources(), Deadline.after(config.scrapeTimeout())), format);
    }

    /** Has every line of line protocol that comes in go to {@code sink} too. To be called before the start. */
    public void forwardLines(LineSink sink) {
        lines = sink;
        parts.parts().forEach(part -> part.forwardLines(sink));
    }

    /** The sensors alone, whichever there are, for those who pass their samples on. */
    public SampleSource sensors() {
        return new SampleSource() {
            @Override
            public String name() {
                return "sensor";
            }

            @Override
            public List<MetricFamily> collect(Deadline deadline) {
                return parts.parts().stream()
                        .filter(SensorSource.class::isInstance)
                        .flatMap(part -> ((SensorSource) part).collect(deadline).stream())
                        .toList();
            }
        };
    }

    @Override
    public List<MetricFamily> metrics() {
        return metrics.ownFamilies();
    }

    @Override
    public List<String> notReady() {
        return started ? parts.all(Part::notReady) : List.of("not started");
    }

    /**
     * Reads the configuration again. Parts whose section is as before keep running, others are closed and begun anew; all
     * counters go on. The address is the one of the start. On a fault everything stays as it was.
     */
    @Override
    public synchronized void reload() throws IOException {
        try {
            ExporterConfig wanted = rereading == null ? config : rereading.read();
            try {
                parts.change(plans(wanted));
                config = wanted;
            } finally {
                scraper.replace(sources(), config.maxSamples());
                attach();
            }
            metrics.configRead(true, context.clock().instant());
        } catch (ConfigException e) {
            metrics.configRead(false, context.clock().instant());
            throw new IOException(e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            metrics.configRead(false, context.clock().instant());
            throw e;
        }
        logger.atInfo().addKeyValue("parts", parts.parts().size()).log("configuration read");
    }

    @Override
    public void stop() {
        started = false;
        parts.close();
        scraper.close();
    }

    private final class OwnMetrics implements SampleSource {
        @Override
        public String name() {
            return OWN;
        }

        @Override
        public List<MetricFamily> collect(Deadline deadline) {
            return metrics.ownFamilies();
        }
    }
}
