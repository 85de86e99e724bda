package io.emberwatch.rules.scrape;

import io.emberwatch.model.text.TextFormat;
import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.settings.HttpSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the scrapes of a job's targets have in common. While these and the labels of a target stay the same, a changed
 * configuration does not disturb its scrapes.
 *
 * @param interval positive
 * @param timeout positive, not above the interval
 */
record JobSettings(
        String name,
        Duration interval,
        Duration timeout,
        Labelling labelling,
        Request request,
        HttpSettings http,
        Limits limits) {
    /**
     * How samples become those that are stored.
     *
     * @param honorLabels whether a sample's own labels win over the target's
     * @param honorTimestamps whether a sample's own time counts
     * @param trackTimestampsStaleness whether series with times of their own get stale markers
     * @param extraMetrics whether the target's limits are stored as well
     */
    record Labelling(
            boolean honorLabels,
            boolean honorTimestamps,
            boolean trackTimestampsStaleness,
            boolean extraMetrics,
            Relabeling metricRelabels) {}

    /**
     * What is asked for.
     *
     * @param accept the Accept header
     * @param fallback the format of an answer that does not name its own, or null
     */
    record Request(
            String scheme,
            String path,
            Map<String, List<String>> params,
            String accept,
            @Nullable TextFormat fallback,
            boolean compression) {
        Request {
            params = Map.copyOf(params);
        }
    }
}
