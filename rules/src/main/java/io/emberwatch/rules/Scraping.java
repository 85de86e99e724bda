package io.emberwatch.rules;

import io.emberwatch.rules.scrape.DroppedTarget;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.scrape.Scraper;
import io.emberwatch.rules.scrape.TargetStatus;
import io.emberwatch.rules.web.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The scraper while it runs; before and after, there are no targets. */
final class Scraping implements Targets {
    private final Supplier<List<MetricMetadata>> received;
    private volatile @Nullable Scraper scraper;

    /** @param received what remote writes say of metrics */
    Scraping(Supplier<List<MetricMetadata>> received) {
        this.received = received;
    }

    void opened(Scraper running) {
        scraper = running;
    }

    @Nullable
    Scraper scraper() {
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
    public List<MetricMetadata> received() {
        return received.get();
    }

    /** What is known of all metrics. */
    List<MetricMetadata> metadata() {
        List<MetricMetadata> all = new ArrayList<>();
        targets().forEach(target -> all.addAll(target.metadata()));
        all.addAll(received());
        return all;
    }

    @Override
    public List<TargetStatus> targets() {
        Scraper running = scraper;
        return running == null ? List.of() : running.targets();
    }

    @Override
    public List<DroppedTarget> dropped() {
        Scraper running = scraper;
        return running == null ? List.of() : running.droppedTargets();
    }
}
