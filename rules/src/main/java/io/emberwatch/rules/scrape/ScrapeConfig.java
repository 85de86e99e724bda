package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The {@code global} and {@code scrape_configs} sections of a prometheus.yml, as Prometheus 3 reads them.
 *
 * <p>{@code rule_files} and {@code alerting} are left to whoever evaluates rules. What is not supported is refused by
 * name, with its place in the file: nothing is silently ignored.
 */
public final class ScrapeConfig {
    private final Global global;
    private final List<ScrapeJob> jobs;

    /**
     * What holds for the file as a whole.
     *
     * @param evaluationInterval how often rules are evaluated unless their group says otherwise
     * @param ruleQueryOffset how far in the past rules look unless their group says otherwise
     * @param externalLabels added to whatever leaves: alerts, remote writes. Stored samples do not get them
     */
    public record Global(
            Duration scrapeInterval,
            Duration scrapeTimeout,
            Duration evaluationInterval,
            Duration ruleQueryOffset,
            Labels externalLabels) {}

    ScrapeConfig(Global global, List<ScrapeJob> jobs) {
        this.global = global;
        this.jobs = List.copyOf(jobs);
    }

    /**
     * Reads a configuration.
     *
     * @param fileName what problems call it; files that it names are relative to its folder
     * @throws ConfigException with every fault that was found
     */
    public static ScrapeConfig parse(String fileName, String yaml) throws ConfigException {
        return parse(fileName, yaml, System::getenv);
    }

    /** @param environment what {@code ${NAME}} in external labels stands for */
    static ScrapeConfig parse(String fileName, String yaml, UnaryOperator<@Nullable String> environment)
            throws ConfigException {
        return new ScrapeConfigParser(fileName, environment).parse(yaml);
    }

    /** Reads a file. */
    public static ScrapeConfig read(Path file) throws IOException, ConfigException {
        return parse(file.toString(), Files.readString(file));
    }

    public Global global() {
        return global;
    }

    /** The names of the jobs in the order of the file. */
    public List<String> jobNames() {
        return jobs.stream().map(ScrapeJob::name).toList();
    }

    List<ScrapeJob> jobs() {
        return jobs;
    }
}
