package io.emberwatch.exporter;

import io.emberwatch.exporter.exec.ExecPart;
import io.emberwatch.exporter.exec.ScriptPart;
import io.emberwatch.exporter.graphite.GraphitePart;
import io.emberwatch.exporter.json.JsonPart;
import io.emberwatch.exporter.lineprotocol.InfluxPart;
import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.probe.ProbePart;
import io.emberwatch.exporter.probe.TargetGuard;
import io.emberwatch.exporter.processes.MonitorPart;
import io.emberwatch.exporter.processes.ProcessesPart;
import io.emberwatch.exporter.publish.PublishPart;
import io.emberwatch.exporter.push.LineTargets;
import io.emberwatch.exporter.push.PushPart;
import io.emberwatch.exporter.services.ServiceModules;
import io.emberwatch.exporter.services.ServicesPart;
import io.emberwatch.exporter.statsd.StatsdPart;
import io.emberwatch.exporter.status.StatusMetrics;
import io.emberwatch.exporter.tail.TailPart;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts that a configuration asks for, in the order of the page, one line each:
 *
 * <pre>{@code plans.add(new PartPlan("statsd", config.statsd(), () -> new StatsdPart(config.statsd(), context, registry)));}</pre>
 *
 * A part is made before any is started, and made again whenever its section changes while the process lives.
 */
final class Parts {
    private Parts() {}

    /**
     * @param registry where the parts declare their own metrics; counters go on when a part is made again
     * @param listening what all listeners tell of themselves
     * @param lineTargets where samples can be sent to, beside what the configuration says itself
     */
    static List<PartPlan> of(
            ExporterConfig config,
            ServiceContext context,
            CollectorRegistry registry,
            ListenMetrics listening,
            LineTargets lineTargets) {
        List<PartPlan> plans = new ArrayList<>();
        if (config.influx().isEnabled()) {
            plans.add(new PartPlan(
                    "influx", config.influx(), () -> new InfluxPart(config.influx(), context, registry, listening)));
        }
        if (config.statsd().isEnabled()) {
            plans.add(new PartPlan(
                    "statsd", config.statsd(), () -> new StatsdPart(config.statsd(), context, registry, listening)));
        }
        if (config.graphite().isEnabled()) {
            plans.add(new PartPlan(
                    "graphite",
                    config.graphite(),
                    () -> new GraphitePart(config.graphite(), context, registry, listening)));
        }
        plans.add(new PartPlan("tail", config.tails(), () -> new TailPart(config.tails(), context, registry)));
        plans.add(new PartPlan("exec", config.execs(), () -> new ExecPart(config.execs(), context, registry)));
        plans.add(new PartPlan("script", config.scripts(), () -> new ScriptPart(config.scripts(), context, registry)));
        TargetGuard guard = new TargetGuard(config.probe().allow());
        plans.add(new PartPlan(
                "json",
                List.of(config.json(), config.probe().allow()),
                () -> new JsonPart(config.json(), guard::allows, registry)));
        if (config.processMonitor().enabled()) {
            // Before the pushes, which send at their end what it says at its own.
            plans.add(new PartPlan(
                    MonitorPart.NAME,
                    config.processMonitor(),
                    () -> new MonitorPart(config.processMonitor(), context.scheduler())));
        }
        plans.add(new PartPlan(
                "push",
                List.of(config.push(), config.host()),
                () -> new PushPart(config.push(), config.host(), context, registry, lineTargets)));
        if (!config.services().isEmpty()) {
            plans.add(new PartPlan(
                    "services",
                    config.services(),
                    () -> new ServicesPart(config.services(), new StatusMetrics(registry))));
        }
        plans.add(new PartPlan(
                "probe",
                List.of(config.probe(), config.services()),
                () -> new ProbePart(
                        config.probe(), ServiceModules.of(config.services()), context.scheduler(), registry)));
        plans.add(new PartPlan(
                "processes",
                config.services().processes(),
                () -> new ProcessesPart(config.services().processes())));
        if (!config.rabbitmqPublish().endpoints().isEmpty()) {
            plans.add(new PartPlan(
                    "rabbitmq_publish",
                    config.rabbitmqPublish(),
                    () -> new PublishPart(config.rabbitmqPublish(), registry)));
        }
        return plans;
    }
}
