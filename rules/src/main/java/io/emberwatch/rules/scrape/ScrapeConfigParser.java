package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.scrape.ScrapeConfig.Global;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a prometheus.yml as far as it is about scraping. */
final class ScrapeConfigParser {
    private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\$|\\{(\\w+)}|(\\w+))");
    private static final List<String> UNSUPPORTED =
            List.of("remote_read", "storage", "tracing", "otlp", "runtime", "scrape_config_files");
    private static final List<String> UNSUPPORTED_GLOBALS = List.of("query_log_file", "scrape_failure_log_file");

    private final String fileName;
    private final Path folder;
    private final UnaryOperator<@Nullable String> environment;
    private final List<Problem> problems = new ArrayList<>();

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
        List<ScrapeJob> jobs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (MappingReader jobReader : reader.mappings("scrape_configs")) {
            ScrapeJob job = new JobParser(jobReader, folder, defaults).parse();
            if (!job.name().isEmpty() && !names.add(job.name())) {
                jobReader.problem("job_name", "found multiple scrape configs with job name \"" + job.name() + "\"");
            }
            jobs.add(job);
        }
        reader.finish();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new ScrapeConfig(defaults.global(), jobs);
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
                labels.set(name, expand(value));
            }
        });
        return labels.build();
    }

    private String expand(String value) {
        Matcher matcher = VARIABLE.matcher(value);
        return matcher.replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            String text = name == null ? "$" : environment.apply(name);
            return Matcher.quoteReplacement(text == null ? "" : text);
        });
    }
}
