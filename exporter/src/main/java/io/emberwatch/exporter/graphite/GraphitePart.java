package io.emberwatch.exporter.graphite;

import io.emberwatch.exporter.listen.LineFraming;
import io.emberwatch.exporter.listen.ListenMetrics;
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
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes Carbon's protocols from sockets; its source is {@code graphite}. */
public final class GraphitePart implements Part, SampleSource {
    private static final Logger logger = LoggerFactory.getLogger("exporter.graphite");
    private static final String NAME = "graphite";
    private static final double MILLIS = 1e3;

    private final InstantSource clock;
    private final Scheduler scheduler;
    private final GraphiteMetrics metrics;
    private final GraphiteStore store;
    private final Listeners listeners;
    private final @Nullable MappingFile file;
    private final int maxLine;
    private Scheduler.@Nullable Task sweep;

    /**
     * @param registry where its metrics are declared
     * @param listening what is said of listeners of every kind
     * @throws IllegalArgumentException when a rule cannot be used
     */
    public GraphitePart(
            GraphiteConfig config, ServiceContext context, CollectorRegistry registry, ListenMetrics listening) {
        clock = context.clock();
        scheduler = context.scheduler();
        metrics = new GraphiteMetrics(registry, config.sampleExpiry().toMillis() / MILLIS);
        store = new GraphiteStore(config, new Mapper(config.mapping()), metrics);
        file = config.mappingFile() == null ? null : new MappingFile(config.mappingFile());
        listeners = new Listeners(listening);
        maxLine = (int) config.maxLine().bytes();
        for (ListenerConfig listener : config.listeners()) {
            listeners.add(listener, new LineFraming(maxLine), new CarbonReader(store, metrics, clock, maxLine));
        }
        for (ListenerConfig listener : config.pickle()) {
            listeners.add(
                    listener,
                    new PickleFraming((int) config.maxPickle().bytes()),
                    new PickleReader(store, metrics, clock));
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
        listeners.start();
        sweep = scheduler.every("graphite-sweep", Duration.ofSeconds(1), Duration.ZERO, now -> sweep());
    }

    private void use(Mapper mapper) {
        synchronized (store) {
            store.use(mapper);
        }
    }

    private void sweep() {
        listeners.refresh();
        synchronized (store) {
            store.expire(clock.millis());
        }
        if (file != null) {
            reload(file);
        }
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
        return new CarbonReader(store, metrics, clock, maxLine);
    }

    /** What takes pickles, without their lengths, as if a listener had heard them. For one thread. */
    public Receiver pickleReceiver() {
        return new PickleReader(store, metrics, clock);
    }

    /** The port of a listener as the system chose it; 0 when it has none. */
    public int port(String listener) {
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
    }
}
