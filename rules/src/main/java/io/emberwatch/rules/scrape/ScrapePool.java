package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.rules.discovery.TargetGroup;
import io.emberwatch.rules.settings.SettingsClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The targets of one job, kept in step with what discovery finds. */
final class ScrapePool {
    /** Dropped targets that are remembered when the job sets no number. */
    private static final int KEPT_DROPPED = 1_000;

    private static final Logger logger = LoggerFactory.getLogger("rules.scrape");

    private final ScrapeContext context;
    private ScrapeJob job;
    private SettingsClient client;
    private final Map<String, List<TargetGroup>> found = new LinkedHashMap<>();
    private final Map<Key, Running> running = new LinkedHashMap<>();
    private List<DroppedTarget> dropped = List.of();

    /** What makes a target the same one: while it stays, the loop goes on. */
    private record Key(Labels labels, String url) {
        static Key of(Target target) {
            return new Key(target.all(), target.url().toString());
        }
    }

    private record Running(ScrapeLoop loop, Scheduler.Task task) {}

    ScrapePool(ScrapeContext context, ScrapeJob job, SettingsClient client) {
        this.context = context;
        this.job = job;
        this.client = client;
    }

    synchronized String name() {
        return job.name();
    }

    synchronized ScrapeJob job() {
        return job;
    }

    synchronized void start() {
        found.put("", job.sources().groups());
        sync();
    }

    /**
     * Takes over a changed job. What discovery had found stays until its successor has looked.
     *
     * @param newClient for the job's changed settings
     */
    synchronized void reload(ScrapeJob changed, SettingsClient newClient) {
        boolean sameSettings = changed.settings().equals(job.settings());
        job = changed;
        if (!sameSettings) {
            client = newClient;
            replaceAll();
        }
        found.keySet().retainAll(changed.sources().names());
        found.put("", changed.sources().groups());
        sync();
    }

    /** Takes what a discovery source has found, in place of what it found before. */
    synchronized void discovered(String source, List<TargetGroup> groups) {
        found.put(source, List.copyOf(groups));
        sync();
    }

    private void sync() {
        Map<Key, Target> wanted = new LinkedHashMap<>();
        List<DroppedTarget> out = new ArrayList<>();
        for (List<TargetGroup> groups : found.values()) {
            for (TargetGroup group : groups) {
                group.targets().forEach(labels -> populate(labels, wanted, out));
            }
        }
        Instant now = context.clock().instant();
        running.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().task().close();
                entry.getValue().loop().end(now);
            }
            return gone;
        });
        wanted.forEach((key, target) -> running.computeIfAbsent(key, missing -> run(target)));
        limit();
        dropped = List.copyOf(out);
        context.metrics().poolTargets.labels(job.name()).set(running.size());
        context.metrics().poolSyncs.labels(job.name()).inc();
    }

    private void populate(Labels labels, Map<Key, Target> wanted, List<DroppedTarget> out) {
        int keep = job.settings().limits().keptDroppedTargets();
        String error = "";
        try {
            Target target = Target.of(job, labels);
            if (target != null) {
                wanted.putIfAbsent(Key.of(target), target);
                return;
            }
        } catch (IllegalArgumentException e) {
            error = String.valueOf(e.getMessage());
            logger.atWarn()
                    .addKeyValue("job", job.name())
                    .addKeyValue("labels", labels)
                    .addKeyValue("reason", error)
                    .log("no target can be made");
        }
        if (out.size() < (keep == 0 ? KEPT_DROPPED : keep)) {
            out.add(new DroppedTarget(job.name(), Target.discovered(job.settings(), labels), error));
        }
    }

    private Running run(Target target) {
        TargetClient targetClient = new TargetClient(target, job.settings(), client, context.buffers());
        ScrapeLoop loop = new ScrapeLoop(target, job.settings(), targetClient, context);
        String name = "scrape " + job.name() + " " + target.url().host() + ":"
                + target.url().port();
        return new Running(loop, context.scheduler().every(name, target.interval(), target.offset(), loop::scrape));
    }

    private void limit() {
        int limit = job.settings().limits().targets();
        String reason = limit > 0 && running.size() > limit
                ? "target_limit exceeded (number of targets: " + running.size() + ", limit: " + limit + ")"
                : "";
        running.values().forEach(one -> one.loop().refuse(reason));
    }

    // The same targets are about to be scraped in another way; only what they show no more is to end.
    private void replaceAll() {
        running.values().forEach(one -> {
            one.task().close();
            one.loop().stop();
            Duration delay = one.loop().target().interval().multipliedBy(2).plusSeconds(1);
            context.scheduler().once("end of replaced target", delay, one.loop()::endAfterReplacement);
        });
        running.clear();
    }

    private void endAll() {
        Instant now = context.clock().instant();
        running.values().forEach(one -> {
            one.task().close();
            one.loop().end(now);
        });
        running.clear();
    }

    /** Ends all targets of a job that is configured no more. */
    synchronized void end() {
        endAll();
        context.metrics().poolTargets.remove(job.name());
    }

    /** Stops scraping because the program stops: no stale markers, it may be back in a moment. */
    synchronized void abandon() {
        running.values().forEach(one -> {
            one.task().close();
            one.loop().abandon();
        });
        running.clear();
    }

    synchronized List<TargetStatus> targets() {
        return running.values().stream().map(one -> one.loop().status()).toList();
    }

    synchronized Collection<DroppedTarget> dropped() {
        return dropped;
    }
}
