package io.emberwatch.bridge;

import io.emberwatch.bridge.delivery.TopicIntake;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.outbox.OutboxHeldException;
import io.emberwatch.bridge.outbox.TopicPlace;
import io.emberwatch.bridge.webhook.Credentials;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.Registry;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes alert notifications from Alertmanager, or alerts straight from the rule engine, and delivers them to Mattermost
 * and by mail. What it has acknowledged is on disk and is delivered, whatever happens to the process.
 */
public final class BridgeService implements Service {
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(3);
    private static final Duration PROBE_AGE = Duration.ofSeconds(1);
    private static final Duration TAKEOVER = Duration.ofSeconds(1);
    private static final Duration SECRETS = Duration.ofSeconds(30);
    private static final Logger logger = LoggerFactory.getLogger("bridge");

    private final ServiceContext context;
    private final @Nullable Source source;
    private final CollectorRegistry registry = new CollectorRegistry();
    private final BridgeMetrics metrics = new BridgeMetrics(registry);
    private final List<Route> routes;
    private volatile BridgeConfig config;
    private volatile Credentials credentials;
    private volatile @Nullable BridgeParts parts;
    private volatile boolean standby;
    private volatile @Nullable Views borrowed;
    private boolean stopped;
    private Scheduler.@Nullable Task takeover;
    private Scheduler.@Nullable Task secrets;
    private @Nullable Probe lastProbe;

    private record Probe(Instant at, List<String> reasons) {}

    /** Reads the configuration again. */
    @FunctionalInterface
    public interface Source {
        /** @throws IOException with every fault that was found */
        BridgeConfig read() throws IOException;
    }

    public BridgeService(BridgeConfig config, ServiceContext context) {
        this(config, context, null);
    }

    /** @param source where a reload reads the configuration; null when it cannot change */
    public BridgeService(BridgeConfig config, ServiceContext context, @Nullable Source source) {
        this.config = config;
        this.context = context;
        this.source = source;
        this.credentials = new Credentials(config.auth(), context.clock());
        this.routes = BridgeRoutes.of(config.paths(), this::parts, this::views, () -> credentials);
    }

    @Override
    public String name() {
        return "bridge";
    }

    static Outbox.Options outboxOptions(BridgeConfig config, ServiceContext context) {
        Path given = config.outbox().directory();
        return new Outbox.Options(
                given == null ? context.dataDirectory().resolve("bridge") : given,
                config.outbox().maxSize().bytes(),
                config.dedup(),
                config.calm(),
                QuietHours.of(config.quietHours(), ZoneId.of(config.timeZone())));
    }

    @Override
    public synchronized void start() throws IOException {
        if (config.channels().isEmpty()) {
            logger.warn("no channel is configured: notifications are kept and shown, but go nowhere");
        }
        metrics.configured(true, config.toString().hashCode(), context.clock().instant());
        try {
            open();
        } catch (OutboxHeldException e) {
            if (!config.outbox().standby()) {
                throw e;
            }
            standby = true;
            borrow();
            logger.info("another bridge has the outbox: waiting to take over");
            takeover = context.scheduler().every("bridge-takeover", TAKEOVER, Duration.ZERO, at -> takeOver());
        }
        if (source != null) {
            secrets = context.scheduler().every("bridge-secrets", SECRETS, Duration.ZERO, at -> rereadSecrets());
        }
    }

    private void open() throws IOException {
        Outbox outbox = Outbox.open(
                outboxOptions(config, context), metrics, context.clock().instant());
        try {
            BridgeParts made = new BridgeParts(config, context, metrics, outbox);
            made.begin();
            parts = made;
        } catch (OutboxException | RuntimeException e) {
            outbox.close();
            throw e;
        }
    }

    private synchronized void takeOver() {
        Scheduler.Task task = takeover;
        if (stopped || !standby) {
            return;
        }
        try {
            open();
            standby = false;
            giveBack();
            if (task != null) {
                task.close();
            }
            logger.info("took over");
        } catch (OutboxHeldException e) {
            borrow();
            logger.atDebug().log("the outbox is still held");
        } catch (IOException | RuntimeException e) {
            logger.atError().addKeyValue("reason", e.getMessage()).log("cannot take over");
        }
    }

    /** Takes up a changed configuration: what is in the outbox stays there. Paths and the outbox's folder stay. */
    @Override
    public void reload() throws IOException {
        if (source == null) {
            return;
        }
        BridgeConfig fresh;
        try {
            fresh = source.read();
        } catch (IOException | RuntimeException e) {
            metrics.configured(
                    false, config.toString().hashCode(), context.clock().instant());
            throw e;
        }
        if (!fresh.equals(config)) {
            restart(fresh);
        }
        metrics.configured(true, fresh.toString().hashCode(), context.clock().instant());
    }

