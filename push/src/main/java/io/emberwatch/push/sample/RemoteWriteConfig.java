package io.emberwatch.push.sample;

import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines from a topic to a server that takes Prometheus' remote write.
 *
 * @param input topic with lines, one or many to a record
 * @param url where samples are written to
 * @param filters which lines; all when there is none
 * @param labels added to every series that does not have them
 * @param username for a server that asks for it
 * @param password for a server that asks for it
 * @param timeout of one request
 * @param batchSamples samples to a request, at most
 * @param group the consumer group, shared by several instances
 * @param properties any further properties of Kafka's consumer
 */
public record RemoteWriteConfig(
        @Default("influxdb-topic") String input,
        @Default("http://127.0.0.1:9090/api/v1/write") URI url,
        @Default("[]") List<FilterConfig> filters,
        @Default("{}") Map<String, String> labels,
        @Nullable String username,
        @Nullable Secret password,
        @Default("30s") Duration timeout,
        @Default("5000") int batchSamples,
        @Default("remote-write") String group,
        @Default("{}") Map<String, String> properties) {
    public RemoteWriteConfig {
        if (url.getHost() == null
                || !(url.getScheme().equals("http") || url.getScheme().equals("https"))) {
            throw new IllegalArgumentException("url: expected http://host:port/path or https://host:port/path");
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: must be positive");
        }
        if (batchSamples < 1) {
            throw new IllegalArgumentException("batch_samples: " + batchSamples + " is not positive");
        }
        filters = List.copyOf(filters);
        labels = Map.copyOf(labels);
        properties = Map.copyOf(properties);
    }
}
