package io.emberwatch.rules;

import io.emberwatch.rules.scrape.DroppedTarget;
import io.emberwatch.rules.scrape.Scraper;
import io.emberwatch.rules.scrape.TargetStatus;
import io.emberwatch.rules.web.Targets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scraper while it runs; before and after, there are no targets. */
final class Scraping implements Targets {
    private volatile @Nullable Scraper scraper;

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
