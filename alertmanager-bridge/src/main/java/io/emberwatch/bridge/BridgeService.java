package io.emberwatch.bridge;

import io.emberwatch.bridge.api.BridgeApi;
import io.emberwatch.bridge.delivery.Dispatcher;
import io.emberwatch.bridge.delivery.Inlet;
import io.emberwatch.bridge.direct.DirectAlerts;
import io.emberwatch.bridge.mattermost.Buttons;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.route.Routes;
import io.emberwatch.bridge.webhook.Credentials;
import io.emberwatch.bridge.webhook.WebhookEndpoint;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.AlertSink;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes alert notifications from Alertmanager, or alerts straight from the rule engine, and delivers them to Mattermost
 * and by mail. What it has acknowledged is on disk and is delivered, whatever happens to the process.
 */
public final class BridgeService implements Service {
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(3);
    private static final Duration PROBE_AGE = Duration.ofSeconds(1);
    private static final int STOP_SECONDS = 10;
    private static final Logger logger = LoggerFactory.getLogger("bridge");

    private final BridgeConfig config;
    private final ServiceContext context;
    private final CollectorRegistry registry = new CollectorRegistry();
    private final BridgeMetrics metrics = new BridgeMetrics(registry);
    private final Credentials credentials;
    private volatile @Nullable Parts parts;
    private @Nullable Probe lastProbe;

    private record Probe(Instant at, List<String> reasons) {}

    /** Everything that there is between start and stop. */
    private record Parts(
            Outbox outbox,
            Dispatcher dispatcher,
            DirectAlerts direct,
            WebhookEndpoint webhook,
            BridgeApi api,
            Works works) {}

    private record Works(ExecutorService executor, List<Dispatcher.Line> lines, Scheduler.Task housekeeping) {}

    public BridgeService(BridgeConfig config, ServiceContext context) {
        this.config = config;
        this.context = context;
        this.credentials = new Credentials(config.auth());
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
    public void start() throws IOException {
        if (config.channels().isEmpty()) {
            logger.warn("no channel is configured: notifications are kept and shown, but go nowhere");
        }
        Outbox outbox = Outbox.open(
                outboxOptions(config, context), metrics, context.clock().instant());
        try {
            begin(outbox);
        } catch (OutboxException | RuntimeException e) {
            outbox.close();
            throw e;
        }
    }

    private void begin(Outbox outbox) throws OutboxException {
        Outbox.await(outbox.retire(config.channels(), context.clock().instant()))
                .forEach((channel, messages) -> {
                    metrics.channel(channel).deadLetters(messages);
                    logger.atWarn()
                            .addKeyValue("channel", channel)
                            .addKeyValue("messages", messages)
                            .log("channel is not configured any more, what waited for it is among the dead letters");
                });
        List<Dispatcher.Line> lines = Channels.of(config, context.clock(), metrics, Buttons.NONE);
        ExecutorService executor = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), BridgeService::daemon);
        Dispatcher dispatcher = new Dispatcher(
                outbox,
                lines,
                config.retry(),
                new Dispatcher.Machinery(context.clock(), context.scheduler(), executor, new Random()),
                metrics);
        Inlet inlet = new Inlet(
                outbox,
                dispatcher,
                new Inlet.Ways(new Routes(config.routes(), config.otherwise()), config.fallback()),
                context.clock(),
                metrics);
        String page = Channels.externalUrl(config);
        DirectAlerts direct = new DirectAlerts(
                config.direct(),
                context.clock(),
                (notification, raw) -> inlet.take("direct", notification, raw),
                metrics,
                page == null ? "" : page);
        Scheduler.Task housekeeping = context.scheduler()
                .every("bridge-housekeeping", HOUSEKEEPING, Duration.ZERO, now -> keepHouse(outbox, now));
        parts = new Parts(
                outbox,
                dispatcher,
                direct,
                new WebhookEndpoint(inlet, credentials, metrics),
                new BridgeApi(outbox, dispatcher, context.clock()),
                new Works(executor, lines, housekeeping));
        dispatcher.start();
        direct.start(
                context.scheduler(),
                outbox.archive().openGroups("direct").stream()
                        .map(Archive.OpenGroup::raw)
                        .toList());
        keepHouse(outbox, context.clock().instant());
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "bridge-delivery");
        thread.setDaemon(true);
        return thread;
    }

    private void keepHouse(Outbox outbox, Instant now) {
        try {
            int shed = outbox.prune(
                    now.minus(config.outbox().retention()),
                    now.minus(config.outbox().deadLetterRetention()));
            if (shed > 0) {
                metrics.shed(shed);
                logger.atWarn()
                        .addKeyValue("notifications", shed)
                        .log("outbox nearly full: forgot delivered ones early");
            }
            metrics.outboxSize(outbox.measure());
            metrics.openIncidents(outbox.archive().openIncidents());
        } catch (OutboxException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("outbox was not cleaned up");
        }
    }

    /**
     * Takes alerts straight from a rule engine, where there is no Alertmanager. Before the start and after the stop they
     * are ignored: engines send those that fire again.
     */
    public AlertSink directAlerts() {
        return alerts -> {
            Parts running = parts;
            if (running != null) {
                running.direct().send(alerts);
            }
        };
    }

    /** A handler that needs the parts that a start makes. */
    @FunctionalInterface
    private interface Part {
        void handle(Parts parts, Exchange exchange) throws IOException, HttpError;
    }

    private Route.Handler with(Part part) {
        return exchange -> {
            Parts running = parts;
            if (running == null) {
                throw new HttpError(503, "the bridge is not running");
            }
            part.handle(running, exchange);
        };
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (String path : config.paths()) {
            Route.Handler handler =
                    with((running, exchange) -> running.webhook().handle(exchange, path));
            routes.add(Route.post(path, handler));
            routes.add(Route.post(path + "/*", handler));
        }
        routes.add(Route.get(
                "/api/v1/bridge/notifications",
                with((running, exchange) -> running.api().notifications(exchange))));
        routes.add(Route.get(
                "/api/v1/bridge/dead-letters",
                with((running, exchange) -> running.api().deadLetters(exchange))));
        routes.add(Route.post("/api/v1/bridge/dead-letters/replay", with((running, exchange) -> {
            credentials.check(exchange);
            running.api().replay(exchange);
        })));
        return routes;
    }

    @Override
    public List<MetricFamily> metrics() {
        return Registry.families(registry);
    }

    @Override
    public synchronized List<String> notReady() {
        Parts running = parts;
        if (running == null) {
            return List.of("not running");
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
        Parts running = parts;
        parts = null;
        if (running == null) {
            return;
        }
        running.works().housekeeping().close();
        running.direct().stop();
        running.dispatcher().stop();
        ExecutorService executor = running.works().executor();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                logger.warn("some deliveries did not end in time; they are tried again after the next start");
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.outbox().close();
        running.works().lines().forEach(line -> line.channel().close());
    }
}
