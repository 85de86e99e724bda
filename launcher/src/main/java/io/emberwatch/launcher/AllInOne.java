package io.emberwatch.launcher;

import io.emberwatch.bridge.BridgeConfig;
import io.emberwatch.bridge.BridgeService;
import io.emberwatch.console.ConsoleService;
import io.emberwatch.exporter.ExporterService;
import io.emberwatch.model.Alert;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.push.CollectorService;
import io.emberwatch.push.PushService;
import io.emberwatch.rules.RulesService;
import io.emberwatch.scorer.ScorerService;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ServiceServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Joins the services behind one port: what {@code emberwatch up} runs. */
final class AllInOne {
    private AllInOne() {}

    /** Reads the configuration again. */
    @FunctionalInterface
    interface Rereading {
        EmberwatchConfig read() throws IOException, ConfigException;
    }

    static ServiceServer of(EmberwatchConfig config, Rereading rereading, ServiceContext context, OwnPages pages)
            throws IOException, ConfigException {
        BridgeService bridge = new BridgeService(config.bridge(), context, () -> bridge(rereading));
        RulesService rules = new RulesService(config.rules(), context, bridge.directAlerts(), pages.scrapeConfig());
        ScorerService scorer = new ScorerService(config.scorer(), context, rules.querySource());
        List<SampleSource> others = new ArrayList<>(List.of(new Shown(rules), new Shown(scorer), new Shown(bridge)));
        List<Service> services = new ArrayList<>(List.of(
                bridge,
                rules,
                scorer,
                new ConsoleService(config.console(), context.home().resolve("docs/runbooks"))));
        PushService push = config.push().isEmpty()
                ? null
                : new PushService(config.push(), context, new BridgeTopics(bridge), rules.sampleSink());
        if (push != null) {
            others.add(new Shown(push));
            services.add(push);
            AlertSink alarms = push.alarmSink();
            if (alarms != null) {
                rules.alsoSendTo(alerts -> alarms.send(withoutSignsOfLife(alerts)));
            }
        }
        CollectorService collector = CollectorService.of(config.push(), context);
        if (collector != null) {
            others.add(new Shown(collector));
        }
        others.addAll(KafkaStatus.sources(config.exporter().services()));
        ExporterService exporter = new ExporterService(
                        config.exporter(), context, others, Home.simulatedSensor(), false)
                .rereading(() -> rereading.read().exporter());
        services.add(0, exporter);
        if (collector != null) {
            services.add(0, collector);
            ExporterCommand.join(collector, exporter);
        }
        pages.show(exporter.routes());
        SampleSink topic = push == null ? null : push.sampleSink();
        if (topic != null) {
            services.add(new SensorFeed(exporter.sensors(), topic, context.scheduler()));
        }
        return new ServiceServer(services);
    }

    // What always fires, as a sign that alerts get through, is nobody's message.
    private static List<Alert> withoutSignsOfLife(List<Alert> alerts) {
        return alerts.stream()
                .filter(alert -> !alert.labels().get("severity").equals("none"))
                .toList();
    }

    private static BridgeConfig bridge(Rereading rereading) throws IOException {
        try {
            return rereading.read().bridge();
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
