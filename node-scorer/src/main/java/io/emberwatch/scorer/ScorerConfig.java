package io.emberwatch.scorer;

import io.emberwatch.service.config.Default;
import io.emberwatch.service.promapi.PrometheusClientConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The scorer's configuration.
 *
 * @param model a shipped model ({@code etcd}, {@code etcd-seed}, {@code host}, {@code sensor}) or the path of a file that
 *     holds one; several with commas between them
 * @param weights by indicator name, in place of the model's own
 * @param interval between two scores
 * @param prometheus where to ask; empty in {@code up}, which asks its own rule engine
 * @param textfile a {@code .prom} file to keep up to date for node_exporter's textfile collector
 * @param staleAfter how long the last scores are shown when nothing answers
 */
public record ScorerConfig(
        @Default("etcd") String model,
        @Default("{}") Map<String, Double> weights,
        @Default("15s") Duration interval,
        @Default("[]") List<PrometheusClientConfig> prometheus,
        @Nullable Path textfile,
        @Default("75s") Duration staleAfter) {
    public ScorerConfig {
        if (interval.toMillis() < 1000) {
            throw new IllegalArgumentException("interval: at least 1s");
        }
        weights.forEach((name, weight) -> {
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("weights: " + name + " must be a finite number from 0 up");
            }
        });
    }
}
