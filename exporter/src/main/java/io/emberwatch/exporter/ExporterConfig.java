package io.emberwatch.exporter;

import io.emberwatch.exporter.etcd.EtcdConfig;
import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.exporter.probe.ProbeConfig;
import io.emberwatch.exporter.publish.PublishConfig;
import io.emberwatch.exporter.sensor.SensorConfig;
import io.emberwatch.exporter.services.ServicesConfig;
import io.emberwatch.exporter.textfile.TextfileConfig;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.http.ListenAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The exporter's part of the configuration file.
 *
 * @param listen where it listens when it runs alone
 * @param scrapeTimeout how long a scrape may take that does not say so itself
 * @param timeoutOffset how much sooner than the scraper gives up the page is finished; at most half of its time is taken
 * @param maxSamples how many samples of one source a page shows
 * @param services other servers whose status is shown
 * @param probe what is probed from outside
 * @param rabbitmqPublish endpoints that take JSON for queues of RabbitMQ
 */
public record ExporterConfig(
        @Default("127.0.0.1:9601") ListenAddress listen,
        @Default("[]") List<SensorConfig> sensors,
        @Default("{}") HostConfig host,
        @Default("{}") EtcdConfig etcd,
        @Default("{}") TextfileConfig textfile,
        @Default("10s") Duration scrapeTimeout,
        @Default("500ms") Duration timeoutOffset,
        @Default("200000") int maxSamples,
        @Default("{}") ServicesConfig services,
        @Default("{}") ProbeConfig probe,
        @Default("{}") PublishConfig rabbitmqPublish) {
    public ExporterConfig {
        sensors = List.copyOf(sensors);
        Set<String> names = new HashSet<>();
        Map<String, String> types = new HashMap<>();
        for (SensorConfig sensor : sensors) {
            if (!names.add(sensor.name())) {
                throw new IllegalArgumentException("sensors: " + sensor.name() + " occurs twice");
            }
            sensor.fields().forEach(field -> {
                String type = field.type().toString();
                String other = types.putIfAbsent(field.metricName(), type);
                if (other != null && !other.equals(type)) {
                    throw new IllegalArgumentException(
                            "sensors: " + field.metricName() + " is a gauge of one sensor and a counter of another");
                }
            });
        }
        if (scrapeTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("scrape_timeout: must be at least 1ms");
        }
        if (timeoutOffset.isNegative()) {
            throw new IllegalArgumentException("timeout_offset: must not be negative");
        }
        if (maxSamples < 1) {
            throw new IllegalArgumentException("max_samples: must be at least 1");
        }
    }

    /** This configuration with other sensors. */
    public ExporterConfig withSensors(List<SensorConfig> others) {
        return new ExporterConfig(
                listen,
                others,
                host,
                etcd,
                textfile,
                scrapeTimeout,
                timeoutOffset,
                maxSamples,
                services,
                probe,
                rabbitmqPublish);
    }

    /** This configuration with other etcd clusters. */
    public ExporterConfig withEtcd(EtcdConfig other) {
        return new ExporterConfig(
                listen,
                sensors,
                host,
                other,
                textfile,
                scrapeTimeout,
                timeoutOffset,
                maxSamples,
                services,
                probe,
                rabbitmqPublish);
    }
}
