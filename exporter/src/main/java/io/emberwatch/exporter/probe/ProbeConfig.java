package io.emberwatch.exporter.probe;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is probed, and how.
 *
 * @param modules ways to probe, by name, in blackbox_exporter's form; {@code http_2xx} and {@code tcp_connect} are always
 *     there
 * @param configFile the same in a file of its own, such as blackbox_exporter's {@code blackbox.yml}
 * @param targets what is probed regularly and shown on {@code /metrics}
 * @param allow what {@code /probe} may be asked to reach: hosts and ports with {@code *} for any text, such as {@code
 *     *.example.org:443} or {@code 10.1.*:*}; everything when empty
 * @param maxConcurrent how many probes {@code /probe} runs at once; further ones get 503
 */
public record ProbeConfig(
        @Default("{}") Map<String, ModuleConfig> modules,
        @Nullable Path configFile,
        @Default("[]") List<TargetConfig> targets,
        @Default("[]") List<String> allow,
        @Default("40") int maxConcurrent) {
    public ProbeConfig {
        modules = Map.copyOf(modules);
        targets = List.copyOf(targets);
        allow = List.copyOf(allow);
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("max_concurrent: must be at least 1");
        }
    }

    /** Every module there is, those of the file among them. */
    Map<String, ModuleConfig> allModules() throws IOException, ConfigException {
        Map<String, ModuleConfig> all = new LinkedHashMap<>();
        all.put("http_2xx", ConfigReader.parse("http_2xx", "prober: http", ModuleConfig.class));
        all.put("tcp_connect", ConfigReader.parse("tcp_connect", "prober: tcp", ModuleConfig.class));
        if (configFile != null) {
            all.putAll(ConfigReader.read(configFile, BlackboxFile.class).modules());
        }
        all.putAll(modules);
        return all;
    }

    /** blackbox_exporter's own file. */
    record BlackboxFile(@Default("{}") Map<String, ModuleConfig> modules) {}

    /**
     * Something probed regularly.
     *
     * @param name the value of the label {@code instance}; the target when not given
     * @param module how
     * @param interval how often; what was found last is shown until the next time
     */
    public record TargetConfig(
            String target,
            @Nullable String name,
            @Default("http_2xx") String module,
            @Default("15s") Duration interval) {
        public TargetConfig {
            if (target.isBlank()) {
                throw new IllegalArgumentException("target: must not be empty");
            }
            if (interval.toMillis() < 100) {
                throw new IllegalArgumentException("interval: must be at least 100ms");
            }
        }

        String instance() {
            return name == null ? target : name;
        }
    }

    /** A name and a password. */
    record BasicAuth(String username, @Nullable Secret password) {}
}
