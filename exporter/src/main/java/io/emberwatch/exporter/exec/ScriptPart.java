package io.emberwatch.exporter.exec;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.emberwatch.exporter.output.OutputFormat;
import io.emberwatch.exporter.output.OutputReader;
import io.emberwatch.exporter.output.Readings;
import io.emberwatch.exporter.process.ProgramRun;
import io.emberwatch.exporter.process.ProgramRun.End;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Prober;
import io.emberwatch.exporter.scrape.ScrapeTimeout;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.MetricsEndpoint;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a script for a probe: {@code /probe?script=name&params=a,b&a=1&b=2&prefix=p&output=ignore&timeout=5}, as
 * script_exporter does; {@code /probe/script} is the same, and {@code /probe/script/discovery} lists the scripts for Prometheus' HTTP discovery.
 *
 * <p>Bounded: {@value #MOST_RUNS} runs at a time, more are answered 503; 4 MiB of output; {@value #MOST_CACHED} answers kept.
 *
 * @see <a href="https://github.com/ricoberger/script_exporter">script_exporter</a>
 */
public final class ScriptPart implements Part, Prober {
    static final int MOST_RUNS = 40;
    static final int MOST_CACHED = 1000;
    private static final int MOST_OUTPUT = 4 << 20;
    private static final double OFFSET_SECONDS = 0.5;
    private static final double HOUR_SECONDS = 3600;
    private static final double MILLIS = 1e3;
    private static final Logger logger = LoggerFactory.getLogger("script");

    private final Map<String, ScriptConfig> scripts = new LinkedHashMap<>();
    private final InstantSource clock;
    private final Counter.Child unknown;
    private final Counter.Child errors;
    private final Semaphore running = new Semaphore(MOST_RUNS);
    private final Map<List<String>, Cached> cache = new LinkedHashMap<>();

    private record Cached(ScriptAnswer answer, long atMillis) {}

    /** @throws IllegalArgumentException when two scripts have one name */
    public ScriptPart(List<ScriptConfig> configs, ServiceContext context, CollectorRegistry registry) {
        clock = context.clock();
        for (ScriptConfig config : configs) {
            if (scripts.put(config.name(), config) != null) {
                throw new IllegalArgumentException("scripts: " + config.name() + " occurs twice");
            }
        }
        unknown = Counter.build("script_unknown_total", "Probes of scripts that are not configured.")
                .register(registry)
                .labels();
        errors = Counter.build(
                        "emberwatch_exporter_script_format_errors_total",
                        "Lines of scripts' output that were not understood.")
                .register(registry)
                .labels();
    }

    @Override
    public List<Route> routes() {
        return List.of(
                MetricsEndpoint.at("/probe/script", this::probe), Route.get("/probe/script/discovery", this::discover));
    }

    private void discover(Exchange exchange) throws IOException {
        String host = exchange.header("Host");
        StringBuilder json = new StringBuilder("[");
        for (String name : scripts.keySet()) {
            json.append(json.length() == 1 ? "" : ",")
                    .append("{\"targets\":[\"")
                    .append(escaped(host == null ? "" : host))
                    .append("\"],\"labels\":{\"__metrics_path__\":\"/probe\",\"__param_script\":\"")
                    .append(escaped(name))
                    .append("\"}}");
        }
        exchange.respondJson(200, json.append("]\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    @Override
    public boolean knows(Exchange exchange) {
        return exchange.param("script") != null;
    }

    @Override
    public List<MetricFamily> probe(Exchange exchange) throws HttpError {
        String name = exchange.param("script");
        ScriptConfig script = name == null ? null : scripts.get(name);
        if (script == null) {
            unknown.inc();
            throw new HttpError(400, name == null ? "say which script: ?script=" : "Script not found: " + name);
        }
        String prefix = exchange.param("prefix");
        if (prefix != null && !MetricNames.isMetricName(prefix)) {
            throw new HttpError(400, prefix + ": cannot begin the name of a metric");
        }
        List<String> command = command(script, exchange);
        Map<String, String> environment = environment(script, exchange);
        List<String> key = new ArrayList<>(command);
        environment.forEach((variable, value) -> key.add(variable + "=" + value));
        key.add(prefix == null ? "" : prefix);
        Cached kept = cached(key);
        Duration fresh = script.cache().duration();
        boolean usable = kept != null && fresh != null && isFresh(kept, fresh);
        boolean fromCache = usable;
        ScriptAnswer answer;
        if (usable && kept != null) {
            answer = kept.answer;
        } else {
            answer = run(script, command, environment, prefix == null ? "" : prefix + "_", timeout(script, exchange));
            if (!answer.success() && kept != null && script.cache().useExpiredCacheOnError()) {
                answer = kept.answer;
                fromCache = true;
            } else if (fresh != null && (answer.success() || script.cache().cacheOnError())) {
                keep(key, answer);
            }
        }
        boolean ignored = script.output().ignore() || "ignore".equals(exchange.param("output"));
        return families(
                script.name(), answer, fromCache, ignored, script.output().ignoreOnError());
    }

    private boolean isFresh(Cached kept, Duration fresh) {
        long age = clock.millis() - kept.atMillis;
        return age >= 0 && age < fresh.toMillis(); // a clock that was set back makes it old
    }

    private static List<String> command(ScriptConfig script, Exchange exchange) {
        List<String> command = new ArrayList<>(script.command());
        command.addAll(script.args());
        String params = exchange.param("params");
        if (params != null && !params.isEmpty()) {
            for (String param : params.split(",", -1)) {
                String value = exchange.param(param);
                command.add(value == null ? "" : value);
            }
        }
        return command;
    }

    private static Map<String, String> environment(ScriptConfig script, Exchange exchange) {
        Map<String, String> environment = new HashMap<>(script.env());
        if (script.allowEnvOverwrite()) {
            environment.replaceAll((variable, value) -> {
                String other = exchange.param(variable);
                return other == null ? value : other;
            });
        }
        return new TreeMap<>(environment);
    }

    private static double timeout(ScriptConfig script, Exchange exchange) throws HttpError {
        String said = exchange.param("timeout");
        boolean fromHeader = said == null;
        if (fromHeader) {
            said = exchange.header(ScrapeTimeout.HEADER);
        }
        double seconds = 0;
        if (said != null) {
            try {
                seconds = Double.parseDouble(said);
            } catch (NumberFormatException e) {
                throw new HttpError(400, said + ": is not a number of seconds");
            }
            seconds = fromHeader && seconds > 2 * OFFSET_SECONDS ? seconds - OFFSET_SECONDS : seconds;
        }
        double most = script.timeout().maxTimeout();
        if (!(seconds > 0) || (most > 0 && seconds > most)) {
            seconds = most;
        }
        return Math.min(seconds, HOUR_SECONDS);
    }

    private ScriptAnswer run(
            ScriptConfig script, List<String> command, Map<String, String> environment, String prefix, double seconds)
            throws HttpError {
        Map<String, String> told = new HashMap<>(environment);
        if (seconds > 0) {
            told.put("SCRIPT_TIMEOUT", String.format(Locale.ROOT, "%.6f", seconds));
            told.put("SCRIPT_DEADLINE", String.format(Locale.ROOT, "%.6f", clock.millis() / MILLIS + seconds));
        }
        double limit = seconds > 0 && script.timeout().enforced()
                ? seconds + script.timeout().waitDelay()
                : HOUR_SECONDS;
        if (!running.tryAcquire()) {
            throw new HttpError(503, MOST_RUNS + " scripts run already");
        }
        try {
            ProgramRun run =
                    ProgramRun.of(command, told, null, Duration.ofMillis((long) (limit * MILLIS)), MOST_OUTPUT);
            boolean nagios = script.output().format().equals("nagios");
            boolean good = run.end() == End.EXITED && (run.exitCode() == 0 || nagios);
            if (!good) {
                logger.atInfo()
                        .addKeyValue("script", script.name())
                        .addKeyValue("end", run.end())
                        .addKeyValue("code", run.exitCode())
                        .log("script failed: {}", run.errors().strip());
            }
            Readings readings = new Readings(prefix, Labels.EMPTY);
            OutputFormat format = nagios ? OutputFormat.NAGIOS : OutputFormat.PROMETHEUS;
            OutputReader.read(run.output(), format, run.exitCode(), Set.of(), readings);
            errors.inc(readings.faultCount());
            return new ScriptAnswer(good, run.exitCode(), run.seconds(), readings.families());
        } catch (IOException e) {
            logger.atWarn()
                    .addKeyValue("script", script.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot run");
            return new ScriptAnswer(false, -1, 0, List.of());
        } finally {
            running.release();
        }
    }

    private static List<MetricFamily> families(
            String script, ScriptAnswer answer, boolean cached, boolean ignored, boolean ignoredOnError) {
        List<MetricFamily> families = new ArrayList<>();
        families.add(gauge(
                "script_success", "Script exit status (0 = error, 1 = success).", script, answer.success() ? 1 : 0));
        families.add(gauge("script_duration_seconds", "Script execution time, in seconds.", script, answer.seconds()));
        families.add(gauge("script_exit_code", "The exit code of the script.", script, answer.exitCode()));
        families.add(gauge(
                "script_cached", "Script result is returned from cache (0 = no, 1 = yes).", script, cached ? 1 : 0));
        if (!ignored && (answer.success() || !ignoredOnError)) {
            families.addAll(answer.families());
        }
        return families;
    }

    private static MetricFamily gauge(String name, String help, String script, double value) {
        return MetricFamily.of(
                name, MetricType.GAUGE, help, List.of(MetricPoint.of(name, Labels.of("script", script), value)));
    }

    private synchronized @Nullable Cached cached(List<String> key) {
        return cache.get(key);
    }

    private synchronized void keep(List<String> key, ScriptAnswer answer) {
        cache.remove(key);
        if (cache.size() == MOST_CACHED) {
            cache.remove(cache.keySet().iterator().next());
        }
        cache.put(List.copyOf(key), new Cached(answer, clock.millis()));
    }

    @Override
    public void close() {
        synchronized (this) {
            cache.clear();
        }
    }
}
