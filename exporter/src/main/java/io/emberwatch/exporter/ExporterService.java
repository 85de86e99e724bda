package io.emberwatch.exporter;

import io.emberwatch.exporter.etcd.EtcdSource;
import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.metrics.ExporterMetrics;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Scraper;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.exporter.scrape.SourceReport;
import io.emberwatch.exporter.sensor.SensorSource;
import io.emberwatch.exporter.textfile.TextfileSource;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.LineSink;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.MetricsEndpoint;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The exporter: every source on one page, {@code /metrics}, chosen with {@code collect[]} and {@code exclude[]}.
 *
 * <p>Sources are {@code sensor}, the collectors of {@code host}, {@code etcd}, {@code textfile}, those handed in by others,
 * and {@code exporter} with its own metrics.
 */
public final class ExporterService implements Service {
    private static final String OWN = "exporter";

    private final ExporterConfig config;
    private final boolean alone;
    private final ExporterMetrics metrics;
    private final SensorSource sensors;
    private final HostCollectors host;
    private final EtcdSource etcd;
    private final List<Part> parts;
    private final Scraper scraper;
    private volatile boolean started;

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
        this.alone = alone;
        CollectorRegistry registry = new CollectorRegistry();
        metrics = new ExporterMetrics(registry);
        if (alone) {
            DefaultExports.register(registry);
        }
        sensors = new SensorSource(
                config.sensors(), simulatedSensorCommand, context.scheduler(), context.clock(), metrics);
        host = new HostCollectors(config.host(), context.clock(), ZoneId.systemDefault());
        etcd = new EtcdSource(config.etcd(), metrics);
        List<Source> sources = new ArrayList<>();
        sources.add(Source.of(sensors));
        sources.addAll(host.sources());
        sources.add(Source.of(etcd));
        sources.add(Source.of(new TextfileSource(config.textfile(), context.clock(), metrics)));
        parts = Parts.of(config, context, registry);
        parts.forEach(part -> sources.addAll(part.sources()));
        extraSources.forEach(source -> sources.add(Source.of(source)));
        sources.add(Source.of(new OwnMetrics()));
        scraper = new Scraper(sources, metrics, config.maxSamples());
    }

    @Override
    public String name() {
        return OWN;
    }

    @Override
    public void start() throws IOException {
        sensors.start();
        for (Part part : parts) {
            part.start();
        }
        started = true;
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(MetricsEndpoint.at("/metrics", this::page));
        routes.add(Route.get("/exporter", this::landingPage));
        if (alone) {
            routes.add(Route.get("/", this::landingPage));
        }
        parts.forEach(part -> routes.addAll(part.routes()));
        return routes;
    }

    private List<MetricFamily> page(Exchange exchange) throws HttpError {
        List<Source> chosen =
                ScrapeRequest.choose(scraper.sources(), exchange.params("collect[]"), exchange.params("exclude[]"));
        return scrape(chosen, ScrapeRequest.deadline(exchange, config));
    }

    private List<MetricFamily> scrape(List<Source> chosen, Deadline deadline) {
        List<SourceReport> reports = scraper.scrape(chosen, deadline);
        List<MetricFamily> about = new ArrayList<>(HostCollectors.scrapeFamilies(reports));
        about.addAll(metrics.sourceFamilies(
                reports.stream().map(report -> report.source().name()).collect(Collectors.toSet())));
        return scraper.merge(reports, about, OWN);
    }

    private void landingPage(Exchange exchange) throws IOException {
        byte[] html = LandingPage.html(scraper.sources()).getBytes(StandardCharsets.UTF_8);
        exchange.respond(200, "text/html; charset=utf-8", html);
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
            sensors.awaitUp(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return ExpositionWriter.toText(scrape(scraper.sources(), Deadline.after(config.scrapeTimeout())), format);
    }

    /** Has every line of line protocol that comes in go to {@code sink} too. To be called before the start. */
    public void forwardLines(LineSink sink) {
        parts.forEach(part -> part.forwardLines(sink));
    }

    /** The sensors alone, for those who pass their samples on. */
    public SampleSource sensors() {
        return sensors;
    }

    @Override
    public List<MetricFamily> metrics() {
        return metrics.ownFamilies();
    }

    @Override
    public List<String> notReady() {
        return started
                ? parts.stream().flatMap(part -> part.notReady().stream()).toList()
                : List.of("not started");
    }

    @Override
    public void stop() {
        started = false;
        sensors.stop();
        parts.forEach(Part::close);
        scraper.close();
        etcd.close();
        host.close();
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
