package io.emberwatch.exporter;

import io.emberwatch.exporter.host.HostCollectors;
import io.emberwatch.exporter.scrape.ScrapeTimeout;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.time.Duration;
import java.util.List;

/** What a scrape asks for, in the manner of node_exporter, whose words are used for what it refuses. */
final class ScrapeRequest {
    private ScrapeRequest() {}

    /**
     * The sources that {@code collect[]} names, or all without those that {@code exclude[]} names; a group's name stands
     * for every source in it.
     *
     * @throws HttpError 400 with node_exporter's text
     */
    static List<Source> choose(List<Source> all, List<String> collect, List<String> exclude) throws HttpError {
        if (!collect.isEmpty() && !exclude.isEmpty()) {
            throw new HttpError(400, "Combined collect and exclude queries are not allowed.");
        }
        for (String asked : collect) {
            if (all.stream().noneMatch(source -> source.answersTo(asked))) {
                boolean known = HostCollectors.NAMES.contains(asked) || asked.equals(HostCollectors.GROUP);
                throw new HttpError(
                        400,
                        "Couldn't create filtered metrics handler: couldn't create collector: "
                                + (known ? "disabled" : "missing") + " collector: " + asked);
            }
        }
        return all.stream()
                .filter(source -> collect.isEmpty()
                        ? exclude.stream().noneMatch(source::answersTo)
                        : collect.stream().anyMatch(source::answersTo))
                .toList();
    }

    /** When the page must be finished, by what the scraper says of its patience. */
    static Deadline deadline(Exchange exchange, ExporterConfig config) {
        Duration timeout = ScrapeTimeout.of(exchange.header(ScrapeTimeout.HEADER), config.scrapeTimeout());
        return Deadline.after(ScrapeTimeout.less(timeout, config.timeoutOffset()));
    }
}
