package io.emberwatch.exporter.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.exporter.json.JsonConfig.TargetConfig;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Prober;
import io.emberwatch.exporter.scrape.ScrapeTimeout;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.MetricsEndpoint;
import io.emberwatch.service.http.Route;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * JSON over HTTP: documents that are part of the page, and {@code /probe?module=m&target=url} for all others, as
 * json_exporter answers it; {@code /probe/json} has the modules of this part alone.
 *
 * @see <a href="https://github.com/prometheus-community/json_exporter">json_exporter</a>
 */
public final class JsonPart implements Part, Prober {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Duration OTHERWISE = Duration.ofSeconds(10);

    private final JsonConfig config;
    private final Predicate<String> allowed;
    private final JsonMetrics metrics;
    private volatile Map<String, JsonModule> modules = Map.of();

    record JsonFile(@Default("{}") Map<String, ModuleConfig> modules) {}

    /** @param allowed which addresses a probe may ask */
    public JsonPart(JsonConfig config, Predicate<String> allowed, CollectorRegistry registry) {
        this.allowed = allowed;
        this.config = config;
        metrics = new JsonMetrics(registry, config.modules().keySet());
        modules = made(config.modules());
    }

    private Map<String, JsonModule> made(Map<String, ModuleConfig> configs) {
        Map<String, JsonModule> made = new LinkedHashMap<>();
        configs.forEach((name, module) -> made.put(name, new JsonModule(name, module, metrics)));
        metrics.expect(made.keySet());
        return Map.copyOf(made);
    }

    /** @throws IOException when the file of modules cannot be read or has faults, each with its line */
    @Override
    public void start() throws IOException {
        Path file = config.configFile();
        if (file == null) {
            return;
        }
        try {
            // The one key of json_exporter's that is not written as ours are; line and column stay.
            String text =
                    Files.readString(file).replaceAll("(?m)^(\\s*(?:- )?\\s*)epochTimestamp:", "$1epoch_timestamp:");
            Map<String, ModuleConfig> all = new LinkedHashMap<>(
                    ConfigReader.parse(file.toString(), text, JsonFile.class).modules());
            all.putAll(config.modules());
            for (TargetConfig target : config.targets()) {
                if (!all.containsKey(target.module())) {
                    throw new IOException(file + ": there is no module " + target.module() + ", which target "
                            + target.name() + " wants");
                }
            }
            modules = made(all);
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void reload() throws IOException {
        start();
    }

    @Override
    public List<Source> sources() {
        return config.targets().stream()
                .map(target -> Source.in("json", new Target(target)))
                .toList();
    }

    @Override
    public List<Route> routes() {
        return config.isEmpty() ? List.of() : List.of(MetricsEndpoint.at("/probe/json", this::probe));
    }

    @Override
    public boolean knows(Exchange exchange) {
        String module = exchange.param("module");
        return module != null && modules.containsKey(module);
    }

    @Override
    public List<MetricFamily> probe(Exchange exchange) throws HttpError {
        String name = exchange.param("module");
        JsonModule module = modules.get(name == null ? "default" : name);
        if (module == null) {
            throw new HttpError(400, "Unknown module " + name);
        }
        String target = exchange.param("target");
        HttpUrl url = target == null ? null : HttpUrl.parse(target);
        if (url == null) {
            throw new HttpError(
                    400, target == null ? "Target parameter is missing" : target + ": is not the URL of a document");
        }
        if (!allowed.test(url.toString())) {
            throw new HttpError(403, "The target is not among those that may be probed");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        if (module.config().body() != null) {
            Matcher names =
                    Pattern.compile("\\.(\\w+)").matcher(module.config().body().content());
            while (names.find()) {
                String value = exchange.param(names.group(1));
                parameters.put(names.group(1), value == null ? "" : value);
            }
        }
        Duration timeout = ScrapeTimeout.of(exchange.header(ScrapeTimeout.HEADER), OTHERWISE);
        try {
            return read(module, url, parameters, ScrapeTimeout.less(timeout, ScrapeTimeout.OFFSET));
        } catch (IOException e) {
            throw new HttpError(503, "Failed to fetch JSON response. " + e.getMessage());
        }
    }

    private List<MetricFamily> read(JsonModule module, HttpUrl url, Map<String, String> parameters, Duration timeout)
            throws IOException {
        JsonNode document;
        try {
            byte[] bytes =
                    new JsonClient(module.config(), (int) config.maxDocument().bytes()).fetch(url, parameters, timeout);
            document = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            metrics.error(module.name(), JsonMetrics.MALFORMED);
            throw new IOException(url + ": is not JSON: " + e.getOriginalMessage(), e);
        } catch (JsonClient.StatusException e) {
            metrics.error(module.name(), JsonMetrics.STATUS);
            throw e;
        } catch (IOException e) {
            metrics.error(module.name(), JsonMetrics.FETCH);
            throw e;
        }
        return module.families(document);
    }

    @Override
    public void close() {
        modules = Map.of();
    }

    private final class Target implements SampleSource {
        private final TargetConfig target;

        Target(TargetConfig target) {
            this.target = target;
        }

        @Override
        public String name() {
            return "json_" + target.name();
        }

        @Override
        public List<MetricFamily> collect(Deadline deadline) throws IOException {
            JsonModule module = modules.get(target.module());
            HttpUrl url = HttpUrl.get(target.url());
            if (module == null || url == null) {
                throw new IOException("there is no module " + target.module());
            }
            Duration left = deadline.remaining();
            return read(module, url, Map.of(), left.compareTo(target.timeout()) < 0 ? left : target.timeout());
        }
    }
}
