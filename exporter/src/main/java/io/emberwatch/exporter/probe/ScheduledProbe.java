package io.emberwatch.exporter.probe;

import io.emberwatch.exporter.probe.ProbeConfig.TargetConfig;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One target that is probed regularly, and what was found last. */
final class ScheduledProbe {
    private final TargetConfig config;
    private final ProbeRunner runner;
    private final Scheduler scheduler;
    private final ProbeMetrics metrics;
    private volatile List<MetricFamily> last = List.of();
    private Scheduler.@Nullable Task task;
    private Scheduler.@Nullable Task first;

    ScheduledProbe(TargetConfig config, ProbeRunner runner, Scheduler scheduler, ProbeMetrics metrics) {
        this.config = config;
        this.runner = runner;
        this.scheduler = scheduler;
        this.metrics = metrics;
    }

    void start() {
        String name = "probe-" + config.instance();
        first = scheduler.once(name, Duration.ZERO, this::probe);
        task = scheduler.every(name, config.interval(), Duration.ZERO, now -> probe());
    }

    private synchronized void probe() {
        ProbeRunner.Outcome outcome = runner.run(config.target(), Deadline.after(config.interval()), address -> true);
        metrics.probed(config.module(), outcome.success());
        List<MetricFamily> labelled = new ArrayList<>();
        for (MetricFamily family : outcome.families()) {
            List<MetricPoint> points = new ArrayList<>();
            for (MetricPoint point : family.points()) {
                Labels labels = point.key().labels().toBuilder()
                        .set("instance", config.instance())
                        .set("module", config.module())
                        .build();
                points.add(MetricPoint.of(point.key().name(), labels, point.value()));
            }
            labelled.add(MetricFamily.of(family.name(), family.type(), family.help(), points));
        }
        last = List.copyOf(labelled);
    }

    /** Empty until it was probed for the first time. */
    List<MetricFamily> last() {
        return last;
    }

    void close() {
        for (Scheduler.@Nullable Task planned : new Scheduler.@Nullable Task[] {first, task}) {
            if (planned != null) {
                planned.close();
            }
        }
    }
}
