package io.emberwatch.launcher;

import io.emberwatch.bridge.BridgeConfig;
import io.emberwatch.console.ConsoleConfig;
import io.emberwatch.exporter.ExporterConfig;
import io.emberwatch.push.PushConfig;
import io.emberwatch.rules.RulesConfig;
import io.emberwatch.scorer.ScorerConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The one configuration file: each service reads its own key, and an unknown key anywhere is refused. */
record EmberwatchConfig(
        ExporterConfig exporter,
        RulesConfig rules,
        ScorerConfig scorer,
        BridgeConfig bridge,
        PushConfig push,
        ConsoleConfig console) {

    /** The file's configuration, or the defaults when no file is named. */
    static EmberwatchConfig read(@Nullable Path file) throws IOException, ConfigException {
        if (file == null) {
            return ConfigReader.defaults(EmberwatchConfig.class);
        }
        requireFile(file);
        return ConfigReader.read(file, EmberwatchConfig.class);
    }

    static void requireFile(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new NoSuchFileException(file + ": there is no such file, or it cannot be read");
        }
    }
}
