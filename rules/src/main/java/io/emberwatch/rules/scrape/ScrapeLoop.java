package io.emberwatch.rules.scrape;

import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.store.StoreAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scrapes one target, again and again, until it is ended. */
final class ScrapeLoop {
    private static final List<String> REPORT = List.of(
            "up",
            "scrape_duration_seconds",
            "scrape_samples_scraped",
            "scrape_samples_post_metric_relabeling",
            "scrape_series_added");
    private static final List<String> EXTRA_REPORT =
            List.of("scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes");
    private static final Logger logger = LoggerFactory.getLogger("rules.scrape");

    private final Target target;
    private final JobSettings settings;
    private final TargetClient client;
    private final StoreAppender appender;
    private final PageAppender pages;
    private final Metadata metadata;
    private final ScrapeMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Outcome last = new Outcome(null, Duration.ZERO, null);
    private volatile String refusal = "";
    private volatile boolean stopped;
    private volatile boolean abandoned;
    private volatile @Nullable Instant ended;
    private boolean finished;

    /**
     * How the last scrape went.
     *
     * @param failure null when it went well
     */
    private record Outcome(
            @Nullable Instant at,
            Duration duration,
            @Nullable ScrapeFailure failure) {}

    ScrapeLoop(Target target, JobSettings settings, TargetClient client, ScrapeContext context) {
        this.target = target;
        this.settings = settings;
        this.client = client;
        metrics = context.metrics();
        appender = context.store().appender();
        metadata = new Metadata();
        pages = new PageAppender(
                settings,
                new SampleLabels(target.labels(), settings),
                appender,
                new SeriesBudget(context.store().seriesLimit() / 4),
                metrics,
                metadata);
    }

    Target target() {
        return target;
    }

    JobSettings settings() {
        return settings;
    }

    /** Makes every scrape fail with this reason; the empty text lets them be. */
    void refuse(String reason) {
        refusal = reason;
    }

    void scrape(Instant planned) {
        lock.lock();
        try {
            if (!stopped) {
                scrapeOnce(planned);
            }
        } finally {
            lock.unlock();
        }
        finishIfEnded();
    }

    private void scrapeOnce(Instant planned) {
        Instant before = last.at();
        if (before != null) {
            metrics.intervalLength
                    .labels(Durations.format(target.interval()))
                    .observe(Duration.between(before, planned).toMillis() / 1000.0);
        }
        long began = System.nanoTime();
        pages.begin(planned.toEpochMilli());
        ScrapeFailure failure = null;
        int bodySize = 0;
        try (TargetClient.Answer answer = ask()) {
            bodySize = answer.page().length();
            pages.append(answer.page().toBytes(), answer.format());
        } catch (ScrapeFailure e) {
            failure = e;
            if (abandoned) {
                appender.rollback();
                return;
            }
            pages.fail();
        } catch (RuntimeException e) {
            failure = new ScrapeFailure(ScrapeFailure.Kind.PARSE, "the page could not be taken: " + e, e);
            logger.atError().setCause(e).addKeyValue("target", target.url()).log("scrape failed unexpectedly");
            pages.fail();
        }
        Duration duration = Duration.ofNanos(System.nanoTime() - began);
        report(failure, duration, bodySize);
        metrics.count(appender.commit());
        tell(failure);
        last = new Outcome(planned, duration, failure);
    }

    private TargetClient.Answer ask() throws ScrapeFailure {
        String reason = refusal;
        if (!reason.isEmpty()) {
            throw new ScrapeFailure(ScrapeFailure.Kind.TARGET_LIMIT, reason);
        }
        return client.fetch();
    }

    private void report(@Nullable ScrapeFailure failure, Duration duration, int bodySize) {
        double seconds = duration.toNanos() / 1e9;
        double[] values = {failure == null ? 1 : 0, seconds, pages.scraped(), pages.kept(), pages.added()};
        for (int i = 0; i < values.length; i++) {
            pages.report(REPORT.get(i), values[i]);
        }
        if (settings.labelling().extraMetrics()) {
            boolean tooLarge = failure != null && failure.kind() == ScrapeFailure.Kind.BODY_SIZE;
            double[] extra = {
                target.timeout().toMillis() / 1000.0, settings.limits().samples(), tooLarge ? -1 : bodySize
            };
            for (int i = 0; i < extra.length; i++) {
                pages.report(EXTRA_REPORT.get(i), extra[i]);
            }
        }
    }

    // A target that stays down is told once.
    private void tell(@Nullable ScrapeFailure failure) {
        ScrapeFailure before = last.failure();
        if (failure == null) {
            metrics.succeeded();
            if (before != null) {
                logger.atInfo()
                        .addKeyValue("job", settings.name())
                        .addKeyValue("target", target.url())
                        .log("target is up again");
            }
            return;
        }
        metrics.failed(failure.kind());
        if (before == null) {
            logger.atWarn()
                    .addKeyValue("job", settings.name())
                    .addKeyValue("target", target.url())
                    .addKeyValue("reason", failure.getMessage())
                    .log("scrape failed");
        }
    }

    /** Lets no further scrape begin. */
    void stop() {
        stopped = true;
    }

    /** Ends the target: its series get stale markers, at once or when the scrape under way is over. */
    void end(Instant at) {
        stopped = true;
        ended = at;
        finishIfEnded();
    }

    /** Ends those series that the target's replacement has not gone on with. */
    void endAfterReplacement() {
        Instant lastScrape = last.at();
        if (lastScrape != null) {
            end(lastScrape.plus(target.interval()));
        }
    }

    /** Forgets the target without a trace, because the program stops. */
    void abandon() {
        abandoned = true;
        stopped = true;
    }

    private void finishIfEnded() {
        Instant at = ended;
        if (at == null || abandoned || !lock.tryLock()) {
            return;
        }
        try {
            Instant lastScrape = last.at();
            if (!finished && lastScrape != null) {
                finished = true;
                markEnd(Math.max(at.toEpochMilli(), lastScrape.toEpochMilli() + 1));
            }
        } finally {
            lock.unlock();
        }
    }

    private void markEnd(long timestampMillis) {
        pages.begin(timestampMillis);
        pages.fail();
        pages.endReports();
        metrics.count(appender.commit());
    }

    TargetStatus status() {
        Outcome outcome = last;
        ScrapeFailure failure = outcome.failure();
        TargetStatus.Health health = TargetStatus.Health.UNKNOWN;
        if (outcome.at() != null) {
            health = failure == null ? TargetStatus.Health.UP : TargetStatus.Health.DOWN;
        }
        return new TargetStatus(
                settings.name(),
                target.discovered(),
                target.labels(),
                target.url().toString(),
                failure == null ? "" : String.valueOf(failure.getMessage()),
                outcome.at(),
                outcome.duration(),
                health,
                target.interval(),
                target.timeout(),
                metadata.shown());
    }
}
