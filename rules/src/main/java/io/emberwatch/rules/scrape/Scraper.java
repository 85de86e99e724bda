package io.emberwatch.rules.scrape;

import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.discovery.Discovery;
import io.emberwatch.rules.discovery.TargetSources;
import io.emberwatch.rules.settings.ClientFactory;
import io.emberwatch.rules.settings.SettingsClient;
import io.emberwatch.rules.store.SeriesStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes the targets of a configuration into a store, as Prometheus does: each target at its own place in the interval,
 * with {@code up} and its companions, target labels, relabelling, limits and stale markers.
 *
 * <p>A target that hangs, sends too much or sends nonsense fails its own scrapes and disturbs no other.
 */
public final class Scraper implements AutoCloseable {
    private final SeriesStore store;
    private final InstantSource clock;
    private final ScrapeMetrics metrics;
    private final ClientFactory clients = new ClientFactory();
    private final PageBuffers buffers = PageBuffers.ofHeap();
    private final Map<String, ScrapePool> pools = new LinkedHashMap<>();
    private final Map<String, Discovery> discoveries = new HashMap<>();
    private ScrapeConfig config;
    private @Nullable ScrapeContext context;

    public Scraper(ScrapeConfig config, SeriesStore store, InstantSource clock, ScrapeMetrics metrics) {
        this.config = config;
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Begins to scrape.
     *
     * @throws IOException when certificates or keys of a job cannot be used; nothing runs then
     */
    public synchronized void start(Scheduler scheduler) throws IOException {
        ScrapeContext fresh = new ScrapeContext(store, clock, scheduler, clients, buffers, metrics);
        Map<String, SettingsClient> jobClients = clientsOf(config);
        context = fresh;
        for (ScrapeJob job : config.jobs()) {
            open(fresh, job, client(jobClients, job));
        }
    }

    private Map<String, SettingsClient> clientsOf(ScrapeConfig wanted) throws IOException {
        Map<String, SettingsClient> made = new HashMap<>();
        for (ScrapeJob job : wanted.jobs()) {
            try {
                SettingsClient client = clients.client(job.settings().http());
                client.current();
                made.put(job.name(), client);
                for (TargetSources.HttpSource endpoint : job.sources().endpoints()) {
                    clients.client(endpoint.http()).current();
                }
            } catch (IOException e) {
                throw new IOException("job \"" + job.name() + "\": " + e.getMessage(), e);
            }
        }
        return made;
    }

    private static SettingsClient client(Map<String, SettingsClient> made, ScrapeJob job) {
        return Objects.requireNonNull(made.get(job.name()));
    }

    private void open(ScrapeContext to, ScrapeJob job, SettingsClient client) {
        ScrapePool pool = new ScrapePool(to, job, client);
        pools.put(job.name(), pool);
        pool.start();
        discover(job, pool, to);
    }

    private void discover(ScrapeJob job, ScrapePool pool, ScrapeContext with) {
        Discovery.Means means = new Discovery.Means(with.scheduler(), clients, metrics.discovery());
        discoveries.put(job.name(), Discovery.start(job.name(), job.sources(), pool::discovered, means));
    }

    /**
     * Takes up another configuration. Targets that stay the same go on undisturbed; those that are gone get stale
     * markers.
     *
     * @throws IOException when certificates or keys of a job cannot be used; everything stays as it was then
     */
    public synchronized void reload(ScrapeConfig changed) throws IOException {
        ScrapeContext running = context;
        metrics.reloads.inc();
        if (running == null) {
            config = changed;
            return;
        }
        Map<String, SettingsClient> jobClients;
        try {
            jobClients = clientsOf(changed);
        } catch (IOException e) {
            metrics.reloadsFailed.inc();
            throw e;
        }
        config = changed;
        List<String> gone = new ArrayList<>(pools.keySet());
        gone.removeAll(changed.jobNames());
        for (String name : gone) {
            close(discoveries.remove(name));
            ScrapePool pool = pools.remove(name);
            if (pool != null) {
                pool.end();
            }
        }
        for (ScrapeJob job : changed.jobs()) {
            ScrapePool pool = pools.get(job.name());
            if (pool == null) {
                open(running, job, client(jobClients, job));
            } else if (!pool.job().equals(job)) {
                close(discoveries.remove(job.name()));
                pool.reload(job, client(jobClients, job));
                discover(job, pool, running);
            }
        }
    }

    private static void close(@Nullable Discovery discovery) {
        if (discovery != null) {
            discovery.close();
        }
    }

    /** Every target that is scraped, job by job in the order of the configuration. */
    public synchronized List<TargetStatus> targets() {
        List<TargetStatus> targets = new ArrayList<>();
        pools.values().forEach(pool -> targets.addAll(pool.targets()));
        return targets;
    }

    /** Targets that were found and are not scraped, a bounded number per job. */
    public synchronized List<DroppedTarget> droppedTargets() {
        List<DroppedTarget> dropped = new ArrayList<>();
        pools.values().forEach(pool -> dropped.addAll(pool.dropped()));
        return dropped;
    }

    /** The configuration in use. */
    public synchronized ScrapeConfig config() {
        return config;
    }

    /** Ends all scrapes, those under way too. Series do not end by it: the program may be back in a moment. */
    @Override
    public synchronized void close() {
        discoveries.values().forEach(Discovery::close);
        discoveries.clear();
        pools.values().forEach(ScrapePool::abandon);
        pools.clear();
        clients.close();
        context = null;
    }
}
