package io.emberwatch.exporter.statsd;

import io.emberwatch.exporter.listen.LineFraming;
import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.listen.ListenerAddress.Network;
import io.emberwatch.exporter.listen.ListenerConfig;
import io.emberwatch.exporter.listen.Listeners;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.exporter.mapping.Mapper;
import io.emberwatch.exporter.mapping.MappingFile;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes StatsD events from sockets; its source is {@code statsd}. */
public final class StatsdPart implements Part, SampleSource {
    private static final Logger logger = LoggerFactory.getLogger("exporter.statsd");
    private static final String NAME = "statsd";

    private final StatsdConfig config;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final StatsdMetrics metrics;
    private final Listeners listeners;
    private final StatsdStore store;
    private final @Nullable MappingFile file;
    private final @Nullable CarbonSender sender;
    private final @Nullable ManagementPort management;
    private final @Nullable Relay relay;
    private final List<Scheduler.Task> tasks = new ArrayList<>();
    private double seenUdp;
    private double seenDrops;
    private double seenUnixgram;
    private double seenConnections;

    /**
     * @param registry where its metrics are declared
     * @param listening what is said of listeners of every kind
     * @throws IllegalArgumentException when a rule cannot be used
     */
    public StatsdPart(
            StatsdConfig config, ServiceContext context, CollectorRegistry registry, ListenMetrics listening) {
        this.config = config;
        this.clock = context.clock();
        this.scheduler = context.scheduler();
        metrics = new StatsdMetrics(registry);
        store = new StatsdStore(config, new Mapper(config.mapping()), metrics);
        file = config.mappingFile() == null ? null : new MappingFile(config.mappingFile());
        sender = config.flush() == null ? null : new CarbonSender(config.flush().graphite(), metrics, clock);
        management = config.flush() == null || sender == null || config.flush().management() == null
                ? null
                : new ManagementPort(
                        config.flush().management(),
                        new ManagementCommands(config.flush(), store, metrics, sender, clock));
        relay = config.relay().isEmpty() ? null : new Relay(config.relay(), metrics);
        listeners = new Listeners(listening);
        for (ListenerConfig listener : config.listeners()) {
            listeners.add(listener, new LineFraming((int) config.maxLine().bytes()), receiver());
        }
    }

    @Override
    public List<Source> sources() {
        return List.of(Source.of(this));
    }

    @Override
    public void start() throws IOException {
        if (file != null) {
            use(file.read());
        }
        FlushConfig flush = config.flush();
        if (sender != null && flush != null) {
            sender.start();
            tasks.add(scheduler.every("statsd-flush", flush.flushInterval(), Duration.ZERO, this::flush));
        }
        if (relay != null) {
            relay.start();
        }
        listeners.start();
        if (management != null) {
            management.start();
        }
        tasks.add(scheduler.every("statsd-sweep", Duration.ofSeconds(1), Duration.ZERO, now -> sweep()));
    }

    private void use(Mapper mapper) {
        synchronized (store) {
            store.use(mapper);
        }
    }

    private void sweep() {
        if (relay != null) {
            relay.flush();
        }
        listeners.refresh();
        synchronized (store) {
            store.expire(clock.millis());
        }
        seenUdp = more(metrics.udpPackets, listeners.packets(Network.UDP), seenUdp);
        seenUnixgram = more(metrics.unixgramPackets, listeners.packets(Network.UNIXGRAM), seenUnixgram);
        seenDrops = more(metrics.udpDrops, listeners.kernelDrops(), seenDrops);
        seenConnections = more(metrics.tcpConnections, listeners.connections(), seenConnections);
        if (file != null) {
            reload(file);
        }
    }

    private static double more(io.prometheus.client.Counter.Child counter, double now, double before) {
        counter.inc(Math.max(0, now - before));
        return now;
    }

    private void reload(MappingFile changed) {
        try {
            Mapper mapper = changed.readIfChanged();
            if (mapper != null) {
                use(mapper);
                metrics.reloads.inc();
                logger.atInfo().addKeyValue("mappings", mapper.size()).log("mapping file read again");
            }
        } catch (IOException e) {
            metrics.reloadFailures.inc();
            logger.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("the mapping file cannot be used, the rules before it stay");
        }
    }

    private void flush(Instant now) {
        List<String> lines;
        synchronized (store) {
            FlushTable table = store.flushTable();
            lines = table == null ? List.of() : table.flush(now.getEpochSecond());
        }
        if (sender != null && !lines.isEmpty()) {
            sender.send(lines);
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

    /** What takes lines as if a listener had heard them, for those in the same process. For one thread. */
    public Receiver receiver() {
        StatsdReader reader =
                new StatsdReader(store, metrics, clock, (int) config.maxLine().bytes());
        return relay == null ? reader : relay.before(reader);
    }

    /** The port of a listener as the system chose it; 0 when it has none. */
    public int port(String listener) {
        return listeners.port(listener);
    }

    /** The port at which management's commands are taken, as the system chose it; 0 when they are not. */
    int managementPort() {
        return management == null ? 0 : management.port();
    }

    @Override
    public List<String> notReady() {
        return listeners.notReady();
    }

    @Override
    public void close() {
        tasks.forEach(Scheduler.Task::close);
        if (management != null) {
            management.close();
        }
        listeners.close();
        if (relay != null) {
            relay.close();
        }
        if (sender != null) {
            flush(clock.instant());
            sender.close();
        }
    }
}
