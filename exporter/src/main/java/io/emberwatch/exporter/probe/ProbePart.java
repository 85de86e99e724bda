package io.emberwatch.exporter.probe;

import io.emberwatch.exporter.probe.ProbeConfig.TargetConfig;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Prober;
import io.emberwatch.exporter.scrape.ScrapeTimeout;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * {@code /probe?target=…&module=…} and the targets that are probed regularly.
 *
 * <p>The deadline of a probe that is asked for is that of the scrape, half a second less, and never later than the
 * module's timeout.
 */
public final class ProbePart implements Part, Prober {
    private static final String DEFAULT_MODULE = "http_2xx";
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Map<String, ModuleConfig> modules;
    private final Map<String, ProbeRunner> runners = new LinkedHashMap<>();
    private final Map<String, ProbedService> services;
    private final TargetGuard guard;
    private final ProbeMetrics metrics;
    private final Semaphore places;
    private final List<ScheduledProbe> scheduled = new ArrayList<>();

    /**
     * @param services modules that ask servers for their status instead, by name
     * @throws IllegalArgumentException when a module is not there or a file cannot be used
     */
    public ProbePart(
            ProbeConfig config, Map<String, ProbedService> services, Scheduler scheduler, CollectorRegistry registry) {
        this.services = Map.copyOf(services);
        try {
            modules = config.allModules();
        } catch (IOException | ConfigException e) {
            throw new IllegalArgumentException("probe.config_file: " + e.getMessage(), e);
        }
        modules.forEach((name, module) -> {
            if (module.isSupported()) {
                runners.put(name, new ProbeRunner(module));
            }
        });
        guard = new TargetGuard(config.allow());
        places = new Semaphore(config.maxConcurrent());
        Set<String> names = new LinkedHashSet<>(runners.keySet());
        names.addAll(services.keySet());
        metrics = new ProbeMetrics(registry, names);
        Set<String> instances = new HashSet<>();
        for (TargetConfig target : config.targets()) {
            ProbeRunner runner = runners.get(target.module());
            if (runner == null) {
                throw new IllegalArgumentException("probe.targets: " + target.target() + ": there is no module "
                        + target.module() + " that can be used");
            }
            if (!instances.add(target.module() + "/" + target.instance())) {
                throw new IllegalArgumentException("probe.targets: " + target.instance() + " occurs twice");
            }
            scheduled.add(new ScheduledProbe(target, runner, scheduler, metrics));
        }
    }

    @Override
    public List<Source> sources() {
        return scheduled.isEmpty() ? List.of() : List.of(Source.of(new ScheduledProbes(scheduled)));
    }

    @Override
    public boolean knows(Exchange exchange) {
        String module = exchange.param("module");
        return module != null && (modules.containsKey(module) || services.containsKey(module));
    }

    /** With blackbox_exporter's words for what it refuses. */
    @Override
    public List<MetricFamily> probe(Exchange exchange) throws HttpError {
        String target = exchange.param("target");
        if (target == null || target.isBlank()) {
            throw refuse("parameter", 400, "Target parameter is missing");
        }
        String given = exchange.param("module");
        String module = given == null || given.isEmpty() ? DEFAULT_MODULE : given;
        ProbeRunner runner = runners.get(module);
        ProbedService service = services.get(module);
        if (runner == null && service == null) {
            ModuleConfig known = modules.get(module);
            throw refuse(
                    "parameter",
                    400,
                    known == null
                            ? "Unknown module \"" + module + "\""
                            : "The prober " + known.prober() + " of module \"" + module + "\" is not supported");
        }
        if (!guard.allows(target)) {
            throw refuse("target", 403, "The target is not among those that may be probed");
        }
        if (!places.tryAcquire()) {
            throw refuse("busy", 503, "Too many probes at once");
        }
        try {
            Deadline deadline = deadline(exchange.header(ScrapeTimeout.HEADER));
            if (runner != null) {
                ProbeRunner.Outcome outcome = runner.run(target, deadline, guard::allows);
                metrics.probed(module, outcome.success());
                return outcome.families();
            }
            List<MetricFamily> families = Objects.requireNonNull(service).ask(target, deadline);
            metrics.probed(module, true);
            return families;
        } catch (IllegalArgumentException e) {
            throw refuse("parameter", 400, String.valueOf(e.getMessage()));
        } finally {
            places.release();
        }
    }

    private HttpError refuse(String reason, int status, String message) {
        metrics.refused(reason);
        return new HttpError(status, message);
    }

    private static Deadline deadline(@Nullable String header) throws HttpError {
        if (header != null) {
            try {
                Double.parseDouble(header);
            } catch (NumberFormatException e) {
                throw new HttpError(400, "Failed to parse timeout from Prometheus header");
            }
        }
        Duration asked = ScrapeTimeout.of(header, LONGEST);
        return Deadline.after(ScrapeTimeout.less(asked.compareTo(LONGEST) < 0 ? asked : LONGEST, ScrapeTimeout.OFFSET));
    }

    @Override
    public void start() {
        scheduled.forEach(ScheduledProbe::start);
    }

    @Override
    public void close() {
        scheduled.forEach(ScheduledProbe::close);
    }
}
