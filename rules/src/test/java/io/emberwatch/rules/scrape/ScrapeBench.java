package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.Staleness;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.rules.store.StoreConfig;
import io.emberwatch.rules.store.StoreMetrics;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A scraper under a manual clock with a store in memory. */
final class ScrapeBench implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    final CollectorRegistry registry = new CollectorRegistry();
    final ManualClock clock = new ManualClock(START);
    final ManualScheduler scheduler = new ManualScheduler(clock);
    final SeriesStore store;
    final Scraper scraper;

    ScrapeBench(String yaml) throws IOException, ConfigException {
        this(yaml, StoreConfig.DEFAULT);
    }

    ScrapeBench(String yaml, StoreConfig storeConfig) throws IOException, ConfigException {
        store = SeriesStore.inMemory(storeConfig, new StoreMetrics(registry));
        scraper = new Scraper(ScrapeConfig.parse("prometheus.yml", yaml), store, clock, new ScrapeMetrics(registry));
        scraper.start(scheduler);
    }

    /** A job named test with this target, scraped every 15 s; further keys of the job indented by four. */
    static String job(FakeTarget target, String more) {
        return """
            scrape_configs:
              - job_name: test
                scrape_interval: 15s
                scrape_timeout: 2s
                static_configs:
                  - targets: ["%s"]
            """.formatted(target.address()) + more.indent(4);
    }

    /** Lets one interval pass: every target is scraped once. */
    void scrape() {
        scheduler.advance(Duration.ofSeconds(15));
    }

    /** The newest values by name and labels (target labels left out), stale ones as {@code stale}. */
    Map<String, String> newest() throws QueryException {
        Map<String, String> values = new TreeMap<>();
        for (Series series : store.latest(List.of(), 0, Long.MAX_VALUE)) {
            double value = series.values()[0];
            values.put(
                    series.labels().without("job").without("instance").toString(),
                    Staleness.isStale(value) ? "stale" : Double.toString(value));
        }
        return values;
    }

    List<Series> series(String name) throws QueryException {
        return store.select(List.of(Matcher.equal(Labels.METRIC_NAME, name)), 0, Long.MAX_VALUE);
    }

    String lastError() {
        return scraper.targets().get(0).lastError();
    }

    double metric(String name) {
        return registry.getSampleValue(name);
    }

    @Override
    public void close() {
        scraper.close();
    }
}
