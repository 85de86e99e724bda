package io.emberwatch.launcher;

import io.emberwatch.bridge.BridgeService;
import io.emberwatch.console.ConsoleService;
import io.emberwatch.exporter.ExporterService;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.push.PushService;
import io.emberwatch.rules.RulesService;
import io.emberwatch.rules.scrape.ScrapeConfig;
import io.emberwatch.scorer.ScorerService;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ServiceServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Joins the services behind one port: what {@code emberwatch up} runs. */
final class AllInOne {
    private AllInOne() {}

    static ServiceServer of(EmberwatchConfig config, ServiceContext context, ListenAddress listen)
            throws IOException, ConfigException {
        BridgeService bridge = new BridgeService(config.bridge(), context);
        RulesService rules = new RulesService(config.rules(), context, bridge.directAlerts(), ownPages(listen));
        ScorerService scorer = new ScorerService(config.scorer(), context, rules.querySource());
        List<SampleSource> others = new ArrayList<>(List.of(shown(rules), shown(scorer), shown(bridge)));
        List<Service> services = new ArrayList<>(List.of(bridge, rules, scorer, new ConsoleService(config.console())));
        PushService push = config.push().isEmpty() ? null : new PushService(config.push(), context);
        if (push != null) {
            others.add(shown(push));
            services.add(push);
        }
        ExporterService exporter =
                new ExporterService(config.exporter(), context, others, Home.simulatedSensor(), false);
        services.add(0, exporter);
        SampleSink topic = push == null ? null : push.sampleSink();
        if (topic != null) {
            services.add(new SensorFeed(exporter.sensors(), topic, context.scheduler()));
        }
        return new ServiceServer(services);
    }

    // A service's own metrics as a source of the exporter's page, so that one scrape can ask for them alone.
    private static SampleSource shown(Service service) {
        return new SampleSource() {
            @Override
            public String name() {
                return service.name();
            }

            @Override
            public List<MetricFamily> collect(Deadline deadline) {
                return service.metrics();
            }
        };
    }

    /** What the rule engine scrapes when nothing else is configured: the pages of this very program. */
    static ScrapeConfig ownPages(ListenAddress listen) throws ConfigException {
        String host = listen.host().isEmpty() ? "127.0.0.1" : listen.host();
        String target = new ListenAddress(host, listen.port()).toString();
        return ScrapeConfig.parse("scrape configuration of up", """
                global:
                  scrape_interval: 5s
                  scrape_timeout: 4s
                scrape_configs:
                  - job_name: sensor
                    scrape_interval: 1s
                    scrape_timeout: 1s
                    params: {"collect[]": [sensor]}
                    static_configs: [{targets: ["%1$s"]}]
                  - job_name: host
                    params: {"collect[]": [host]}
                    static_configs: [{targets: ["%1$s"]}]
                  - job_name: etcd
                    honor_labels: true
                    params: {"collect[]": [etcd]}
                    static_configs: [{targets: ["%1$s"]}]
                  - job_name: scorer
                    honor_labels: true
                    params: {"collect[]": [scorer]}
                    static_configs: [{targets: ["%1$s"]}]
                  - job_name: emberwatch
                    scrape_interval: 15s
                    scrape_timeout: 10s
                    params: {"collect[]": [exporter, rules, bridge]}
                    static_configs: [{targets: ["%1$s"]}]
                """.formatted(target));
    }
}
