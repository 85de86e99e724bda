package io.emberwatch.exporter.json;

import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.model.MetricNames;
import io.emberwatch.model.MetricType;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is made of a document; keys are json_exporter's.
 *
 * @param headers sent with the request
 * @param body sent with the request, which then is a POST
 * @param validStatusCodes empty for all of 2xx
 */
public record ModuleConfig(
        @Default("{}") Map<String, String> headers,
        @Default("[]") List<MetricConfig> metrics,
        @Default("{}") ClientConfig httpClientConfig,
        @Nullable BodyConfig body,
        @Default("[]") List<Integer> validStatusCodes) {

    /** Whether a metric is one value or several of each object. */
    public enum Scrape {
        VALUE,
        OBJECT
    }

    /** The type of a metric. */
    public enum ValueType {
        GAUGE(MetricType.GAUGE),
        COUNTER(MetricType.COUNTER),
        UNTYPED(MetricType.UNKNOWN);

        private final MetricType type;

        ValueType(MetricType type) {
            this.type = type;
        }

        MetricType type() {
            return type;
        }
    }

    /**
     * One metric, or with {@code object} one for each of {@code values}.
     *
     * @param path a template of JSONPath, {@code { .values[?(@.state == "ACTIVE")] }}
     * @param labels templates, seen from the document or the object
     * @param values templates, seen from the object
     * @param epochTimestamp a template of milliseconds since 1970
     * @param allowMissingKey whether it is no fault when there is nothing at the path
     * @param engine {@code jsonpath}; json_exporter's {@code cel} is refused
     */
    public record MetricConfig(
            String name,
            String path,
            @Default("value") Scrape type,
            @Default("untyped") ValueType valuetype,
            @Nullable String help,
            @Default("{}") Map<String, String> labels,
            @Default("{}") Map<String, String> values,
            @Nullable String epochTimestamp,
            @Default("false") boolean allowMissingKey,
            @Default("jsonpath") String engine) {
        public MetricConfig {
            if (!MetricNames.isMetricName(name)) {
                throw new IllegalArgumentException("name: " + name + " is not a metric name");
            }
            if (!engine.equals("jsonpath")) {
                throw new IllegalArgumentException("engine: " + engine + " is not known; only jsonpath is");
            }
            require("path", path);
            labels.forEach((label, template) -> {
                if (!MetricNames.isLabelName(label)) {
                    throw new IllegalArgumentException("labels: " + label + " is not the name of a label");
                }
                require("labels", template);
            });
            values.values().forEach(template -> require("values", template));
            if (epochTimestamp != null) {
                require("epoch_timestamp", epochTimestamp);
            }
            if (type == Scrape.OBJECT && values.isEmpty()) {
                throw new IllegalArgumentException("values: an object needs values");
            }
        }

        private static void require(String key, String template) {
            try {
                PathTemplate.compile(template);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * How a document is asked for; the part of Prometheus' HTTP client configuration that applies.
     *
     * @param bearerToken the older way to say {@code authorization}
     */
    public record ClientConfig(
            @Nullable BasicAuth basicAuth,
            @Nullable Authorization authorization,
            @Nullable Secret bearerToken,
            @Nullable TlsSettings tlsConfig,
            @Default("true") boolean followRedirects,
            @Default("true") boolean enableHttp2) {
        public ClientConfig {
            if (tlsConfig != null && tlsConfig.serverName() != null) {
                throw new IllegalArgumentException("tls_config: server_name cannot be set; name the server in the URL");
            }
        }

        /** A user and a password. */
        public record BasicAuth(String username, Secret password) {}

        /** A token. */
        public record Authorization(@Default("Bearer") String type, Secret credentials) {}
    }

    /**
     * A request's body.
     *
     * @param templatize whether {@code {{ .name | first }}} stands for a parameter of the probe; other templates are refused
     */
    public record BodyConfig(
            String content, @Default("false") boolean templatize) {
        private static final Pattern ACTION = Pattern.compile("\\{\\{-?\\s*\\.(\\w+)\\s*\\|\\s*first\\s*-?}}");

        public BodyConfig {
            if (templatize && ACTION.matcher(content).replaceAll("").contains("{{")) {
                throw new IllegalArgumentException("content: holds a template other than {{ .name | first }}");
            }
        }

        String text(Map<String, String> parameters) {
            return templatize
                    ? ACTION.matcher(content)
                            .replaceAll(match -> Matcher.quoteReplacement(parameters.getOrDefault(match.group(1), "")))
                    : content;
        }
    }
}
