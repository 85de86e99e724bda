package io.emberwatch.scorer;

import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.promapi.PrometheusClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the scorer's configuration where it is not part of the common file. */
public final class ScorerConfigs {
    private ScorerConfigs() {}

    /** Whether the file is the {@code config.conf} of the etcd heatmap of 2022 rather than YAML. */
    public static boolean isIni(Path file) throws IOException {
        return SeedConfig.isIni(Files.readString(file));
    }

    /** All that {@code scorer.prometheus} names, asked as one: the scorer's source outside {@code up}. */
    public static QuerySource source(ScorerConfig config) {
        return PrometheusSources.of(
                config.prometheus().stream().map(PrometheusClient::new).toList());
    }

    /**
     * Checks what the configuration points to: its models and the weights given for them.
     *
     * @throws IOException when there is no such model, or a weight fits none
     * @throws ConfigException with every fault of every model
     */
    public static void check(ScorerConfig config) throws IOException, ConfigException {
        Models.loadAll(config.model(), config.weights());
    }

    /**
     * Every PromQL expression that the configured models ask, by model and place, such as {@code etcd:
     * indicators.wal_fsync[0]}: for whoever can check expressions.
     *
     * @throws IOException when there is no such model, or a weight fits none
     * @throws ConfigException with every fault of every model
     */
    public static Map<String, String> queries(ScorerConfig config) throws IOException, ConfigException {
        Map<String, String> queries = new LinkedHashMap<>();
        for (ScoreModel model : Models.loadAll(config.model(), config.weights())) {
            model.queries().forEach((place, query) -> queries.put(model.name() + ": " + place, query));
        }
        return queries;
    }

    /**
     * Checks a file that holds a model.
     *
     * @throws ConfigException with every fault of it
     */
    public static void checkModel(Path file) throws IOException, ConfigException {
        Models.load(file.toString());
    }

    /** The defaults, but for the model. */
    public static ScorerConfig ofModel(String nameOrPath) {
        ScorerConfig defaults = ConfigReader.defaults(ScorerConfig.class);
        return new ScorerConfig(
                nameOrPath,
                defaults.weights(),
                defaults.interval(),
                defaults.prometheus(),
                defaults.textfile(),
                defaults.staleAfter());
    }

    /** The model {@code etcd-seed} with the weights of such a file. */
    public static ScorerConfig readIni(Path file) throws IOException, ConfigException {
        ScorerConfig defaults = ConfigReader.defaults(ScorerConfig.class);
        return new ScorerConfig(
                "etcd-seed",
                SeedConfig.weights(file.toString(), Files.readString(file)),
                defaults.interval(),
                defaults.prometheus(),
                defaults.textfile(),
                defaults.staleAfter());
    }
}
