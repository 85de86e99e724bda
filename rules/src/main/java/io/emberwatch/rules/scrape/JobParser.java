package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.scrape.JobSettings.Labelling;
import io.emberwatch.rules.scrape.JobSettings.Request;
import io.emberwatch.rules.scrape.ScrapeJob.FileSource;
import io.emberwatch.rules.scrape.ScrapeJob.HttpSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads one entry of {@code scrape_configs}. */
final class JobParser {
    private static final Pattern FILE_PATTERN = Pattern.compile("[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)");
    private static final Duration FILE_REFRESH = Duration.ofMinutes(5);
    private static final Duration HTTP_REFRESH = Duration.ofMinutes(1);
    private static final List<String> UNSUPPORTED =
            List.of("scrape_failure_log_file", "native_histogram_bucket_limit", "native_histogram_min_bucket_factor");

    private final MappingReader reader;
    private final Path folder;
    private final JobDefaults defaults;

    JobParser(MappingReader reader, Path folder, JobDefaults defaults) {
        this.reader = reader;
        this.folder = folder;
        this.defaults = defaults;
    }

    ScrapeJob parse() {
        ScrapeJob job = new ScrapeJob(
                settings(), RelabelParser.parse(reader, "relabel_configs"), groups(), files(), endpoints());
        reader.refuse(UNSUPPORTED);
        reader.finish();
        checkStaticTargets(job);
        return job;
    }

    private JobSettings settings() {
        String name = reader.text("job_name", "");
        if (name.isEmpty()) {
            reader.problem("job_name is empty");
        }
        Duration interval = reader.duration("scrape_interval", Duration.ZERO);
        if (interval.isZero()) {
            interval = defaults.global().scrapeInterval();
        }
        Duration timeout = reader.duration("scrape_timeout", Duration.ZERO);
        if (timeout.compareTo(interval) > 0) {
            reader.problem("scrape_timeout", "scrape timeout greater than scrape interval of job \"" + name + "\"");
        }
        if (timeout.isZero()) {
            Duration global = defaults.global().scrapeTimeout();
            timeout = global.compareTo(interval) > 0 ? interval : global;
        }
        return new JobSettings(
                name,
                interval,
                timeout,
                labelling(),
                request(),
                HttpSettings.read(reader, folder),
                Limits.read(reader, defaults.limits()));
    }

    private Labelling labelling() {
        return new Labelling(
                reader.flag("honor_labels", false),
                reader.flag("honor_timestamps", true),
                reader.flag("track_timestamps_staleness", false),
                reader.flag("extra_scrape_metrics", defaults.extraMetrics()),
                RelabelParser.parse(reader, "metric_relabel_configs"));
    }

    private Request request() {
        String scheme = reader.text("scheme", "http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            reader.problem("scheme", scheme + ": expected http or https");
        }
        return new Request(
                scheme,
                reader.text("metrics_path", "/metrics"),
                reader.namedLists("params"),
                ScrapeProtocol.accept(
                        ScrapeProtocol.read(reader, defaults.protocols()),
                        JobDefaults.readEscaping(reader, defaults.escaping())),
                ScrapeProtocol.readFallback(reader),
                reader.flag("enable_compression", true));
    }

    private List<TargetGroup> groups() {
        List<TargetGroup> groups = new ArrayList<>();
        for (MappingReader group : reader.mappings("static_configs")) {
            groups.add(TargetGroup.read(group, "static/" + groups.size()));
        }
        return groups;
    }

    private List<FileSource> files() {
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

    private List<HttpSource> endpoints() {
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

    private void checkStaticTargets(ScrapeJob job) {
        if (job.name().isEmpty()) {
            return;
        }
        for (TargetGroup group : job.groups()) {
            for (Labels discovered : group.targets()) {
                try {
                    Target.of(job, discovered);
                } catch (IllegalArgumentException e) {
                    reader.problem(
                            "static_configs",
                            "target \"" + discovered.get(TargetGroup.ADDRESS) + "\": " + e.getMessage());
                }
            }
        }
    }
}
