package io.emberwatch.exporter.jmx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.StatusHttp;
import io.emberwatch.exporter.status.TargetFault;
import io.emberwatch.model.flow.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import okhttp3.HttpUrl;

/**
 * The beans of a program over Jolokia's HTTP protocol: one request of the type {@code read} for every pattern, all of them
 * in one exchange (Jolokia reference manual, "Bulk requests").
 */
final class JolokiaBeans implements Beans {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_ANSWER = 32 << 20;
    private static final int MAX_DEPTH = 16;
    /** Marks what stands in place of an attribute that could not be read. */
    private static final String FAILED = ".error";

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final HttpUrl url;
    private final StatusHttp http;
    private final JmxRules rules;

    JolokiaBeans(JmxConfig config, JmxRules rules) {
        url = Addresses.http(config.url());
        http = new StatusHttp(LARGEST_ANSWER, config.tls(), config.username(), config.password());
        this.rules = rules;
    }

    @Override
    public void read(JmxMetrics metrics, Deadline deadline) throws IOException, TargetFault {
        List<String> patterns = rules.include().isEmpty() ? List.of("*:*") : rules.include();
        ArrayNode requests = JSON.createArrayNode();
        for (String pattern : patterns) {
            requests.addObject()
                    .put("type", "read")
                    .put("mbean", pattern)
                    .putObject("config")
                    .put("ignoreErrors", true)
                    .put("canonicalNaming", false);
        }
        for (String pattern : rules.exclude()) {
            requests.addObject().put("type", "search").put("mbean", pattern);
        }
        JsonNode answers;
        try {
            answers = JSON.readTree(
                    http.post(url, JSON.writeValueAsBytes(requests), deadline).body());
        } catch (JsonProcessingException e) {
            throw TargetFault.garbage("the answer is not JSON");
        }
        if (!answers.isArray() || answers.size() != requests.size()) {
            throw TargetFault.garbage("the answer has not one part for each request");
        }
        Set<String> excluded = new LinkedHashSet<>();
        for (int i = patterns.size(); i < answers.size(); i++) {
            answers.get(i).path("value").forEach(name -> excluded.add(canonical(name.asText())));
        }
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < patterns.size(); i++) {
            answer(answers.get(i), patterns.get(i), excluded, seen, metrics);
        }
    }

    private void answer(JsonNode answer, String pattern, Set<String> excluded, Set<String> seen, JmxMetrics metrics)
            throws TargetFault {
        int status = answer.path("status").asInt();
        if (status == NOT_FOUND) {
            return;
        } else if (status != OK) {
            throw TargetFault.garbage(
                    pattern + ": status " + status + " " + answer.path("error").asText());
        }
        JsonNode value = answer.path("value");
        if (pattern.contains("*") || pattern.contains("?")) {
            value.properties().forEach(bean -> bean(bean.getKey(), bean.getValue(), excluded, seen, metrics));
        } else {
            bean(pattern, value, excluded, seen, metrics);
        }
    }

    private void bean(String name, JsonNode attributes, Set<String> excluded, Set<String> seen, JmxMetrics metrics) {
        if (excluded.contains(canonical(name)) || !seen.add(canonical(name))) {
            return;
        }
        BeanName bean = BeanName.parse(name);
        List<String> without = rules.excludeAttributes().getOrDefault(name, List.of());
        for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
            if (!without.contains(attribute.getKey())) {
                value(bean, List.of(), attribute.getKey(), attribute.getValue(), metrics, 0);
            }
        }
    }

    private static String canonical(String name) {
        BeanName bean = BeanName.parse(name);
        return bean.domain() + ":" + new TreeMap<>(bean.properties());
    }

    private static void value(
            BeanName bean, List<String> keys, String name, JsonNode value, JmxMetrics metrics, int depth) {
        if (depth > MAX_DEPTH || value.path(FAILED).asBoolean()) {
            return;
        } else if (value.isObject()) {
            List<String> deeper = new ArrayList<>(keys);
            deeper.add(name);
            value.properties()
                    .forEach(field -> value(bean, deeper, field.getKey(), field.getValue(), metrics, depth + 1));
        } else if (value.isNumber()) {
            metrics.record(bean.domain(), bean.properties(), keys, name, "", value.numberValue());
        } else if (value.isBoolean()) {
            metrics.record(bean.domain(), bean.properties(), keys, name, "", value.asBoolean());
        } else if (value.isTextual()) {
            metrics.record(bean.domain(), bean.properties(), keys, name, "", value.asText());
        }
    }
}
