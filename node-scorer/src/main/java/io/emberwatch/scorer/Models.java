package io.emberwatch.scorer;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Finds score models: shipped ones by name, others by path. */
final class Models {
    static final List<String> SHIPPED = List.of("etcd", "etcd-seed");

    private Models() {}

    /**
     * Loads a model and puts the given weights in place of its own.
     *
     * @throws IOException when there is no such model, or a weight names no indicator of it
     * @throws ConfigException when the file is not a model
     */
    static ScoreModel load(String nameOrPath, Map<String, Double> weights) throws IOException, ConfigException {
        ScoreModel model = load(nameOrPath);
        for (String name : weights.keySet()) {
            if (model.indicators().stream()
                    .noneMatch(indicator -> indicator.name().equals(name))) {
                throw new IOException("scorer.weights: model " + model.name() + " has no indicator " + name);
            }
        }
        return new ScoreModel(
                model.name(),
                model.prefix(),
                model.members(),
                model.leader(),
                model.cluster(),
                model.vetoes(),
                model.indicators().stream()
                        .map(i -> new ScoreModel.Indicator(
                                i.name(),
                                weights.getOrDefault(i.name(), i.weight()),
                                i.severity(),
                                i.unit(),
                                i.idle(),
                                i.inputs(),
                                i.steps(),
                                i.knees()))
                        .toList());
    }

    private static ScoreModel load(String nameOrPath) throws IOException, ConfigException {
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
}