    // A configuration that differs in what is not shown differs in its secrets alone.
    private void rereadSecrets() {
        Source from = source;
        try {
            BridgeConfig fresh = from == null ? config : from.read();
            if (!fresh.equals(config) && fresh.toString().equals(config.toString())) {
                restart(fresh);
                logger.info("secrets have changed and were taken up");
            }
        } catch (IOException | RuntimeException e) {
            logger.atDebug().setCause(e).log("secrets were not read again");
        }
    }

    private synchronized void restart(BridgeConfig fresh) throws IOException {
        if (stopped) {
            return;
        }
        BridgeConfig before = config;
        BridgeParts running = parts;
        config = fresh;
        credentials = new Credentials(fresh.auth(), context.clock());
        if (running == null) {
            return;
        }
        parts = null;
        running.stop();
        try {
            open();
        } catch (IOException | RuntimeException e) {
            config = before;
            credentials = new Credentials(before.auth(), context.clock());
            open();
            throw e;
        }
    }

    /** How many clients listen to the live feed. */
    int listeners() {
        BridgeParts running = parts;
        return running == null ? 0 : running.feed().clients();
    }

    private @Nullable BridgeParts parts() {
        return parts;
    }

    private @Nullable Views views() {
        BridgeParts running = parts;
        return running == null ? borrowed : Views.of(running);
    }

    // Whoever looks while this one stands by sees what the other one does.
    private void borrow() {
        if (borrowed == null) {
            try {
                borrowed = Views.beside(outboxOptions(config, context), context.clock());
            } catch (IOException e) {
                logger.atDebug().setCause(e).log("there is nothing to look at yet");
            }
        }
    }

    private void giveBack() {
        Views views = borrowed;
        borrowed = null;
        if (views != null) {
            views.close();
        }
    }

    /**
     * Takes alerts straight from a rule engine, where there is no Alertmanager. Before the start and after the stop they
     * are ignored: engines send those that fire again.
     */
    public AlertSink directAlerts() {
        return alerts -> {
            BridgeParts running = parts;
            if (running != null) {
                running.send(alerts);
            }
        };
    }

    /** What is done with the messages of notification topics. */
    @FunctionalInterface
    private interface Topic {
        void take(TopicIntake topics) throws OutboxException;
    }

    /**
     * Takes a chat message of a notification topic; on return it is on disk, together with its place.
     *
     * @throws IOException when it cannot be taken now
     * @throws IllegalArgumentException when it will never be
     */
    public void takeChat(TopicPlace place, String description, @Nullable String url, @Nullable String details)
            throws IOException {
        take(topics -> topics.chat(place, description, url, details));
    }

    /**
     * Takes a mail of a notification topic; on return it is on disk, together with its place.
     *
     * @throws IOException when it cannot be taken now
     * @throws IllegalArgumentException when it will never be
     */
    public void takeMail(TopicPlace place, String subject, String body, List<String> to) throws IOException {
        take(topics -> topics.mail(place, subject, body, to));
    }

    private void take(Topic topic) throws IOException {
        BridgeParts running = parts;
        if (running == null) {
            throw new IOException("the bridge is not running");
        }
        topic.take(running.topics());
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public List<MetricFamily> metrics() {
        return Registry.families(registry);
    }

    @Override
    public synchronized List<String> notReady() {
        BridgeParts running = parts;
        if (running == null) {
            return List.of(standby ? "standing by: another bridge has the outbox" : "not running");
        }
        Instant now = context.clock().instant();
        Probe last = lastProbe;
        if (last == null || Duration.between(last.at(), now).abs().compareTo(PROBE_AGE) >= 0) {
            last = new Probe(now, probe(running.outbox(), now));
            lastProbe = last;
        }
        return last.reasons();
    }

    private static List<String> probe(Outbox outbox, Instant now) {
        try {
            outbox.probe(now, PROBE_PATIENCE);
            return List.of();
        } catch (OutboxException e) {
            return List.of("outbox: " + e.getMessage());
        }
    }

    @Override
    public void stop() {
        BridgeParts running;
        synchronized (this) {
            stopped = true;
            running = parts;
            parts = null;
            giveBack();
            if (takeover != null) {
                takeover.close();
            }
            if (secrets != null) {
                secrets.close();
            }
        }
        if (running != null) {
            running.stop();
        }
    }
}
