package io.emberwatch.rules.engine;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Staleness;
import io.emberwatch.model.time.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group with its state: evaluates its rules one after the other on a fixed grid, so that each sees what those before
 * it have written.
 *
 * <p>The grid is shifted by a hash of file and name, so that groups spread over the interval. The time of an evaluation
 * is that of the grid, however late it runs.
 */
final class GroupRunner {
    private static final Logger logger = LoggerFactory.getLogger("rules");
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final RuleGroup group;
    private final GroupTerms terms;
    private final List<RuleRunner> rules;
    private final Set<Labels> orphans = new LinkedHashSet<>();
    private int evaluationsUntilRestore;
    private @Nullable Instant lastTick;
    private boolean stopped;
    private Scheduler.@Nullable Task task;
    private @Nullable Scheduler retrying;
    private @Nullable Round round;
    private @Nullable Executor workers;
    private List<List<Integer>> batches = List.of();
    private volatile @Nullable Instant lastEvaluation;
    private volatile Duration lastDuration = Duration.ZERO;

    /** @param restores whether alerts are to be taken up from their series, after the second evaluation */
    GroupRunner(RuleGroup group, RuleEnvironment environment, boolean restores) {
        this.group = group;
        this.terms = GroupTerms.of(group, environment);
        this.evaluationsUntilRestore = restores ? 2 : 0;
        RulePolicies policies = environment.settings().policies();
        this.rules = group.rules().stream()
                .map(rule -> runner(rule, policies, !restores))
                .toList();
    }

    private RuleRunner runner(Rule rule, RulePolicies policies, boolean restored) {
        return rule instanceof Rule.Recording recording
                ? new RecordingRunner(recording)
                : new AlertingRunner((Rule.Alerting) rule, policies.of(group.name(), rule.name()), restored);
    }

    RuleGroup group() {
        return group;
    }

    /** Whether another definition under other settings would run just the same. */
    boolean runs(RuleGroup other, RuleEnvironment environment) {
        return group.definition().equals(other.definition()) && terms.equals(GroupTerms.of(other, environment));
    }

    /** @param helpers evaluate rules that do not depend on each other; null when there are none */
    synchronized void start(Scheduler scheduler, @Nullable Executor helpers) {
        retrying = scheduler;
        // What stops or waits after a failure goes one rule after the other.
        boolean plain = terms.policy().retries() == 0 && terms.policy().onFailure() == GroupPolicy.OnFailure.CONTINUE;
        workers = plain ? helpers : null;
        batches = workers == null ? List.of() : RuleBatches.of(group.rules());
        terms.environment().events().groupStarted(group.key(), group.rules().size(), terms.interval());
        Duration offset = slot(group.file(), group.name(), terms.interval());
        task = scheduler.every("rules " + group.name(), terms.interval(), offset, this::tick);
    }

