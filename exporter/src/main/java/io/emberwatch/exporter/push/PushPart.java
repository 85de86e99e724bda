package io.emberwatch.exporter.push;

import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.exporter.scrape.PageReader;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.telegraf.TelegrafHost;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends what the sources say to InfluxDB or to targets that others bring, whatever becomes of these meanwhile. */
public final class PushPart implements Part {
    private final Scheduler scheduler;
    private final List<Pusher> pushers = new ArrayList<>();
    private final List<Scheduler.Task> tasks = new ArrayList<>();
    private volatile PageReader page = (wanted, deadline) -> List.of();

    /** @param host the machine, for those that send it under Telegraf's names */
    public PushPart(
            List<PushConfig> configs,
            HostConfig host,
            ServiceContext context,
            CollectorRegistry registry,
            LineTargets targets) {
        scheduler = context.scheduler();
        PushMetrics metrics = new PushMetrics(registry);
        Path folder = context.dataDirectory().resolve("exporter").resolve("push");
        for (PushConfig config : configs) {
            pushers.add(new Pusher(
                    config,
                    scheduler,
                    context.clock(),
                    folder,
                    metrics.of(config.name()),
                    target(config, targets),
                    sendsTelegraf(config) ? new TelegrafHost(host, context.clock()) : null));
        }
    }

    private static boolean sendsTelegraf(PushConfig config) {
        return config.hostNames() == HostConfig.Names.TELEGRAF
                && (config.sources().isEmpty() || config.sources().contains(HostCollectors.GROUP));
    }

    private static Supplier<@Nullable LineTarget> target(PushConfig config, LineTargets targets) {
        if (config.influx() != null) {
            LineTarget influx = new InfluxTarget(config.influx());
            return () -> influx;
        } else if (config.udp() != null) {
            LineTarget udp = new UdpTarget(config.udp());
            return () -> udp;
        }
        if ("stdout".equals(config.target())) {
            LineTarget printed = new StreamTarget(new FileOutputStream(FileDescriptor.out));
            return () -> printed;
        }
        String name = String.valueOf(config.target());
        return () -> targets.find(name);
    }

    @Override
    public void attach(PageReader reader) {
        page = reader;
    }

    @Override
    public void start() throws IOException {
        for (Pusher pusher : pushers) {
            pusher.open();
        }
        for (Pusher pusher : pushers) {
            tasks.add(scheduler.every(
                    "push-" + pusher.config().name(), pusher.config().every(), Duration.ZERO, at -> pusher.read(page)));
        }
    }

    @Override
    public void close() {
        tasks.forEach(Scheduler.Task::close);
        pushers.forEach(pusher -> pusher.readEnd(page));
        pushers.forEach(Pusher::close);
    }
}
