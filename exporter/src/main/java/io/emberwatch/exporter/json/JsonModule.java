package io.emberwatch.exporter.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.exporter.json.ModuleConfig.MetricConfig;
import io.emberwatch.exporter.json.ModuleConfig.Scrape;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.text.FloatText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes metrics of a document, which is read once however many paths lead into it. */
final class JsonModule {
    private final String name;
    private final ModuleConfig config;
    private final JsonMetrics faults;
    private final List<Metric> metrics = new ArrayList<>();

    JsonModule(String name, ModuleConfig config, JsonMetrics faults) {
        this.name = name;
        this.config = config;
        this.faults = faults;
        config.metrics().forEach(metric -> metrics.add(new Metric(metric)));
    }

    String name() {
        return name;
    }

    ModuleConfig config() {
        return config;
    }

    List<MetricFamily> families(JsonNode document) {
        Map<String, Family> families = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            if (metric.config.type() == Scrape.VALUE) {
                add(families, metric, metric.config.name(), metric.path, document);
            } else {
                objects(families, metric, document);
            }
        }
        return families.values().stream().map(Family::done).toList();
    }

    private void objects(Map<String, Family> families, Metric metric, JsonNode document) {
        List<JsonNode> objects = metric.path.nodes(document);
        if (objects.isEmpty() && !metric.config.allowMissingKey()) {
            faults.error(name, JsonMetrics.MISSING);
        }
        for (JsonNode object : objects) {
            metric.values.forEach(
                    (value, template) -> add(families, metric, metric.config.name() + "_" + value, template, object));
        }
    }

    private void add(
            Map<String, Family> families, Metric metric, String full, PathTemplate template, JsonNode document) {
        String text = template.text(document);
        if (text == null) {
            if (!metric.config.allowMissingKey()) {
                faults.error(name, JsonMetrics.MISSING);
            }
            return;
        }
        double value = number(text);
        if (Double.isNaN(value) && !text.equals("null")) {
            faults.error(name, JsonMetrics.NOT_A_NUMBER);
            return;
        }
        Labels.Builder labels = Labels.builder();
        metric.labels.forEach((label, path) -> {
            String found = path.text(document);
            labels.set(label, found == null ? "" : found);
        });
        families.computeIfAbsent(full, f -> new Family(full, metric.config))
                .points
                .add(new MetricPoint(SeriesKey.of(full, labels.build()), value, timestamp(metric, document)));
    }

    private long timestamp(Metric metric, JsonNode document) {
        PathTemplate path = metric.timestamp;
        if (path == null) {
            return MetricPoint.NO_TIMESTAMP;
        }
        String text = path.text(document);
        try {
            return text == null ? missingTimestamp() : Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            return missingTimestamp();
        }
    }

    private long missingTimestamp() {
        faults.error(name, JsonMetrics.NOT_A_NUMBER);
        return MetricPoint.NO_TIMESTAMP;
    }

    private static double number(String text) {
        return switch (text.trim()) {
            case "true", "True", "TRUE" -> 1;
            case "false", "False", "FALSE" -> 0;
            default -> parsed(text.trim());
        };
    }

    private static double parsed(String text) {
        if (text.length() > 64) {
            return Double.NaN;
        }
        try {
            return FloatText.parse(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static final class Metric {
        private final MetricConfig config;
        private final PathTemplate path;
        private final Map<String, PathTemplate> labels = new LinkedHashMap<>();
        private final Map<String, PathTemplate> values = new LinkedHashMap<>();
        private final @Nullable PathTemplate timestamp;

        Metric(MetricConfig config) {
            this.config = config;
            path = PathTemplate.compile(config.path());
            config.labels().forEach((label, template) -> labels.put(label, PathTemplate.compile(template)));
            config.values().forEach((value, template) -> values.put(value, PathTemplate.compile(template)));
            timestamp = config.epochTimestamp() == null ? null : PathTemplate.compile(config.epochTimestamp());
        }
    }

    private static final class Family {
        private final String name;
        private final MetricConfig config;
        private final List<MetricPoint> points = new ArrayList<>();

        Family(String name, MetricConfig config) {
            this.name = name;
            this.config = config;
        }

        MetricFamily done() {
            String help = config.help() == null ? config.name() : config.help();
            return MetricFamily.of(name, config.valuetype().type(), help, points);
        }
    }
}
