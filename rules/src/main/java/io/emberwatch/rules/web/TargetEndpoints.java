package io.emberwatch.rules.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.emberwatch.model.Labels;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.scrape.DroppedTarget;
import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.scrape.TargetStatus;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
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
                ApiEndpoint.get(base + "targets/metadata", this::targetMetadata),
                ApiEndpoint.get(base + "scrape_pools", this::pools),
                ApiEndpoint.get(base + "metadata", this::metadata));
    }

    private ApiAnswer targets(ApiParameters parameters) throws ApiError {
        String state = parameters.text("state");
        if (!List.of("", "any", "active", "dropped").contains(state)) {
            throw ApiError.badParameter("state", "not supported value \"" + state + "\"");
        }
        String pool = parameters.text("scrapePool");
        List<TargetStatus> active = state.equals("dropped")
                ? List.of()
                : targets.targets().stream()
                        .filter(target -> pool.isEmpty() || target.job().equals(pool))
                        .toList();
        List<DroppedTarget> dropped = targets.dropped().stream()
                .filter(target -> pool.isEmpty() || target.job().equals(pool))
                .toList();
        Map<String, Long> counts = dropped.stream()
                .collect(Collectors.groupingBy(DroppedTarget::job, TreeMap::new, Collectors.counting()));
        List<DroppedTarget> shown = state.equals("active") ? List.of() : dropped;
        return ApiAnswer.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("activeTargets");
            for (TargetStatus target : active) {
                active(json, target);
            }
            json.writeEndArray();
            dropped(json, shown, counts);
            json.writeEndObject();
        });
    }

    private static void dropped(JsonGenerator json, List<DroppedTarget> targets, Map<String, Long> counts)
            throws IOException {
        json.writeArrayFieldStart("droppedTargets");
        for (DroppedTarget target : targets) {
            json.writeStartObject();
            json.writeFieldName("discoveredLabels");
            ApiJson.labels(json, target.discoveredLabels());
            json.writeStringField("scrapePool", target.job());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("droppedTargetCounts");
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
    }

    private static void active(JsonGenerator json, TargetStatus target) throws IOException {
        json.writeStartObject();
        json.writeFieldName("discoveredLabels");
        ApiJson.labels(json, target.discoveredLabels());
        json.writeFieldName("labels");
        ApiJson.labels(json, target.labels());
        json.writeStringField("scrapePool", target.job());
        json.writeStringField("scrapeUrl", target.scrapeUrl());
        json.writeStringField("globalUrl", target.scrapeUrl());
        json.writeStringField("lastError", target.lastError());
        json.writeStringField("lastScrape", ApiJson.time(target.lastScrape()));
        ApiJson.seconds(json, "lastScrapeDuration", target.lastDuration());
        json.writeStringField("health", target.health().text());
        json.writeStringField("scrapeInterval", Durations.format(target.interval()));
        json.writeStringField("scrapeTimeout", Durations.format(target.timeout()));
        json.writeEndObject();
    }

    private ApiAnswer pools(ApiParameters parameters) {
        List<String> pools = targets.targets().stream()
                .map(TargetStatus::job)
                .distinct()
                .sorted()
                .toList();
        return ApiAnswer.of(json -> {
            json.writeStartObject();
            json.writeFieldName("scrapePools");
            ApiJson.texts(json, pools);
            json.writeEndObject();
        });
    }

    /** What one target says of one metric. */
    private record Described(Labels target, MetricMetadata metadata) {}

    private ApiAnswer targetMetadata(ApiParameters parameters) throws ApiError {
        int limit = parameters.limit("limit");
        String metric = parameters.text("metric");
        List<Matcher> matchers = parameters.isGiven("match_target")
                ? parameters.selectors("match_target").get(0)
                : List.of();
        List<Described> found = new ArrayList<>();
        for (TargetStatus target : targets.targets()) {
            if (matchers.stream().allMatch(matcher -> matcher.matches(target.labels()))) {
                target.metadata().stream()
                        .filter(metadata -> metric.isEmpty() || metric.equals(metadata.family()))
                        .limit(Math.max(0, limit - found.size()))
                        .forEach(metadata -> found.add(new Described(target.labels(), metadata)));
            }
        }
        return ApiAnswer.of(json -> {
            json.writeStartArray();
            for (Described described : found) {
                json.writeStartObject();
                json.writeFieldName("target");
                ApiJson.labels(json, described.target());
                if (metric.isEmpty()) {
                    json.writeStringField("metric", described.metadata().family());
                }
                words(json, described.metadata());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void words(JsonGenerator json, MetricMetadata metadata) throws IOException {
        json.writeStringField(
                "type", metadata.type().name().toLowerCase(Locale.ROOT).replace("_", ""));
        json.writeStringField("help", metadata.help());
        json.writeStringField("unit", metadata.unit());
    }

    private ApiAnswer metadata(ApiParameters parameters) throws ApiError {
        int limit = parameters.limit("limit");
        int perMetric = parameters.limit("limit_per_metric");
        String metric = parameters.text("metric");
        Map<String, Set<MetricMetadata>> byMetric = new TreeMap<>();
        Consumer<MetricMetadata> collect = metadata -> {
            if (metric.isEmpty() || metric.equals(metadata.family())) {
                byMetric.computeIfAbsent(metadata.family(), name -> new LinkedHashSet<>())
                        .add(metadata);
            }
        };
        targets.targets().forEach(target -> target.metadata().forEach(collect));
        targets.received().forEach(collect);
        return ApiAnswer.of(json -> {
            json.writeStartObject();
            int count = 0;
            for (Map.Entry<String, Set<MetricMetadata>> entry : byMetric.entrySet()) {
                if (count++ >= limit) {
                    break;
                }
                json.writeArrayFieldStart(entry.getKey());
                for (MetricMetadata metadata :
                        entry.getValue().stream().limit(perMetric).toList()) {
                    json.writeStartObject();
                    words(json, metadata);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
    }
}
