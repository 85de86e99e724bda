package io.emberwatch.exporter;

import io.emberwatch.exporter.derive.PageDerivation;
import io.emberwatch.exporter.etcd.EtcdConfig;
import io.emberwatch.exporter.exec.ExecConfig;
import io.emberwatch.exporter.exec.ScriptConfig;
import io.emberwatch.exporter.graphite.GraphiteConfig;
import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.exporter.json.JsonConfig;
import io.emberwatch.exporter.lineprotocol.InfluxConfig;
import io.emberwatch.exporter.probe.ProbeConfig;
import io.emberwatch.exporter.processes.MonitorConfig;
import io.emberwatch.exporter.publish.PublishConfig;
import io.emberwatch.exporter.push.PushConfig;
import io.emberwatch.exporter.sensor.SensorConfig;
import io.emberwatch.exporter.services.ServicesConfig;
import io.emberwatch.exporter.statsd.StatsdConfig;
import io.emberwatch.exporter.tail.TailConfig;
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
 * @param maxRequests how many scrapes are worked on at once; beyond that the answer is 503
 * @param influx line protocol that others push
 * @param statsd StatsD events that others push
 * @param graphite Carbon samples that others push
 * @param tails logs that are followed and counted
 * @param execs programs that print metrics
 * @param scripts programs that are run when a probe asks
 * @param json documents that are read over HTTP
 * @param push where samples are sent to
 * @param services other servers whose status is shown
 * @param probe what is probed from outside
 * @param derive rates, increments and fewer values of sources
 * @param processMonitor processes watched as the O2 Monitoring library does
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
        @Default("40") int maxRequests,
        @Default("{}") InfluxConfig influx,
        @Default("[]") List<TailConfig> tails,
        @Default("[]") List<ExecConfig> execs,
        @Default("[]") List<ScriptConfig> scripts,
        @Default("{}") JsonConfig json,
        @Default("[]") List<PushConfig> push,
        @Default("{}") StatsdConfig statsd,
        @Default("{}") GraphiteConfig graphite,
        @Default("{}") ServicesConfig services,
        @Default("{}") ProbeConfig probe,
        @Default("{}") PublishConfig rabbitmqPublish,
        @Default("[]") List<PageDerivation> derive,
        @Default("{}") MonitorConfig processMonitor) {
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
        tails = List.copyOf(tails);
        requireDistinct("tails", tails.stream().map(TailConfig::name).toList());
        execs = List.copyOf(execs);
        requireDistinct("execs", execs.stream().map(ExecConfig::name).toList());
        scripts = List.copyOf(scripts);
        requireDistinct("scripts", scripts.stream().map(ScriptConfig::name).toList());
        derive = List.copyOf(derive);
        push = List.copyOf(push);
        requireDistinct("push", push.stream().map(PushConfig::name).toList());
        if (scrapeTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("scrape_timeout: must be at least 1ms");
        }
        if (timeoutOffset.isNegative()) {
            throw new IllegalArgumentException("timeout_offset: must not be negative");
        }
        if (maxSamples < 1) {
            throw new IllegalArgumentException("max_samples: must be at least 1");
        }
        if (maxRequests < 1) {
            throw new IllegalArgumentException("max_requests: must be at least 1");
        }
    }

    private static void requireDistinct(String key, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException(key + ": " + name + " occurs twice");
            }
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
                maxRequests,
                influx,
                tails,
                execs,
                scripts,
                json,
                push,
                statsd,
                graphite,
                services,
                probe,
                rabbitmqPublish,
                derive,
                processMonitor);
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
                maxRequests,
                influx,
                tails,
                execs,
                scripts,
                json,
                push,
                statsd,
                graphite,
                services,
                probe,
                rabbitmqPublish,
                derive,
                processMonitor);
    }
}
