package io.emberwatch.exporter.services;

import io.emberwatch.exporter.jmx.JmxConfig;
import io.emberwatch.exporter.memcached.MemcachedConfig;
import io.emberwatch.exporter.nginx.NginxConfig;
import io.emberwatch.exporter.postgres.PostgresConfig;
import io.emberwatch.exporter.processes.ProcessesConfig;
import io.emberwatch.exporter.rabbitmq.RabbitmqConfig;
import io.emberwatch.exporter.uwsgi.UwsgiConfig;
import io.emberwatch.service.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The servers whose status is shown.
 *
 * @param postgresModules ways into PostgreSQL for {@code /probe?module=…&target=host:port}, by name
 * @param timeout how long one server may take, never longer than the scrape itself
 */
public record ServicesConfig(
        @Default("[]") List<NginxConfig> nginx,
        @Default("[]") List<UwsgiConfig> uwsgi,
        @Default("[]") List<MemcachedConfig> memcached,
        @Default("[]") List<RabbitmqConfig> rabbitmq,
        @Default("[]") List<PostgresConfig> postgres,
        @Default("{}") Map<String, PostgresConfig> postgresModules,
        @Default("{}") ProcessesConfig processes,
        @Default("[]") List<KafkaTargetConfig> kafka,
        @Default("[]") List<JmxConfig> jmx,
        @Default("5s") Duration timeout) {
    public ServicesConfig {
        nginx = List.copyOf(nginx);
        uwsgi = List.copyOf(uwsgi);
        memcached = List.copyOf(memcached);
        rabbitmq = List.copyOf(rabbitmq);
        postgres = List.copyOf(postgres);
        kafka = List.copyOf(kafka);
        jmx = List.copyOf(jmx);
        postgresModules = Map.copyOf(postgresModules);
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout: must be at least 1ms");
        }
    }

    /** Whether there is nothing to show. */
    public boolean isEmpty() {
        return nginx.isEmpty()
                && uwsgi.isEmpty()
                && memcached.isEmpty()
                && rabbitmq.isEmpty()
                && postgres.isEmpty()
                && jmx.isEmpty();
    }
}
