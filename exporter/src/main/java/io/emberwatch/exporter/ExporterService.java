package io.emberwatch.exporter;

import io.emberwatch.exporter.etcd.EtcdSource;
import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.page.PageMerger;
import io.emberwatch.exporter.page.SourceRunner;
import io.emberwatch.exporter.sensor.SensorMetrics;
import io.emberwatch.exporter.sensor.SensorSource;
import io.emberwatch.exporter.textfile.TextfileSource;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.MetricsEndpoint;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sensors, host, etcd and textfiles on one {@code /metrics}. */
public final class ExporterService implements Service {
    private static final String SELF = "exporter";

    private final ExporterConfig config;
    private final CollectorRegistry registry = new CollectorRegistry();
    private final SourceRunner runner = new SourceRunner();
    private final PageMerger merger = new PageMerger(registry);
    private final SensorSource sensors;
    private final EtcdSource etcd;
    private final Selection selection;

    /**
     * An exporter.
     *
     * @param extra sources of others to show on the same page
     * @param simulatedSensor the command that prints the simulated sensor's lines
     * @throws IOException when certificates cannot be read
     */
    public ExporterService(
            ExporterConfig config, ServiceContext context, List<SampleSource> extra, List<String> simulatedSensor)
            throws IOException {
        this.config = config;
        DefaultExports.register(registry);
        sensors = new SensorSource(config.sensors(), simulatedSensor, new SensorMetrics(registry), context);
        etcd = new EtcdSource(config.etcd());
        List<SampleSource> others = new ArrayList<>();
        others.add(sensors);
        others.add(etcd);
        if (!config.textfiles().isEmpty()) {
            others.add(new TextfileSource(config.textfiles(), context.clock()));
        }
        others.addAll(extra);
        others.add(new Self());
        selection = new Selection(HostCollectors.of(config.host(), context.clock()), others);
        selection.all().forEach(source -> merger.announce(source.name()));
    }

    /** The exporter's own metrics, asked for like any other source. */
    private final class Self implements SampleSource {
        @Override
        public String name() {
            return SELF;
        }

        @Override
        public List<MetricFamily> collect(Deadline deadline) {
            return Registry.families(registry).stream()
                    .filter(family -> !family.name().startsWith("emberwatch_exporter_sensor_"))
                    .toList();
        }
    }

    @Override
    public String name() {
        return "exporter";
    }

    @Override
    public void start() {
        sensors.start();
    }

    @Override
    public List<Route> routes() {
        return List.of(MetricsEndpoint.at("/metrics", this::scrape), Route.get("/exporter", this::landing));
    }

    private List<MetricFamily> scrape(Exchange exchange) throws HttpError {
        List<SampleSource> asked = selection.select(exchange.params("collect[]"), exchange.params("exclude[]"));
        return collect(asked, timeout(exchange.header("X-Prometheus-Scrape-Timeout-Seconds")));
    }

    private Duration timeout(@Nullable String seconds) {
        Duration whole = config.scrapeTimeout();
        if (seconds != null && seconds.matches("[0-9]{1,6}(\\.[0-9]+)?")) {
            whole = Duration.ofMillis((long) (Double.parseDouble(seconds) * 1000));
        }
        // A scraper in a hurry still gets three quarters of what it gives.
        Duration early = whole.minus(config.timeoutOffset());
        Duration least = whole.multipliedBy(3).dividedBy(4);
        return early.compareTo(least) < 0 ? least : early;
    }

    private List<MetricFamily> collect(List<SampleSource> asked, Duration timeout) {
        Map<String, SourceRunner.Outcome> outcomes = runner.collect(asked, Deadline.after(timeout));
        Map<String, List<MetricFamily>> bySource = new LinkedHashMap<>();
        outcomes.forEach((source, outcome) -> bySource.put(source, outcome.families()));
        if (outcomes.containsKey(sensors.name())) {
            bySource.put("sensor counters", sensorCounters());
        }
        List<MetricFamily> meta = new ArrayList<>(runner.meta(outcomes));
        meta.addAll(hostMeta(outcomes));
        bySource.put("scrape", meta);
        return merger.merge(bySource);
    }

    private List<MetricFamily> sensorCounters() {
        return Registry.families(registry).stream()
                .filter(family -> family.name().startsWith("emberwatch_exporter_sensor_"))
                .toList();
    }

    // node_exporter tells of its collectors under these names, and dashboards read them.
    private List<MetricFamily> hostMeta(Map<String, SourceRunner.Outcome> outcomes) {
        List<MetricPoint> duration = new ArrayList<>();
        List<MetricPoint> success = new ArrayList<>();
        outcomes.forEach((source, outcome) -> {
            if (selection.isHostCollector(source)) {
                Labels labels = Labels.of("collector", source);
                duration.add(MetricPoint.of("node_scrape_collector_duration_seconds", labels, outcome.seconds()));
                success.add(MetricPoint.of("node_scrape_collector_success", labels, outcome.success() ? 1 : 0));
            }
        });
        return duration.isEmpty()
                ? List.of()
                : List.of(
                        MetricFamily.of(
                                "node_scrape_collector_duration_seconds",
                                MetricType.GAUGE,
                                "node_exporter: Duration of a collector scrape.",
                                duration),
                        MetricFamily.of(
                                "node_scrape_collector_success",
                                MetricType.GAUGE,
                                "node_exporter: Whether a collector succeeded.",
                                success));
    }

    private void landing(Exchange exchange) throws IOException {
        StringBuilder page = new StringBuilder("<!doctype html><title>Emberwatch exporter</title>"
                + "<h1>Emberwatch exporter</h1><p><a href=\"/metrics\">All metrics</a></p><p>By source:</p><ul>");
        for (SampleSource source : selection.all()) {
            page.append("<li><a href=\"/metrics?collect[]=%1$s\">%1$s</a></li>".formatted(source.name()));
        }
        exchange.respond(
                200,
                "text/html; charset=utf-8",
                page.append("</ul>").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public List<MetricFamily> metrics() {
        return collect(selection.all(), config.scrapeTimeout());
    }

    @Override
    public List<String> notReady() {
        return List.of();
    }

    @Override
    public void stop() {
        sensors.close();
        etcd.close();
        runner.close();
    }
}
