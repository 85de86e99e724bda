package io.emberwatch.exporter;

import io.emberwatch.exporter.probe.ProbePart;
import io.emberwatch.exporter.processes.ProcessesPart;
import io.emberwatch.exporter.publish.PublishPart;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.services.ServiceModules;
import io.emberwatch.exporter.services.ServicesPart;
import io.emberwatch.exporter.status.StatusMetrics;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayList;
import java.util.List;

/** The parts that a configuration asks for, in the order of the page. */
final class Parts {
    private Parts() {}

    /** @param registry where the parts declare their own metrics */
    static List<Part> of(ExporterConfig config, ServiceContext context, CollectorRegistry registry) {
        List<Part> parts = new ArrayList<>();
        if (!config.services().isEmpty()) {
            parts.add(new ServicesPart(config.services(), new StatusMetrics(registry)));
        }
        parts.add(new ProbePart(config.probe(), ServiceModules.of(config.services()), context.scheduler(), registry));
        parts.add(new ProcessesPart(config.services().processes()));
        if (!config.rabbitmqPublish().endpoints().isEmpty()) {
            parts.add(new PublishPart(config.rabbitmqPublish(), registry));
        }
        return parts;
    }
}
