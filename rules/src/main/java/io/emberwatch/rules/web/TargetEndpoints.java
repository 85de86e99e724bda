package io.emberwatch.rules.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code targets}, {@code targets/metadata}, {@code metadata}, {@code scrape_pools}. */
final class TargetEndpoints {
    private final Targets targets;

    TargetEndpoints(Targets targets) {
        this.targets = targets;
    }

    List<Route> routes(String base) {
        return List.of(
                ApiEndpoint.get(base + "targets", this::targets),
                ApiEndpoint.get(base + "targets/metadata", this::descriptions),
                ApiEndpoint.get(base + "scrape_pools", this::pools),
                ApiEndpoint.get(base + "metadata", this::metadata));
    }

    private ApiAnswer targets(ApiParameters parameters) throws ApiError {
        String state = parameters.text("state");
        if (!List.of("", "any", "active", "dropped").contains(state)) {
            throw ApiError.badParameter("state", "not supported value \"" + state + "\"");
        }
        String pool = parameters.text("scrapePool");
        List<TargetStatus> all = targets.targets().stream()
                .filter(target -> pool.isEmpty() || target.job().equals(pool))
                .toList();
        boolean active = !state.equals("dropped");
        boolean dropped = !state.equals("active");
        return ApiAnswer.of(json -> write(json, all, active, dropped));
    }

    private static void write(JsonGenerator json, List<TargetStatus> targets, boolean active, boolean dropped)
            throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("activeTargets");
        for (TargetStatus target : targets) {
            if (active && !target.dropped()) {
                active(json, target);
            }
        }
        json.writeEndArray();
        json.writeArrayFieldStart("droppedTargets");
        for (TargetStatus target : targets) {
            if (dropped && target.dropped()) {
                json.writeStartObject();
                json.writeFieldName("discoveredLabels");
                ApiJson.labels(json, target.discoveredLabels());
                json.writeStringField("scrapePool", target.job());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeObjectFieldStart("droppedTargetCounts");
        Map<String, Long> counts = targets.stream()
                .collect(Collectors.groupingBy(
                        TargetStatus::job,
                        TreeMap::new,
                        Collectors.filtering(TargetStatus::dropped, Collectors.counting())));
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void active(JsonGenerator json, TargetStatus target) throws IOException {
        json.writeStartObject();
        json.writeFieldName("discoveredLabels");
        ApiJson.labels(json, target.discoveredLabels());
        json.writeFieldName("labels");
        ApiJson.labels(json, target.labels());
        json.writeStringField("scrapePool", target.job());
        json.writeStringField("scrapeUrl", target.url());
        json.writeStringField("globalUrl", target.url());
        json.writeStringField("lastError", target.lastError());
        json.writeStringField("lastScrape", ApiJson.time(target.lastScrape()));
        ApiJson.seconds(json, "lastScrapeDuration", target.lastDuration());
        json.writeStringField("health", target.health());
        json.writeStringField("scrapeInterval", Durations.format(target.interval()));
        json.writeStringField("scrapeTimeout", Durations.format(target.timeout()));
        json.writeEndObject();
    }

    private ApiAnswer pools(ApiParameters parameters) {
        List<String> pools =
                targets.targets().stream().map(TargetStatus::job).distinct().sorted().toList();
        return ApiAnswer.of(json -> {
            json.writeStartObject();
            json.writeFieldName("scrapePools");
            ApiJson.texts(json, pools);
            json.writeEndObject();
        });
    }

    private ApiAnswer descriptions(ApiParameters parameters) throws ApiError {
        int limit = parameters.limit("limit");
        String metric = parameters.text("metric");
        String selector = parameters.text("match_target");
        List<Matcher> matchers =
                selector.isEmpty() ? List.of() : parameters.selectors("match_target").get(0);
        List<MetricDescription> found = targets.descriptions().stream()
                .filter(description -> metric.isEmpty() || metric.equals(description.metric()))
                .filter(description ->
                        matchers.stream().allMatch(matcher -> matcher.matches(description.target())))
                .limit(limit)
                .toList();
        return ApiAnswer.of(json -> {
            json.writeStartArray();
            for (MetricDescription description : found) {
                json.writeStartObject();
                json.writeFieldName("target");
                ApiJson.labels(json, description.target());
                if (metric.isEmpty()) {
                    json.writeStringField("metric", description.metric());
                }
                words(json, description);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void words(JsonGenerator json, MetricDescription description) throws IOException {
        json.writeStringField("type", description.type());
        json.writeStringField("help", description.help());
        json.writeStringField("unit", description.unit());
    }

    /** A metric's description whatever target it comes from. */
    private record Words(String type, String help, String unit) {}

    private ApiAnswer metadata(ApiParameters parameters) throws ApiError {
        int limit = parameters.limit("limit");
        int perMetric = parameters.limit("limit_per_metric");
        String metric = parameters.text("metric");
        Map<String, Set<Words>> byMetric = new TreeMap<>();
        for (MetricDescription description : targets.descriptions()) {
            if (metric.isEmpty() || metric.equals(description.metric())) {
                byMetric.computeIfAbsent(description.metric(), name -> new LinkedHashSet<>())
                        .add(new Words(description.type(), description.help(), description.unit()));
            }
        }
        return ApiAnswer.of(json -> {
            json.writeStartObject();
            int count = 0;
            for (Map.Entry<String, Set<Words>> entry : byMetric.entrySet()) {
                if (count++ >= limit) {
                    break;
                }
                json.writeArrayFieldStart(entry.getKey());
                for (Words words : entry.getValue().stream().limit(perMetric).toList()) {
                    json.writeStartObject();
                    json.writeStringField("type", words.type());
                    json.writeStringField("help", words.help());
                    json.writeStringField("unit", words.unit());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
    }
}
