package io.emberwatch.rules;

import io.emberwatch.model.MetricType;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.scrape.Scraper;
import io.emberwatch.rules.web.MetricDescription;
import io.emberwatch.rules.web.TargetStatus;
import io.emberwatch.rules.web.Targets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scraper while it runs, as the HTTP API shows its targets. */
final class Scraping implements Targets {
    private volatile @Nullable Scraper scraper;

    void opened(Scraper running) {
        scraper = running;
    }

    @Nullable Scraper scraper() {
        return scraper;
    }

    void close() {
        Scraper running = scraper;
        scraper = null;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public List<TargetStatus> targets() {
        Scraper running = scraper;
        if (running == null) {
            return List.of();
        }
        List<TargetStatus> all = new ArrayList<>();
        running.targets().forEach(target -> all.add(shown(target)));
        running.droppedTargets()
                .forEach(dropped -> all.add(new TargetStatus(
                        dropped.discoveredLabels(),
                        io.emberwatch.model.Labels.EMPTY,
                        dropped.job(),
                        "",
                        dropped.error(),
                        null,
                        java.time.Duration.ZERO,
                        "unknown",
                        java.time.Duration.ZERO,
                        java.time.Duration.ZERO,
                        true)));
        return all;
    }

    private static TargetStatus shown(io.emberwatch.rules.scrape.TargetStatus target) {
        return new TargetStatus(
                target.discoveredLabels(),
                target.labels(),
                target.job(),
                target.scrapeUrl(),
                target.lastError(),
                target.lastScrape(),
                target.lastDuration(),
                target.health().text(),
                target.interval(),
                target.timeout(),
                false);
    }

    @Override
    public List<MetricDescription> descriptions() {
        Scraper running = scraper;
        if (running == null) {
            return List.of();
        }
        List<MetricDescription> all = new ArrayList<>();
        for (io.emberwatch.rules.scrape.TargetStatus target : running.targets()) {
            for (MetricMetadata metadata : target.metadata()) {
                all.add(new MetricDescription(
                        target.labels(), metadata.family(), spelt(metadata.type()), metadata.help(), metadata.unit()));
            }
        }
        return all;
    }

    private static String spelt(MetricType type) {
        return type == MetricType.UNKNOWN ? "unknown" : type.text();
    }
}
