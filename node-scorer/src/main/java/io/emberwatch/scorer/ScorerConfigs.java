package io.emberwatch.scorer;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the scorer's configuration where it is not part of the common file. */
public final class ScorerConfigs {
    private ScorerConfigs() {}

    /** Whether the file is the {@code config.conf} of the etcd heatmap of 2022 rather than YAML. */
    public static boolean isIni(Path file) throws IOException {
        return SeedConfig.isIni(Files.readString(file));
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
