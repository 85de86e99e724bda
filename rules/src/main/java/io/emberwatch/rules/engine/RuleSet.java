package io.emberwatch.rules.engine;

import io.emberwatch.model.time.Scheduler;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All groups that run.
 *
 * <p>A reload keeps what did not change running, hands the state of a changed group to its new form, and ends the series
 * of what is gone. A file with a fault keeps the groups that it had; the other files are taken up all the same.
 */
public final class RuleSet implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("rules");

    private final Scheduler scheduler;
    private final Map<String, GroupRunner> running = new LinkedHashMap<>();
    private RuleEnvironment environment;
    private boolean loadedBefore;
    private @Nullable ExecutorService workers;

    public RuleSet(RuleEnvironment environment, Scheduler scheduler) {
        this.environment = environment;
        this.scheduler = scheduler;
    }

    /**
     * Takes up files and settings.
     *
     * @param files each once
     * @param now when the series of what is gone end
     */
    public synchronized ReloadReport reload(List<Path> files, RuleSettings settings, Instant now) {
        environment = environment.with(settings);
        if (workers == null && settings.concurrency() > 1) {
            workers = workers(settings.concurrency() - 1);
        }
        RuleFileLoader loader = new RuleFileLoader(environment.queries());
        List<RuleFault> faults = new ArrayList<>();
        List<RuleFault> warnings = new ArrayList<>();
        Map<String, RuleGroup> wanted = new LinkedHashMap<>();
        Set<String> faulty = new HashSet<>();
        for (Path file : files) {
            try {
                RuleFile loaded = loader.load(file);
                warnings.addAll(loaded.warnings());
                loaded.groups().forEach(group -> wanted.put(group.key(), group));
            } catch (RuleFileException e) {
                faults.addAll(e.faults());
                faulty.add(file.toString());
            }
        }
        running.forEach((key, runner) -> {
            if (faulty.contains(runner.group().file())) {
                wanted.put(key, runner.group());
            }
        });
        apply(wanted, now);
        faults.forEach(fault -> logger.atError().log("rule file keeps its old groups: {}", fault));
        warnings.forEach(warning -> logger.atWarn().log("{}", warning));
        int rules =
                wanted.values().stream().mapToInt(group -> group.rules().size()).sum();
        return new ReloadReport(faults, warnings, wanted.size(), rules);
    }

    private static ExecutorService workers(int count) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "rules-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private void apply(Map<String, RuleGroup> wanted, Instant now) {
        Map<String, GroupRunner> before = new LinkedHashMap<>(running);
        running.clear();
        wanted.forEach((key, group) -> {
            GroupRunner old = before.remove(key);
            if (old != null && old.runs(group, environment)) {
                running.put(key, old);
            } else {
                running.put(key, started(group, old));
            }
        });
        before.values().forEach(gone -> {
            gone.stop();
            gone.endSeries(scheduler, now);
        });
        loadedBefore = true;
    }

    private GroupRunner started(RuleGroup group, @Nullable GroupRunner old) {
        boolean restores = old == null ? !loadedBefore : old.awaitsRestore();
        GroupRunner runner = new GroupRunner(group, environment, restores);
        if (old != null) {
            old.stop();
            runner.copyFrom(old);
        }
        runner.start(scheduler, workers);
        return runner;
    }

    /** The groups, in the order of their files. */
    public synchronized List<GroupStatus> groups() {
        return running.values().stream().map(GroupRunner::status).toList();
    }

    /** Stops all groups; what they wrote and sent stays. */
    @Override
    public synchronized void close() {
        running.values().forEach(GroupRunner::stop);
        running.clear();
        if (workers != null) {
            workers.shutdown();
        }
    }
}
