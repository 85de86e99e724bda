package io.emberwatch.push;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.LineSink;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.push.kafka.AcknowledgedLines;
import io.emberwatch.push.kafka.Collector;
import io.emberwatch.push.kafka.CollectorConfig;
import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.metrics.CollectorMetrics;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the lines that an exporter in this process receives to Kafka. To be started before the exporter. */
public final class CollectorService implements Service, LineSink {
    private static final Duration DISK_RETRY = Duration.ofSeconds(1);

    private final KafkaConfig kafka;
    private final CollectorConfig config;
    private final ServiceContext context;
    private final CollectorRegistry registry = new CollectorRegistry();
    private final CollectorMetrics metrics = new CollectorMetrics(registry);
    private final AcknowledgedLines acknowledged;
    private volatile @Nullable Collector collector;
    private Scheduler.@Nullable Task diskRetry;

    private CollectorService(KafkaConfig kafka, CollectorConfig config, ServiceContext context) {
        this.kafka = kafka;
        this.config = config;
        this.context = context;
        acknowledged = new AcknowledgedLines(kafka, config);
    }

    /** The service, or null when {@code push.collector} is not configured. */
    public static @Nullable CollectorService of(PushConfig config, ServiceContext context) {
        CollectorConfig collector = config.collector();
        return collector == null ? null : new CollectorService(config.kafka(), collector, context);
    }

    @Override
    public String name() {
        return "collector";
    }

    @Override
    public void start() throws IOException {
        Collector started = Collector.open(
                kafka,
                config,
                context.dataDirectory().resolve("push").resolve("collector"),
                metrics,
                new PushMetrics(new CollectorRegistry()));
        collector = started;
        diskRetry =
                context.scheduler().every("push-collector-disk", DISK_RETRY, Duration.ZERO, now -> started.retryDisk());
    }

    @Override
    public boolean take(byte[] lines, int from, int to, int count, Deadline deadline) throws InterruptedException {
        Collector started = collector;
        if (started == null) {
            metrics.refused.inc(count);
            return false;
        }
        return started.take(lines, from, to, count, deadline);
    }

    /**
     * Sends lines and returns once all replicas have them, for those who keep their lines themselves.
     *
     * @throws IOException when Kafka does not acknowledge them
     */
    public void send(byte[] lines) throws IOException {
        acknowledged.send(lines);
    }

    @Override
    public List<Route> routes() {
        return List.of();
    }

    @Override
    public List<MetricFamily> metrics() {
        Collector started = collector;
        if (started != null) {
            started.observe();
        }
        return Registry.families(registry);
    }

    /** Takes lines whether Kafka is there or not. */
    @Override
    public List<String> notReady() {
        return collector == null ? List.of("is starting") : List.of();
    }

    @Override
    public void stop() {
        if (diskRetry != null) {
            diskRetry.close();
        }
        Collector started = collector;
        if (started != null) {
            started.close();
        }
        acknowledged.close();
    }
}
