package io.emberwatch.exporter;

import io.emberwatch.exporter.lineprotocol.InfluxPart;
import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.scrape.Part;
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
        ListenMetrics listening = new ListenMetrics(registry);
        if (config.influx().isEnabled()) {
            parts.add(new InfluxPart(config.influx(), context, registry, listening));
        }
        return parts;
    }
}
