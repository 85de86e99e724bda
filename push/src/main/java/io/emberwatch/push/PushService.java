package io.emberwatch.push;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.push.kafka.Aggregator;
import io.emberwatch.push.kafka.AggregatorConfig;
import io.emberwatch.push.kafka.InfluxConfig;
import io.emberwatch.push.kafka.InfluxConsumer;
import io.emberwatch.push.kafka.KafkaComponent;
import io.emberwatch.push.kafka.LineProtocolSink;
import io.emberwatch.push.kafka.NotificationConsumer;
import io.emberwatch.push.kafka.NotifyConfig;
import io.emberwatch.push.kafka.OnOff;
import io.emberwatch.push.kafka.OnOffConfig;
import io.emberwatch.push.kafka.Router;
import io.emberwatch.push.kafka.RouterConfig;
import io.emberwatch.push.kafka.SinkConfig;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.metrics.SinkLoss;
import io.emberwatch.push.notify.NotificationSink;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Runs the configured components of the push path in this process. */
public final class PushService implements Service {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(12);

    private final PushConfig config;
    private final ServiceContext context;
    private final CollectorRegistry registry = new CollectorRegistry();
    private final PushMetrics metrics = new PushMetrics(registry);
    private final List<KafkaComponent> components = new CopyOnWriteArrayList<>();
    private final @Nullable NotificationSink notifications;
    private volatile @Nullable LineProtocolSink sink;

    public PushService(PushConfig config, ServiceContext context) {
        this(config, context, null);
    }

    /** @param notifications delivers what the notification topics hold; needed when they are configured */
    public PushService(PushConfig config, ServiceContext context, @Nullable NotificationSink notifications) {
        this.config = config;
        this.context = context;
        this.notifications = notifications;
    }

    @Override
    public String name() {
        return "push";
    }

    /**
     * Where this program's own samples go, or null when that is not configured. What comes before the start is dropped and
     * counted.
     */
    public @Nullable SampleSink sampleSink() {
        return config.sink() == null ? null : this::append;
    }

    private void append(List<Sample> samples) {
        LineProtocolSink started = sink;
        if (started == null) {
            metrics.sinkSamples.inc(samples.size());
            metrics.sinkDropped.labels(SinkLoss.NOT_ACKNOWLEDGED.label()).inc(samples.size());
        } else {
            started.append(samples);
        }
    }

    @Override
    public void start() throws IOException {
        Path directory = context.dataDirectory().resolve("push");
        SinkConfig sinkConfig = config.sink();
        if (sinkConfig != null) {
            sink = LineProtocolSink.open(config.kafka(), sinkConfig, metrics);
        }
        RouterConfig router = config.router();
        if (router != null) {
            components.add(Router.create(
                    config.kafka(), router, metrics, context.clock(), directory.resolve(router.applicationId())));
        }
        AggregatorConfig aggregator = config.aggregator();
        if (aggregator != null) {
            components.add(Aggregator.create(config.kafka(), aggregator, metrics, context.clock()));
        }
        OnOffConfig onoff = config.onoff();
        if (onoff != null) {
            components.add(OnOff.create(
                    config.kafka(), onoff, metrics, context.clock(), directory.resolve(onoff.applicationId())));
        }
        InfluxConfig influx = config.influx();
        if (influx != null) {
            for (Map.Entry<String, InfluxConfig> one : influx.each().entrySet()) {
                components.add(InfluxConsumer.create(config.kafka(), one.getValue(), one.getKey(), metrics));
            }
        }
        addNotifications();
        components.forEach(KafkaComponent::start);
    }

    private void addNotifications() throws IOException {
        NotifyConfig notify = config.notifications();
        if (notify == null) {
            return;
        }
        if (notifications == null) {
            throw new IOException("push.notifications is configured, but nothing here delivers notifications");
        }
        NotifyConfig.MattermostTopic mattermost = notify.mattermost();
        if (mattermost != null) {
            components.add(NotificationConsumer.mattermost(config.kafka(), mattermost, notifications, metrics));
        }
        NotifyConfig.EmailTopic email = notify.email();
        if (email != null) {
            components.add(NotificationConsumer.email(config.kafka(), email, notifications, metrics));
        }
    }

    @Override
    public List<Route> routes() {
        return List.of();
    }

    @Override
    public List<MetricFamily> metrics() {
        for (KafkaComponent component : components) {
            metrics.threadsLive.labels(component.name()).set(component.liveThreads());
            component
                    .lag()
                    .ifPresent(lag -> metrics.lag.labels(component.name()).set(lag));
        }
        return Registry.families(registry);
    }

    @Override
    public List<String> notReady() {
        List<String> reasons = new ArrayList<>();
        for (KafkaComponent component : components) {
            String reason = component.notReady();
            if (!reason.isEmpty()) {
                reasons.add(component.name() + " " + reason);
            }
        }
        return reasons;
    }

    @Override
    public void stop() {
        List<Thread> closers = new ArrayList<>();
        for (KafkaComponent component : components) {
            Thread closer = new Thread(component::close, "push-stop-" + component.name());
            closer.start();
            closers.add(closer);
        }
        components.clear();
        LineProtocolSink started = sink;
        if (started != null) {
            started.close();
        }
        try {
            for (Thread closer : closers) {
                closer.join(STOP_TIMEOUT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
