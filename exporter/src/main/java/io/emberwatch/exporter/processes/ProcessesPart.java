package io.emberwatch.exporter.processes;

import io.emberwatch.exporter.processes.ProcessesConfig.GroupConfig;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.MetricsEndpoint;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Groups of processes on the page and, alone, at {@code /processes}. When no groups are configured that address shows every
 * process by the kernel's name of it, and the page none.
 */
public final class ProcessesPart implements Part {
    private static final Logger logger = LoggerFactory.getLogger("exporter.status");
    private static final String PATH = "/processes";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final GroupConfig EVERY = new GroupConfig("{{.Comm}}", null, null, List.of(".+"));

    private final ProcessesSource source;
    private final boolean shown;

    /** @throws IllegalArgumentException when the file of groups cannot be used */
    public ProcessesPart(ProcessesConfig config) {
        shown = !config.isEmpty();
        try {
            source = new ProcessesSource(shown ? config : everything(config));
        } catch (IOException | ConfigException e) {
            throw new IllegalArgumentException("services.processes: " + e.getMessage(), e);
        }
    }

    private static ProcessesConfig everything(ProcessesConfig config) {
        return new ProcessesConfig(
                List.of(EVERY), null, false, false, false, false, true, config.procfs(), config.maxGroups());
    }

    @Override
    public List<Source> sources() {
        return shown ? List.of(Source.of(source)) : List.of();
    }

    @Override
    public List<Route> routes() {
        return List.of(MetricsEndpoint.at(PATH, this::page));
    }

    private List<MetricFamily> page(Exchange exchange) throws HttpError {
        try {
            return source.collect(Deadline.after(PATIENCE));
        } catch (IOException e) {
            logger.atWarn().log("processes cannot be read: {}", String.valueOf(e.getMessage()));
            throw new HttpError(500, "the processes cannot be read");
        }
    }

    @Override
    public void close() {}
}
