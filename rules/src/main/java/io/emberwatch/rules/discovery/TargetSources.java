package io.emberwatch.rules.discovery;

import io.emberwatch.rules.settings.HttpSettings;
import io.emberwatch.rules.settings.MappingReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Where targets come from: {@code static_configs}, {@code file_sd_configs} and {@code http_sd_configs}. */
public record TargetSources(List<TargetGroup> groups, List<FileSource> files, List<HttpSource> endpoints) {
    private static final Pattern FILE_PATTERN = Pattern.compile("[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)");
    private static final Duration FILE_REFRESH = Duration.ofMinutes(5);
    private static final Duration HTTP_REFRESH = Duration.ofMinutes(1);

    public TargetSources {
        groups = List.copyOf(groups);
        files = List.copyOf(files);
        endpoints = List.copyOf(endpoints);
    }

    /** The names of all sources beside the static ones. */
    public Set<String> names() {
        Set<String> names = new HashSet<>();
        files.forEach(source -> names.add(source.name()));
        endpoints.forEach(source -> names.add(source.name()));
        return names;
    }

    /**
     * Files that list targets.
     *
     * @param patterns paths whose last part may hold a {@code *}
     */
    public record FileSource(List<Path> patterns, Duration refresh) {
        public FileSource {
            patterns = List.copyOf(patterns);
        }

        String name() {
            return "files " + patterns;
        }
    }

    /** An endpoint that lists targets. */
    public record HttpSource(URI url, Duration refresh, HttpSettings http) {
        String name() {
            return "endpoint " + url;
        }
    }

    /** Reads the three keys; {@code folder} is what relative file names are relative to. */
    public static TargetSources read(MappingReader reader, Path folder) {
        return new TargetSources(groups(reader), files(reader, folder), endpoints(reader, folder));
    }

    private static List<TargetGroup> groups(MappingReader reader) {
        List<TargetGroup> groups = new ArrayList<>();
        for (MappingReader group : reader.mappings("static_configs")) {
            groups.add(TargetGroup.read(group, "static/" + groups.size()));
        }
        return groups;
    }

    private static List<FileSource> files(MappingReader reader, Path folder) {
        List<FileSource> sources = new ArrayList<>();
        for (MappingReader source : reader.mappings("file_sd_configs")) {
            List<Path> patterns = new ArrayList<>();
            for (String name : source.texts("files")) {
                if (FILE_PATTERN.matcher(name).matches()) {
                    patterns.add(folder.resolve(name));
                } else {
                    source.problem("files", "path name \"" + name + "\" is not valid for file discovery");
                }
            }
            if (source.texts("files").isEmpty()) {
                source.problem("file service discovery config must contain at least one path name");
            }
            sources.add(new FileSource(patterns, refresh(source, FILE_REFRESH)));
            source.finish();
        }
        return sources;
    }

    private static List<HttpSource> endpoints(MappingReader reader, Path folder) {
        List<HttpSource> sources = new ArrayList<>();
        for (MappingReader source : reader.mappings("http_sd_configs")) {
            String url = source.text("url", "");
            HttpSettings http = HttpSettings.read(source, folder);
            Duration refresh = refresh(source, HTTP_REFRESH);
            source.finish();
            try {
                URI uri = URI.create(url);
                String scheme = String.valueOf(uri.getScheme());
                if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                    sources.add(new HttpSource(uri, refresh, http));
                    continue;
                }
            } catch (IllegalArgumentException malformed) {
                // said below
            }
            source.problem("url", "\"" + url + "\": expected an address such as http://discovery/targets");
        }
        return sources;
    }

    private static Duration refresh(MappingReader source, Duration fallback) {
        Duration refresh = source.duration("refresh_interval", fallback);
        if (refresh.compareTo(Duration.ofSeconds(1)) < 0) {
            source.problem("refresh_interval", "must be at least 1s");
            return fallback;
        }
        return refresh;
    }
}