    /** The shift of a group's grid: 64-bit FNV-1a of file and name, modulo the interval. */
    static Duration slot(String file, String name, Duration interval) {
        long hash = FNV_OFFSET;
        for (byte b : (file + '\0' + name).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return Duration.ofMillis(Long.remainderUnsigned(hash, interval.toMillis()));
    }

    private synchronized void tick(Instant at) {
        if (stopped) {
            return;
        }
        Instant last = lastTick;
        lastTick = at;
        if (last != null) {
            long missed = Duration.between(last, at).dividedBy(terms.interval()) - 1;
            if (missed > 0) {
                terms.environment().events().iterationsMissed(group.key(), missed);
            }
        }
        evaluate(at);
    }

    /** One evaluation of the group as far as it has come. */
    private static final class Round {
        final Instant at;
        final long start = System.nanoTime();
        Duration rulesTook = Duration.ZERO;
        int samples;
        int next;
        int retries;
        String stoppedBy = "";

        Round(Instant at) {
            this.at = at;
        }

        synchronized void took(long nanos) {
            rulesTook = rulesTook.plusNanos(nanos);
        }

        synchronized void gave(int count) {
            samples += count;
        }
    }

    /** Evaluates every rule at one time, later than the last. */
    synchronized void evaluate(Instant at) {
        Round unfinished = round;
        if (unfinished != null) {
            finish(unfinished);
        }
        Executor executor = workers;
        if (executor == null) {
            proceed(new Round(at));
        } else {
            evaluateBatches(new Round(at), executor);
        }
    }

    private void evaluateBatches(Round current, Executor executor) {
        for (List<Integer> batch : batches) {
            List<CompletableFuture<Void>> others = new ArrayList<>(batch.size());
            for (int index : batch.subList(1, batch.size())) {
                others.add(CompletableFuture.runAsync(() -> evaluateOne(current, index), executor));
            }
            evaluateOne(current, batch.get(0));
            others.forEach(CompletableFuture::join);
        }
        finish(current);
    }

    private void evaluateOne(Round current, int index) {
        long start = System.nanoTime();
        evaluate(rules.get(index), current, start);
        current.took(System.nanoTime() - start);
    }

    private synchronized void retry(Round waiting) {
        if (waiting == round && !stopped) {
            terms.environment().events().ruleRetried(group.key());
            proceed(waiting);
        }
    }

    private void proceed(Round current) {
        round = current;
        while (current.next < rules.size()) {
            RuleRunner rule = rules.get(current.next);
            if (!current.stoppedBy.isEmpty()) {
                String reason = "not evaluated: " + current.stoppedBy + " gave no result";
                rule.remember(current.at, Duration.ZERO, 0, reason);
                current.next++;
                continue;
            }
            long ruleStart = System.nanoTime();
            RuleFailure failure = evaluate(rule, current, ruleStart);
            current.took(System.nanoTime() - ruleStart);
            Scheduler scheduler = retrying;
            if (failure != null
                    && failure.mayPass()
                    && scheduler != null
                    && current.retries < terms.policy().retries()) {
                current.retries++;
                scheduler.once("retry " + group.name(), terms.policy().retryDelay(), () -> retry(current));
                return;
            }
            if (failure != null && terms.policy().onFailure() == GroupPolicy.OnFailure.STOP) {
                current.stoppedBy = rule.rule().name();
            }
            current.retries = 0;
            current.next++;
        }
        finish(current);
    }

    private void finish(Round finished) {
        round = null;
        Instant at = finished.at;
        markOrphans(terms.queryTime(at));
        lastDuration = Duration.ofNanos(System.nanoTime() - finished.start);
        lastEvaluation = at;
        RuleEvents events = terms.environment().events();
        events.groupEvaluated(group.key(), at, lastDuration, finished.rulesTook, finished.samples);
        int without = 0;
        for (RuleRunner rule : rules) {
            without += rule.rule().query().withoutSeries().size();
        }
        events.selectorsWithoutSeries(group.key(), without);
        if (evaluationsUntilRestore > 0 && --evaluationsUntilRestore == 0) {
            restore(at);
        }
    }

    private @Nullable RuleFailure evaluate(RuleRunner rule, Round current, long start) {
        RuleEnvironment environment = terms.environment();
        Instant at = current.at;
        RuleFailure failure = null;
        String error = "";
        int count = 0;
        try {
            List<Sample> samples = rule.evaluate(at, terms);
            count = samples.size();
            rule.sendAlerts(at, terms);
            List<Sample> all =
                    rule.withStaleMarkers(samples, terms.queryTime(at).toEpochMilli());
            if (!all.isEmpty()) {
                environment.samples().append(all);
            }
        } catch (RuleFailure e) {
            failure = e;
            error = e.text();
        } catch (RuntimeException e) {
            error = "internal error: " + e;
            failure = new RuleFailure(error);
            logger.atError().setCause(e).addKeyValue("rule", rule.rule().name()).log("rule failed");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        boolean news = !error.equals(rule.lastError());
        rule.remember(at, took, count, error);
        environment.events().ruleEvaluated(group.key(), took);
        if (!error.isEmpty()) {
            environment.events().ruleFailed(group.key());
        }
        if (!error.isEmpty() && news) {
            logger.atWarn()
                    .addKeyValue("file", group.file())
                    .addKeyValue("group", group.name())
                    .addKeyValue("rule", rule.rule().name())
                    .addKeyValue("error", error)
                    .log("rule gave no result");
        }
        current.gave(count);
        return failure;
    }

    private void markOrphans(Instant at) {
        if (orphans.isEmpty()) {
            return;
        }
        List<Sample> markers = new ArrayList<>();
        orphans.forEach(series -> markers.add(new Sample(series, at.toEpochMilli(), Staleness.STALE_NAN)));
        orphans.clear();
        terms.environment().samples().append(markers);
    }

    private void restore(Instant at) {
        long start = System.nanoTime();
        AlertRestorer restorer = new AlertRestorer(terms, at);
        for (RuleRunner rule : rules) {
            if (rule instanceof AlertingRunner alerting) {
                restorer.restore(alerting);
                alerting.setRestored();
            }
        }
        terms.environment().events().groupRestored(group.key(), Duration.ofNanos(System.nanoTime() - start));
    }

    /** Evaluates no more; waits for an evaluation under way. */
    void stop() {
        Scheduler.Task planned;
        synchronized (this) {
            stopped = true;
            planned = task;
        }
        if (planned != null) {
            planned.close();
        }
        terms.environment().events().groupStopped(group.key());
    }

    /**
     * Ends the series of a group that is gone, two intervals from now: a rule that moved elsewhere has written its first
     * samples by then, which makes the marker come too late and be dropped.
     */
    synchronized void endSeries(Scheduler scheduler, Instant stoppedAt) {
        rules.forEach(rule -> orphans.addAll(rule.previousSeries()));
        scheduler.once(
                "end series of " + group.name(), terms.interval().multipliedBy(2), () -> markOrphansAt(stoppedAt));
    }

    private synchronized void markOrphansAt(Instant stoppedAt) {
        markOrphans(terms.queryTime(stoppedAt));
    }

    /**
     * Takes over the state of the same group as it was before a reload. Rules are the same when their names and labels
     * are; of several such, the first is the first.
     */
    void copyFrom(GroupRunner before) {
        synchronized (before) {
            synchronized (this) {
                Map<String, List<RuleRunner>> old = new HashMap<>();
                for (RuleRunner rule : before.rules) {
                    old.computeIfAbsent(rule.identity(), identity -> new ArrayList<>())
                            .add(rule);
                }
                for (RuleRunner rule : rules) {
                    List<RuleRunner> same = old.getOrDefault(rule.identity(), List.of());
                    if (!same.isEmpty()) {
                        rule.copyFrom(same.remove(0));
                    }
                }
                orphans.addAll(before.orphans);
                old.values().forEach(left -> left.forEach(rule -> orphans.addAll(rule.previousSeries())));
                lastEvaluation = before.lastEvaluation;
                lastDuration = before.lastDuration;
                if (evaluationsUntilRestore > 0) {
                    evaluationsUntilRestore = Math.max(1, before.evaluationsUntilRestore);
                }
            }
        }
    }

    /** Whether alerts of before a restart are still to be taken up. */
    synchronized boolean awaitsRestore() {
        return evaluationsUntilRestore > 0;
    }

    GroupStatus status() {
        return new GroupStatus(
                group,
                terms.interval(),
                lastEvaluation,
                lastDuration,
                rules.stream().map(RuleRunner::status).toList());
    }
}
