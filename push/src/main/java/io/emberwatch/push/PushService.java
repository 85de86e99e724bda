package io.emberwatch.push;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.push.kafka.Aggregator;
import io.emberwatch.push.kafka.AggregatorConfig;
import io.emberwatch.push.kafka.AlarmTopics;
import io.emberwatch.push.kafka.AlarmsConfig;
import io.emberwatch.push.kafka.ConsumerLoop.ConsumerGroup;
import io.emberwatch.push.kafka.DeferredComponent;
import io.emberwatch.push.kafka.InfluxConfig;
import io.emberwatch.push.kafka.InfluxConsumer;
import io.emberwatch.push.kafka.KafkaComponent;
import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.LineProtocolSink;
import io.emberwatch.push.kafka.NotificationConsumer;
import io.emberwatch.push.kafka.NotifyConfig;
import io.emberwatch.push.kafka.OnOff;
import io.emberwatch.push.kafka.OnOffConfig;
import io.emberwatch.push.kafka.Router;
import io.emberwatch.push.kafka.RouterConfig;
import io.emberwatch.push.kafka.SampleConsumer;
import io.emberwatch.push.kafka.SinkConfig;
import io.emberwatch.push.kafka.TaskFigures;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.metrics.SinkLoss;
import io.emberwatch.push.notify.NotificationSink;
import io.emberwatch.push.sample.RemoteWriteConfig;
import io.emberwatch.push.sample.RemoteWriteTarget;
import io.emberwatch.push.sample.SampleTarget;
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
    private final @Nullable SampleSink ruleSamples;
    private final @Nullable AlarmTopics alarmTopics;
    private Scheduler.@Nullable Task reporting;
    private volatile @Nullable LineProtocolSink sink;

    public PushService(PushConfig config, ServiceContext context) {
        this(config, context, null);
    }

    /** @param notifications delivers what the notification topics hold; needed when they are configured */
    public PushService(PushConfig config, ServiceContext context, @Nullable NotificationSink notifications) {
        this(config, context, notifications, null);
    }

    /**
     * @param notifications delivers what the notification topics hold; needed when they are configured
     * @param ruleSamples where alarm detection puts samples; needed when it is configured
     */
    public PushService(
            PushConfig config,
            ServiceContext context,
            @Nullable NotificationSink notifications,
            @Nullable SampleSink ruleSamples) {
        this.config = config;
        this.context = context;
        this.notifications = notifications;
        this.ruleSamples = ruleSamples;
        AlarmsConfig detection = config.alarms();
        alarmTopics = detection == null ? null : new AlarmTopics(config.kafka(), detection, metrics, context.clock());
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

    /** Where alerts are to be sent so that they reach the notification topics; null when that is not configured. */
    public @Nullable AlertSink alarmSink() {
        return alarmTopics;
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

    /** Begins whatever is configured; what needs Kafka waits for it. */
    @Override
    public void start() throws IOException {
        Path directory = context.dataDirectory().resolve("push");
        KafkaConfig kafka = config.kafka();
        SinkConfig sinkConfig = config.sink();
        if (sinkConfig != null) {
            sink = LineProtocolSink.open(kafka, sinkConfig, metrics);
        }
        RouterConfig router = config.router();
        if (router != null) {
            Path folder = directory.resolve(router.applicationId());
            add(Router.NAME, () -> Router.create(kafka, router, metrics, context.clock(), folder));
        }
        AggregatorConfig aggregator = config.aggregator();
        if (aggregator != null) {
            add(Aggregator.NAME, () -> Aggregator.create(kafka, aggregator, metrics, context.clock()));
        }
        OnOffConfig onoff = config.onoff();
        if (onoff != null) {
            Path folder = directory.resolve(onoff.applicationId());
            add(OnOff.NAME, () -> OnOff.create(kafka, onoff, metrics, context.clock(), folder));
        }
        InfluxConfig influx = config.influx();
        if (influx != null) {
            influx.each()
                    .forEach((name, one) -> add(
                            InfluxConsumer.name(name),
                            () -> InfluxConsumer.create(kafka, one, name, metrics, context.clock())));
        }
        addSamples();
        addNotifications();
        components.forEach(KafkaComponent::start);
        StatisticsConfig statistics = config.statistics();
        if (statistics != null) {
            Statistics sender = new Statistics(statistics, config, metrics);
            reporting = context.scheduler()
                    .every(
                            "push-statistics",
                            statistics.every(),
                            Duration.ZERO,
                            now -> sender.send(now.toEpochMilli()));
        }
    }

    private void add(String name, DeferredComponent.Factory factory) {
        components.add(new DeferredComponent(name, metrics, factory));
    }

    private void addSamples() throws IOException {
        KafkaConfig kafka = config.kafka();
        RemoteWriteConfig remote = config.remoteWrite();
        if (remote != null) {
            ConsumerGroup group = new ConsumerGroup(remote.input(), remote.group(), remote.properties());
            add(
                    "remote_write",
                    () -> SampleConsumer.create(
                            "remote_write",
                            kafka,
                            group,
                            remote.filters(),
                            new RemoteWriteTarget(
                                    remote,
                                    (outcome, count) -> metrics.remoteWritten
                                            .labels(PushMetrics.label(outcome))
                                            .inc(count)),
                            metrics));
        }
        AlarmsConfig detection = config.alarms();
        if (detection != null) {
            SampleSink to = ruleSamples;
            if (to == null) {
                throw new IOException("push.alarms is configured, but there is no rule engine in this process");
            }
            ConsumerGroup group = new ConsumerGroup(detection.input(), detection.group(), detection.properties());
            SampleTarget engine = samples -> {
                to.append(samples);
                return Duration.ZERO;
            };
            add("alarms", () -> SampleConsumer.create("alarms", kafka, group, detection.filters(), engine, metrics));
        }
    }

    private void addNotifications() throws IOException {
        NotifyConfig notify = config.notifications();
        if (notify == null) {
            return;
        }
        NotificationSink to = notifications;
        if (to == null) {
            throw new IOException("push.notifications is configured, but nothing here delivers notifications");
        }
        NotifyConfig.MattermostTopic mattermost = notify.mattermost();
        if (mattermost != null) {
            add("mattermost", () -> NotificationConsumer.mattermost(config.kafka(), mattermost, to, metrics));
        }
        NotifyConfig.EmailTopic email = notify.email();
        if (email != null) {
            add("email", () -> NotificationConsumer.email(config.kafka(), email, to, metrics));
        }
    }

    @Override
    public List<Route> routes() {
        return List.of();
    }

    @Override
    public List<MetricFamily> metrics() {
        for (KafkaComponent component : components) {
            component.observe();
            metrics.threadsLive.labels(component.name()).set(component.liveThreads());
            component
                    .lag()
                    .ifPresent(lag -> metrics.lag.labels(component.name()).set(lag));
        }
        List<MetricFamily> families = new ArrayList<>(Registry.families(registry));
        TaskFigures tasks = new TaskFigures();
        for (KafkaComponent component : components) {
            component.tasks(tasks);
            families.addAll(component.results());
        }
        families.addAll(tasks.families());
        return families;
    }

    @Override
    public List<String> notReady() {
        List<String> reasons = new ArrayList<>();
        LineProtocolSink started = sink;
        if (started != null && !started.notReady().isEmpty()) {
            reasons.add("sink " + started.notReady());
        }
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
        if (reporting != null) {
            reporting.close();
        }
        List<Thread> closers = new ArrayList<>();
        for (KafkaComponent component : components) {
            Thread closer = new Thread(component::close, "push-stop-" + component.name());
            closer.start();
            closers.add(closer);
        }
        components.clear();
        if (alarmTopics != null) {
            alarmTopics.close();
        }
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
