package io.emberwatch.rules.scrape;

import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.scrape.ScrapeJob.FileSource;
import io.emberwatch.rules.scrape.ScrapeJob.HttpSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for the targets of one job in files and at endpoints. What cannot be read leaves its targets as they were and is
 * counted.
 */
final class Discovery implements AutoCloseable {
    /** How often files are looked at; they are read only when they have changed. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

    private final ScrapePool pool;
    private final ScrapeContext context;
    private final List<Scheduler.Task> tasks = new ArrayList<>();
    private volatile boolean closed;

    private Discovery(ScrapePool pool, ScrapeContext context) {
        this.pool = pool;
        this.context = context;
    }

    static Discovery start(ScrapeJob job, ScrapePool pool, ScrapeContext context) {
        Discovery discovery = new Discovery(pool, context);
        job.files().forEach(discovery::watch);
        job.endpoints().forEach(discovery::ask);
        return discovery;
    }

    private void watch(FileSource source) {
        FileTargets files = new FileTargets(source, groups -> found(source.name(), groups), context.metrics());
        files.look();
        Duration period = source.refresh().compareTo(LOOK_INTERVAL) < 0 ? source.refresh() : LOOK_INTERVAL;
        tasks.add(context.scheduler()
                .every("discover files of " + pool.name(), period, Duration.ZERO, at -> files.look()));
    }

    private void ask(HttpSource source) {
        EndpointTargets endpoint = new EndpointTargets(source, groups -> found(source.name(), groups), context);
        String name = "discover targets of " + pool.name();
        tasks.add(context.scheduler().once(name, Duration.ZERO, endpoint::ask));
        tasks.add(context.scheduler().every(name, source.refresh(), Duration.ZERO, at -> endpoint.ask()));
    }

    private void found(String source, List<TargetGroup> groups) {
        if (!closed) {
            pool.discovered(source, groups);
        }
    }

    @Override
    public void close() {
        closed = true;
        tasks.forEach(Scheduler.Task::close);
    }
}
