package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.Staleness;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.rules.store.StoreAppender;
import io.emberwatch.rules.store.StoredSeries;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the samples of a target's pages into a batch. Of one thread at a time. */
final class PageAppender implements ExpositionParser.RawHandler {
    /** How far in the future a sample's own time may be. */
    private static final long MAX_AHEAD_MILLIS = 10 * 60_000L;

    /** Refused series are tried again every so many scrapes. */
    private static final int REFUSED_AGAIN = 20;

    private final JobSettings settings;
    private final SampleLabels labels;
    private final StoreAppender appender;
    private final SeriesBudget budget;
    private final ScrapeMetrics metrics;
    private final Metadata metadata;
    private final SeriesCache cache = new SeriesCache();
    private final Map<String, StoredSeries> reports = new HashMap<>();
    private MetricType lastType = MetricType.UNKNOWN;
    private long now;
    private int round;
    private int scraped;
    private int kept;
    private int added;

    PageAppender(
            JobSettings settings,
            SampleLabels labels,
            StoreAppender appender,
            SeriesBudget budget,
            ScrapeMetrics metrics,
            Metadata metadata) {
        this.settings = settings;
        this.labels = labels;
        this.appender = appender;
        this.budget = budget;
        this.metrics = metrics;
        this.metadata = metadata;
    }

    /** Begins a scrape: what comes is of this time unless it has its own. */
    void begin(long timestampMillis) {
        now = timestampMillis;
        round++;
        scraped = 0;
        kept = 0;
        added = 0;
        lastType = MetricType.UNKNOWN;
        cache.begin();
        metadata.begin();
    }

    /** Adds the samples of a page, and stale markers for the series that it holds no more. */
    void append(byte[] page, TextFormat format) throws ScrapeFailure {
        try {
            ExpositionParser.parseRaw(page, format, this);
        } catch (ParseException e) {
            throw new ScrapeFailure(ScrapeFailure.Kind.PARSE, String.valueOf(e.getMessage()), e);
        } catch (Abort e) {
            throw e.reason;
        }
        cache.succeed(this::end);
        metadata.succeed();
    }

    /** Drops what was added and ends every series that was alive. */
    void fail() {
        appender.rollback();
        cache.fail(this::end);
    }

    // Whoever replaced this target may have gone on with the series.
    private void end(StoredSeries series) {
        if (series.newestMillis() < now) {
            appender.append(series, now, Staleness.STALE_NAN);
        }
    }

    /** Lines of the page. */
    int scraped() {
        return scraped;
    }

    /** Lines that relabelling left. */
    int kept() {
        return kept;
    }

    /** Series that were not there before. */
    int added() {
        return added;
    }

    @Override
    public void rawSample(byte[] page, int from, int to, double value, long timestampMillis) throws ParseException {
        scraped++;
        int line = cache.find(page, from, to);
        if (line == SeriesCache.NONE) {
            line = create(page, from, to);
        } else if (cache.isRefused(line) && round % REFUSED_AGAIN == 0) {
            retry(line, page, from, to);
        }
        boolean ownTime = timestampMillis != MetricPoint.NO_TIMESTAMP
                && settings.labelling().honorTimestamps();
        boolean tracked = !ownTime || settings.labelling().trackTimestampsStaleness();
        boolean fresh = cache.touch(line, tracked);
        StoredSeries series = cache.series(line);
        if (series == null) {
            if (cache.isRefused(line)) {
                kept++;
                metrics.refused.inc();
            }
            return;
        }
        kept++;
        if (settings.limits().samples() > 0 && kept > settings.limits().samples()) {
            throw new Abort(new ScrapeFailure(ScrapeFailure.Kind.SAMPLE_LIMIT, "sample limit exceeded"));
        }
        if (!fresh && !ownTime) {
            metrics.duplicates.inc();
        } else if (ownTime && timestampMillis > now + MAX_AHEAD_MILLIS) {
            metrics.outOfBounds.inc();
        } else {
            appender.append(series, ownTime ? timestampMillis : now, value);
        }
    }

    private int create(byte[] page, int from, int to) throws ParseException {
        Labels stored = stored(page, from, to);
        if (stored == null) {
            return cache.add(page, from, to, null, false);
        }
        StoredSeries series = series(stored);
        if (series != null) {
            added++;
        }
        return cache.add(page, from, to, series, series == null);
    }

    private void retry(int line, byte[] page, int from, int to) throws ParseException {
        Labels stored = stored(page, from, to);
        StoredSeries series = stored == null ? null : series(stored);
        if (series != null) {
            added++;
            cache.accept(line, series);
        }
    }

    private @Nullable Labels stored(byte[] page, int from, int to) throws ParseException {
        try {
            return labels.of(page, from, to, lastType);
        } catch (ScrapeFailure e) {
            throw new Abort(e);
        }
    }

    private @Nullable StoredSeries series(Labels stored) {
        StoredSeries known = appender.known(stored);
        if (known != null) {
            return known;
        }
        return budget.take(now) ? appender.series(stored) : null;
    }

    /** Adds a sample about the scrape itself. */
    void report(String metricName, double value) {
        StoredSeries series = reports.get(metricName);
        if (series == null) {
            series = appender.series(labels.ofReport(metricName));
        }
        if (series != null) {
            reports.put(metricName, series);
            appender.append(series, now, value);
        }
    }

    /** Ends the series about the scrape itself. */
    void endReports() {
        reports.values().forEach(this::end);
    }

    @Override
    public void type(String family, MetricType type) {
        lastType = type;
        metadata.type(family, type);
    }

    @Override
    public void help(String family, String help) {
        metadata.help(family, help);
    }

    @Override
    public void unit(String family, String unit) {
        metadata.unit(family, unit);
    }

    /** Ends the parsing of a page for a reason that is not the page's syntax. */
    private static final class Abort extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ScrapeFailure reason;

        Abort(ScrapeFailure reason) {
            super(reason.getMessage(), reason, false, false);
            this.reason = reason;
        }
    }
}
