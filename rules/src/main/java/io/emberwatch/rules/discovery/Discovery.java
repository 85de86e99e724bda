package io.emberwatch.rules.discovery;

import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.discovery.TargetSources.FileSource;
import io.emberwatch.rules.discovery.TargetSources.HttpSource;
import io.emberwatch.rules.settings.ClientFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Looks for targets in files and at endpoints. What cannot be read leaves its targets as they were and is counted.
 */
public final class Discovery implements AutoCloseable {
    /** How often files are looked at; they are read only when they have changed. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

    private final String name;
    private final BiConsumer<String, List<TargetGroup>> found;
    private final Means means;
    private final List<Scheduler.Task> tasks = new ArrayList<>();
    private volatile boolean closed;

    /** What discoveries share. */
    public record Means(Scheduler scheduler, ClientFactory clients, DiscoveryMetrics metrics) {}

    private Discovery(String name, BiConsumer<String, List<TargetGroup>> found, Means means) {
        this.name = name;
        this.found = found;
        this.means = means;
    }

    /**
     * Begins to look.
     *
     * @param name whose targets they are, for logs and threads
     * @param found gets a source's name and its targets whenever they change; those of the configuration itself it does
     *     not get
     */
    public static Discovery start(
            String name, TargetSources sources, BiConsumer<String, List<TargetGroup>> found, Means means) {
        Discovery discovery = new Discovery(name, found, means);
        sources.files().forEach(discovery::watch);
        sources.endpoints().forEach(discovery::ask);
        return discovery;
    }

    private void watch(FileSource source) {
        FileTargets files = new FileTargets(source, groups -> found(source.name(), groups), means.metrics());
        files.look();
        Duration period = source.refresh().compareTo(LOOK_INTERVAL) < 0 ? source.refresh() : LOOK_INTERVAL;
        tasks.add(means.scheduler().every("discover files of " + name, period, Duration.ZERO, at -> files.look()));
    }

    private void ask(HttpSource source) {
        EndpointTargets endpoint = new EndpointTargets(source, groups -> found(source.name(), groups), means);
        String task = "discover targets of " + name;
        tasks.add(means.scheduler().once(task, Duration.ZERO, endpoint::ask));
        tasks.add(means.scheduler().every(task, source.refresh(), Duration.ZERO, at -> endpoint.ask()));
    }

    private void found(String source, List<TargetGroup> groups) {
        if (!closed) {
            found.accept(source, groups);
        }
    }

    @Override
    public void close() {
        closed = true;
        tasks.forEach(Scheduler.Task::close);
    }
}
