package io.emberwatch.scorer;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds score models: shipped ones by name, others by path. */
final class Models {
    static final List<String> SHIPPED = List.of("etcd", "etcd-seed", "host", "sensor");

    private Models() {}

    /**
     * Loads models named in a list with commas, and puts the given weights in place of their own.
     *
     * @throws IOException when there is no such model, two publish under one prefix, or a weight names no indicator
     * @throws ConfigException with every fault of every model file
     */
    static List<ScoreModel> loadAll(String namesOrPaths, Map<String, Double> weights)
            throws IOException, ConfigException {
        List<ScoreModel> models = new ArrayList<>();
        List<ConfigException.Problem> problems = new ArrayList<>();
        for (String nameOrPath : namesOrPaths.split(",", -1)) {
            try {
                models.add(load(nameOrPath.trim()));
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        Set<String> prefixes = new HashSet<>();
        Set<String> indicators = new HashSet<>();
        for (ScoreModel model : models) {
            if (!prefixes.add(model.prefix())) {
                throw new IOException("scorer.model: two models publish under the prefix " + model.prefix());
            }
            model.indicators().forEach(indicator -> indicators.add(indicator.name()));
        }
        for (String name : weights.keySet()) {
            if (!indicators.contains(name)) {
                throw new IOException("scorer.weights: model " + namesOrPaths + " has no indicator " + name);
            }
        }
        List<ScoreModel> weighted = new ArrayList<>();
        for (ScoreModel model : models) {
            weighted.add(weighted(model, weights));
        }
        return weighted;
    }

    /** Loads one model. */
    static ScoreModel load(String nameOrPath) throws IOException, ConfigException {
        if (SHIPPED.contains(nameOrPath)) {
            try (InputStream in = Models.class.getResourceAsStream("models/" + nameOrPath + ".yml")) {
                if (in == null) {
                    throw new IOException("the shipped model " + nameOrPath + " is missing from the program");
                }
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return ConfigReader.parse(nameOrPath + ".yml", text, ScoreModel.class);
            }
        }
        Path file = Path.of(nameOrPath);
        if (!Files.isRegularFile(file)) {
            throw new IOException("scorer.model: " + nameOrPath + " is neither a file nor one of the shipped models "
                    + String.join(", ", SHIPPED));
        }
        return ConfigReader.read(file, ScoreModel.class);
    }

    /** The model with some weights replaced. */
    static ScoreModel weighted(ScoreModel model, Map<String, Double> weights) throws IOException {
        try {
            return model.with(model.indicators().stream()
                    .map(indicator -> indicator.withWeight(weights.getOrDefault(indicator.name(), indicator.weight())))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw new IOException("scorer.weights: model " + model.name() + ": " + e.getMessage(), e);
        }
    }
}
