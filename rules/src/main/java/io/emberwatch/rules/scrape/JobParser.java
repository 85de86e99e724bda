package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.discovery.TargetGroup;
import io.emberwatch.rules.discovery.TargetSources;
import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.scrape.JobSettings.Labelling;
import io.emberwatch.rules.scrape.JobSettings.Request;
import io.emberwatch.rules.settings.HttpSettings;
import io.emberwatch.rules.settings.MappingReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads one entry of {@code scrape_configs}. */
final class JobParser {
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
                settings(), Relabeling.read(reader, "relabel_configs"), TargetSources.read(reader, folder));
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
                Relabeling.read(reader, "metric_relabel_configs"));
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

    private void checkStaticTargets(ScrapeJob job) {
        if (job.name().isEmpty()) {
            return;
        }
        for (TargetGroup group : job.sources().groups()) {
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
