package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.engine.RuleFiles;
import io.emberwatch.rules.scrape.ScrapeConfig.Global;
import io.emberwatch.rules.settings.EnvironmentText;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads a prometheus.yml as far as it is about scraping. */
final class ScrapeConfigParser {
    private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final List<String> UNSUPPORTED = List.of("remote_read", "storage", "tracing", "otlp", "runtime");
    private static final List<String> UNSUPPORTED_GLOBALS = List.of("query_log_file", "scrape_failure_log_file");

    private final String fileName;
    private final Path folder;
    private final UnaryOperator<@Nullable String> environment;
    private final List<Problem> problems = new ArrayList<>();
    private final List<ScrapeJob> jobs = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    ScrapeConfigParser(String fileName, UnaryOperator<@Nullable String> environment) {
        this.fileName = fileName;
        this.environment = environment;
        Path parent = Path.of(fileName).getParent();
        folder = parent == null ? Path.of("") : parent;
    }

    ScrapeConfig parse(String yaml) throws ConfigException {
        YamlNode root = YamlNode.parse(fileName, yaml);
        if (root instanceof YamlNode.Scalar scalar && scalar.isNull()) {
            root = new YamlNode.Mapping(Map.of(), 1, 1);
        }
        if (!(root instanceof YamlNode.Mapping mapping)) {
            throw new ConfigException(List.of(new Problem(
                    fileName, root.line(), root.column(), "", "expected a mapping, this is " + root.kind())));
        }
        MappingReader reader = new MappingReader(fileName, "", mapping, problems);
        reader.leave("rule_files");
        reader.leave("alerting");
        reader.leave("remote_write");
        reader.refuse(UNSUPPORTED);
        MappingReader globalReader = reader.mapping("global");
        if (globalReader == null) {
            globalReader = new MappingReader(fileName, "global", new YamlNode.Mapping(Map.of(), 1, 1), problems);
        }
        JobDefaults defaults = defaults(globalReader);
        globalReader.finish();
        jobs(reader, folder, defaults);
        for (String pattern : reader.texts("scrape_config_files")) {
            others(reader, pattern, defaults);
        }
        reader.finish();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new ScrapeConfig(defaults.global(), jobs);
    }

    private void jobs(MappingReader reader, Path base, JobDefaults defaults) {
        for (MappingReader jobReader : reader.mappings("scrape_configs")) {
            ScrapeJob job = new JobParser(jobReader, base, defaults).parse();
            if (!job.name().isEmpty() && !names.add(job.name())) {
                jobReader.problem("job_name", "found multiple scrape configs with job name \"" + job.name() + "\"");
            }
            jobs.add(job);
        }
    }

    /** Files with jobs alone; what they name is relative to their own folder. */
    private void others(MappingReader owner, String pattern, JobDefaults defaults) {
        try {
            for (Path file : RuleFiles.find(folder, pattern)) {
                if (!Files.isRegularFile(file)) {
                    throw new NoSuchFileException(file.toString());
                }
                YamlNode root = YamlNode.parse(file.toString(), Files.readString(file));
                if (root instanceof YamlNode.Mapping mapping) {
                    MappingReader reader = new MappingReader(file.toString(), "", mapping, problems);
                    Path parent = file.getParent();
                    jobs(reader, parent == null ? folder : parent, defaults);
                    reader.finish();
                } else if (!(root instanceof YamlNode.Scalar scalar && scalar.isNull())) {
                    owner.problem("scrape_config_files", file + ": expected a mapping, this is " + root.kind());
                }
            }
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        } catch (NoSuchFileException e) {
            owner.problem("scrape_config_files", pattern + ": there is no such file");
        } catch (IOException | InvalidPathException e) {
            owner.problem("scrape_config_files", pattern + ": " + e.getMessage());
        }
    }

    private JobDefaults defaults(MappingReader reader) {
        Duration interval = positive(reader, "scrape_interval", DEFAULT_INTERVAL);
        Duration timeout = positive(
                reader, "scrape_timeout", interval.compareTo(DEFAULT_TIMEOUT) < 0 ? interval : DEFAULT_TIMEOUT);
        if (timeout.compareTo(interval) > 0) {
            reader.problem("scrape_timeout", "global scrape timeout greater than scrape interval");
        }
        Global global = new Global(
                interval,
                timeout,
                positive(reader, "evaluation_interval", DEFAULT_INTERVAL),
                reader.duration("rule_query_offset", Duration.ZERO),
                externalLabels(reader));
        reader.refuse(UNSUPPORTED_GLOBALS);
        return new JobDefaults(
                global,
                Limits.read(reader, Limits.NONE),
                ScrapeProtocol.read(reader, ScrapeProtocol.DEFAULT),
                JobDefaults.readEscaping(reader, "allow-utf-8"),
                reader.flag("extra_scrape_metrics", false));
    }

    // Zero stands for the default, as in Prometheus.
    private static Duration positive(MappingReader reader, String key, Duration fallback) {
        Duration given = reader.duration(key, Duration.ZERO);
        return given.isZero() ? fallback : given;
    }

    private Labels externalLabels(MappingReader reader) {
        Labels.Builder labels = Labels.builder();
        reader.namedTexts("external_labels").forEach((name, value) -> {
            if (name.isEmpty()) {
                reader.problem("external_labels", "a label name must not be empty");
            } else {
                labels.set(name, EnvironmentText.expand(value, environment));
            }
        });
        return labels.build();
    }
}
