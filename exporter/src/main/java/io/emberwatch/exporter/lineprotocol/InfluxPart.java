package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.lineprotocol.InfluxMetrics.ListenerCounts;
import io.emberwatch.exporter.listen.LineFraming;
import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.listen.ListenerAddress.Network;
import io.emberwatch.exporter.listen.ListenerConfig;
import io.emberwatch.exporter.listen.Listeners;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.LineSink;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.http.WebConfig;
import io.emberwatch.service.http.WebConfigFile;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes line protocol from sockets and over HTTP; its source is {@code influx}. */
public final class InfluxPart implements Part, SampleSource {
    private static final String NAME = "influx";
    private static final String OWN_PORT = "http";
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final InfluxConfig config;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final InfluxMetrics metrics;
    private final LineStore store;
    private final Listeners listeners;
    private final Map<ListenerConfig, ListenerCounts> counts = new LinkedHashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<Route> routes;
    private Scheduler.@Nullable Task sweep;
    private @Nullable LineSink sink;
    private long expired;

    /**
     * @param registry where its metrics are declared
     * @param listening what is said of listeners of every kind
     */
    public InfluxPart(
            InfluxConfig config, ServiceContext context, CollectorRegistry registry, ListenMetrics listening) {
        this.config = config;
        this.clock = context.clock();
        this.scheduler = context.scheduler();
        metrics = new InfluxMetrics(registry);
        store = new LineStore(config.limits(), config.seriesTtl().toMillis(), config.timestamps());
        listeners = new Listeners(listening);
        for (ListenerConfig listener : config.listeners()) {
            counts.put(listener, metrics.listener(listener.name()));
        }
        routes = config.http() ? endpoint(metrics.listener(OWN_PORT)).routes(false) : List.of();
    }

    private WriteEndpoint endpoint(ListenerCounts counting) {
        return new WriteEndpoint(config, store, this::forwarder, metrics, counting, clock);
    }

    private LineForwarder forwarder() {
        return new LineForwarder(sink, metrics, config.forwardPatience());
    }

    @Override
    public void forwardLines(LineSink lines) {
        sink = lines;
    }

    @Override
    public List<Source> sources() {
        return config.isEnabled() ? List.of(Source.of(this)) : List.of();
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public void start() throws IOException {
        WebConfigFile web = web();
        int maxLine = (int) config.maxLine().bytes();
        for (Map.Entry<ListenerConfig, ListenerCounts> entry : counts.entrySet()) {
            ListenerConfig listener = entry.getKey();
            Network network = listener.address().network();
            if (network == Network.HTTP) {
                ListenAddress address =
                        Objects.requireNonNull(listener.address().internet());
                servers.add(HttpServer.start(address, endpoint(entry.getValue()).routes(true), web));
            } else {
                LineForwarder forwarder = forwarder();
                LineReader reader = new LineReader(store, forwarder, entry.getValue(), clock, maxLine);
                boolean datagrams = network == Network.UDP || network == Network.UNIXGRAM;
                listeners.add(
                        listener,
                        new LineFraming(maxLine),
                        new LineReceiver(
                                reader, forwarder, entry.getValue(), metrics, datagrams, network == Network.UDP));
            }
        }
        listeners.start();
        sweep = scheduler.every("influx-sweep", Duration.ofSeconds(1), Duration.ZERO, now -> sweep(now.toEpochMilli()));
    }

    private WebConfigFile web() throws IOException {
        if (config.webConfig() == null) {
            return WebConfigFile.fixed(WebConfig.NONE);
        }
        try {
            return WebConfigFile.read(config.webConfig());
        } catch (ConfigException e) {
            throw new IOException("influx: web_config: " + e.getMessage(), e);
        }
    }

    private void sweep(long nowMillis) {
        listeners.refresh();
        synchronized (store) {
            store.expire(nowMillis);
            metrics.expired().inc(store.expired() - expired);
            expired = store.expired();
            metrics.series().set(store.series());
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) {
        long now = clock.millis();
        synchronized (store) {
            return store.families(now);
        }
    }

    /**
     * What takes text as if a listener of this name had heard it in one datagram, for those in the same process.
     *
     * @param listener the value of the label {@code listener}
     */
    public Receiver receiver(String listener) {
        ListenerCounts counting = metrics.listener(listener);
        LineForwarder forwarder = forwarder();
        LineReader reader = new LineReader(
                store, forwarder, counting, clock, (int) config.maxLine().bytes());
        return new LineReceiver(reader, forwarder, counting, metrics, true, false);
    }

    /** The port of a listener as the system chose it; 0 when it has none. */
    public int port(String listener) {
        int at = 0;
        for (ListenerConfig configured : config.listeners()) {
            if (configured.address().network() == Network.HTTP) {
                if (configured.name().equals(listener)) {
                    return servers.get(at).port();
                }
                at++;
            }
        }
        return listeners.port(listener);
    }

    @Override
    public List<String> notReady() {
        return listeners.notReady();
    }

    @Override
    public void close() {
        if (sweep != null) {
            sweep.close();
        }
        listeners.close();
        servers.forEach(server -> server.stop(GRACE));
        listeners.refresh();
    }
}
