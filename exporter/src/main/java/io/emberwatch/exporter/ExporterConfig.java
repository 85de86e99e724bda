package io.emberwatch.exporter;

import io.emberwatch.exporter.etcd.EtcdConfig;
import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.exporter.sensor.SensorConfig;
import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The exporter's configuration.
 *
 * @param sensors the bundled simulated sensor when nothing is said; an empty list for none
 * @param textfiles folders whose {@code *.prom} files are shown
 * @param scrapeTimeout how long a scrape may take when the scraper does not say
 * @param timeoutOffset how much earlier than the scraper's timeout the page is answered
 */
public record ExporterConfig(
        @Default("[{name: simulated}]") List<SensorConfig> sensors,
        HostConfig host,
        EtcdConfig etcd,
        @Default("[]") List<Path> textfiles,
        @Default("10s") Duration scrapeTimeout,
        @Default("500ms") Duration timeoutOffset) {
    public ExporterConfig {
        Set<String> names = new HashSet<>();
        for (SensorConfig sensor : sensors) {
            if (!names.add(sensor.name())) {
                throw new IllegalArgumentException("sensors: name " + sensor.name() + " occurs twice");
            }
        }
        if (scrapeTimeout.isZero() || scrapeTimeout.isNegative()) {
            throw new IllegalArgumentException("scrape_timeout: must be positive");
        }
    }
}
