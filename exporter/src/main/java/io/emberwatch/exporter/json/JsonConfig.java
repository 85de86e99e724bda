package io.emberwatch.exporter.json;

import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is read over HTTP.
 *
 * @param configFile a file of json_exporter's, read as it is; its modules stand beside those given here
 * @param modules what is made of a document, by name
 * @param targets documents that are part of the exporter's page; others are asked for with {@code /probe/json}
 * @param maxDocument larger documents are refused, at most 64MiB
 */
public record JsonConfig(
        @Nullable Path configFile,
        @Default("{}") Map<String, ModuleConfig> modules,
        @Default("[]") List<TargetConfig> targets,
        @Default("16MiB") ByteSize maxDocument) {
    private static final long LARGEST_DOCUMENT = 64 << 20;

    public JsonConfig {
        targets = List.copyOf(targets);
        if (maxDocument.bytes() < 1 || maxDocument.bytes() > LARGEST_DOCUMENT) {
            throw new IllegalArgumentException("max_document: must be from 1 byte to 64MiB");
        }
        for (TargetConfig target : targets) {
            if (configFile == null && !modules.containsKey(target.module())) {
                throw new IllegalArgumentException("targets: there is no module " + target.module());
            }
        }
    }

    /** Whether there is anything to do. */
    public boolean isEmpty() {
        return configFile == null && modules.isEmpty();
    }

    /**
     * A document that is part of the page.
     *
     * @param name of its source, after {@code json_}
     * @param timeout no longer than the scrape's
     */
    public record TargetConfig(
            String name,
            URI url,
            @Default("default") String module,
            @Default("5s") Duration timeout) {
        public TargetConfig {
            if (!name.matches("[A-Za-z0-9_.-]{1,100}")) {
                throw new IllegalArgumentException(
                        "name: " + name + " is not made of letters, digits, underscores, dots and dashes");
            }
            if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
                throw new IllegalArgumentException("url: " + url + " begins with neither http:// nor https://");
            }
            if (timeout.toMillis() < 1) {
                throw new IllegalArgumentException("timeout: must be at least 1ms");
            }
        }
    }
}
