package io.emberwatch.exporter.services;

import io.emberwatch.exporter.memcached.MemcachedConfig;
import io.emberwatch.exporter.memcached.MemcachedTarget;
import io.emberwatch.exporter.nginx.NginxConfig;
import io.emberwatch.exporter.nginx.NginxTarget;
import io.emberwatch.exporter.postgres.PostgresTarget;
import io.emberwatch.exporter.probe.ProbedService;
import io.emberwatch.exporter.status.StatusTarget;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.exporter.uwsgi.UwsgiConfig;
import io.emberwatch.exporter.uwsgi.UwsgiTarget;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The modules of {@code /probe} that ask a server for its status: {@code nginx}, {@code uwsgi}, {@code memcached}, and one
 * for each way into PostgreSQL that is configured. Files and unix sockets cannot be asked for.
 */
public final class ServiceModules {
    private static final Logger logger = LoggerFactory.getLogger("exporter.status");

    private ServiceModules() {}

    /** Makes a target of an address. */
    @FunctionalInterface
    private interface Opening {
        StatusTarget open(String target) throws IOException, ConfigException;
    }

    /** The modules by name. */
    public static Map<String, ProbedService> of(ServicesConfig config) {
        Map<String, ProbedService> modules = new LinkedHashMap<>();
        modules.put("nginx", module(config, target -> new NginxTarget(NginxConfig.parse(target))));
        modules.put("uwsgi", module(config, target -> new UwsgiTarget(UwsgiConfig.parse(remote(target)))));
        modules.put("memcached", module(config, target -> new MemcachedTarget(MemcachedConfig.parse(remote(target)))));
        config.postgresModules()
                .forEach((name, postgres) ->
                        modules.put(name, module(config, target -> new PostgresTarget(postgres.at(target)))));
        return modules;
    }

    private static String remote(String target) {
        if (target.startsWith("/") || target.startsWith("unix:")) {
            throw new IllegalArgumentException(target + " is not on the network");
        }
        return target;
    }

    private static ProbedService module(ServicesConfig config, Opening opening) {
        return (target, deadline) -> {
            try (StatusTarget open = opening.open(target)) {
                Duration left = deadline.remaining();
                Duration patience = left.compareTo(config.timeout()) < 0 ? left : config.timeout();
                return ask(open, Deadline.after(patience));
            } catch (IOException | ConfigException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        };
    }

    private static List<MetricFamily> ask(StatusTarget target, Deadline deadline) {
        List<MetricFamily> families = new ArrayList<>();
        boolean read = false;
        try {
            families.addAll(target.read(deadline));
            read = true;
        } catch (IOException | TargetFault e) {
            logger.debug("probe of {} failed: {}", target.instance(), e.getMessage());
        } catch (RuntimeException e) {
            logger.atDebug().setCause(e).log("probe failed");
        }
        families.add(target.verdict(read));
        return families;
    }
}
