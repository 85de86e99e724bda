package io.emberwatch.exporter.services;

import io.emberwatch.exporter.jmx.JmxConfig;
import io.emberwatch.exporter.jmx.JmxTarget;
import io.emberwatch.exporter.memcached.MemcachedTarget;
import io.emberwatch.exporter.nginx.NginxTarget;
import io.emberwatch.exporter.postgres.PostgresConfig;
import io.emberwatch.exporter.postgres.PostgresTarget;
import io.emberwatch.exporter.rabbitmq.RabbitmqTarget;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.exporter.status.StatusMetrics;
import io.emberwatch.exporter.status.StatusTarget;
import io.emberwatch.exporter.status.TargetSource;
import io.emberwatch.exporter.uwsgi.UwsgiTarget;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The servers that a configuration names, each a source of its own in the group of its kind. */
public final class ServicesPart implements Part {
    private final ServicesConfig config;
    private final StatusMetrics metrics;
    private final List<StatusTarget> targets = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** @throws IllegalArgumentException when two servers of a kind have the same name, or a file cannot be used */
    public ServicesPart(ServicesConfig config, StatusMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
        config.nginx().forEach(target -> add("nginx", new NginxTarget(target)));
        config.uwsgi().forEach(target -> add("uwsgi", new UwsgiTarget(target)));
        config.memcached().forEach(target -> add("memcached", new MemcachedTarget(target)));
        config.rabbitmq().forEach(target -> add("rabbitmq", new RabbitmqTarget(target)));
        config.postgres().forEach(target -> add("postgres", postgres(target)));
        config.jmx().forEach(target -> add("jmx", jmx(target)));
    }

    private static PostgresTarget postgres(PostgresConfig target) {
        try {
            return new PostgresTarget(target);
        } catch (IOException | ConfigException e) {
            throw new IllegalArgumentException("services.postgres: " + e.getMessage(), e);
        }
    }

    private static JmxTarget jmx(JmxConfig target) {
        try {
            return new JmxTarget(target);
        } catch (IOException | ConfigException e) {
            throw new IllegalArgumentException("services.jmx: " + e.getMessage(), e);
        }
    }

    private void add(String kind, StatusTarget target) {
        TargetSource source = new TargetSource(kind, target, config.timeout(), metrics);
        if (!names.add(source.name())) {
            throw new IllegalArgumentException("services." + kind + ": " + target.instance() + " occurs twice");
        }
        targets.add(target);
        sources.add(Source.in(kind, source));
    }

    @Override
    public List<Source> sources() {
        return List.copyOf(sources);
    }

    @Override
    public void close() {
        targets.forEach(StatusTarget::close);
    }
}
