package io.emberwatch.rules.scrape;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One entry of {@code scrape_configs}.
 *
 * @param relabels turn discovered labels into a target, or drop it
 */
record ScrapeJob(
        JobSettings settings,
        List<RelabelRule> relabels,
        List<TargetGroup> groups,
        List<FileSource> files,
        List<HttpSource> endpoints) {
    ScrapeJob {
        relabels = List.copyOf(relabels);
        groups = List.copyOf(groups);
        files = List.copyOf(files);
        endpoints = List.copyOf(endpoints);
    }

    String name() {
        return settings.name();
    }

    /** The names of all sources of targets beside the static ones. */
    Set<String> sources() {
        Set<String> sources = new HashSet<>();
        files.forEach(source -> sources.add(source.name()));
        endpoints.forEach(source -> sources.add(source.name()));
        return sources;
    }

    /**
     * Files that list targets.
     *
     * @param patterns paths whose last part may hold a {@code *}
     */
    record FileSource(List<Path> patterns, Duration refresh) {
        FileSource {
            patterns = List.copyOf(patterns);
        }

        String name() {
            return "files " + patterns;
        }
    }

    /** An endpoint that lists targets. */
    record HttpSource(URI url, Duration refresh, HttpSettings http) {
        String name() {
            return "endpoint " + url;
        }
    }
}
