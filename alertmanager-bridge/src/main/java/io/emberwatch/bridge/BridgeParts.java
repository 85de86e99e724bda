package io.emberwatch.bridge;

import io.emberwatch.bridge.action.Action;
import io.emberwatch.bridge.action.ActionEndpoint;
import io.emberwatch.bridge.action.Desk;
import io.emberwatch.bridge.action.PageEndpoint;
import io.emberwatch.bridge.action.SilenceWatch;
import io.emberwatch.bridge.action.Tokens;
import io.emberwatch.bridge.alertmanager.AlertmanagerClient;
import io.emberwatch.bridge.api.BridgeApi;
import io.emberwatch.bridge.api.Feed;
import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.delivery.Dispatcher;
import io.emberwatch.bridge.delivery.Escalation;
import io.emberwatch.bridge.delivery.Inlet;
import io.emberwatch.bridge.delivery.TopicIntake;
import io.emberwatch.bridge.direct.DirectAlerts;
import io.emberwatch.bridge.mattermost.BotChannel;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.Deed;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.reconcile.Reconciler;
import io.emberwatch.bridge.reconcile.SelfTest;
import io.emberwatch.bridge.reconcile.Watchdog;
import io.emberwatch.bridge.reconcile.WatchdogConfig;
import io.emberwatch.bridge.route.Routes;
import io.emberwatch.bridge.statistics.UdpStatistics;
import io.emberwatch.bridge.webhook.Credentials;
import io.emberwatch.bridge.webhook.WebhookEndpoint;
import io.emberwatch.model.Alert;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.promapi.PrometheusClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that there is of a bridge between start and stop, joined as its configuration says. */
final class BridgeParts {
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);
    private static final Duration SHEDDING = Duration.ofSeconds(1);
    private static final int STOP_SECONDS = 10;
    private static final Logger logger = LoggerFactory.getLogger("bridge");

    private final BridgeConfig config;
    private final ServiceContext context;
    private final BridgeMetrics metrics;
    private final Outbox outbox;
    private final Channels channels;
    private final ExecutorService executor;
    private final Dispatcher dispatcher;
    private final Inlet inlet;
    private final DirectAlerts direct;
    private final WebhookEndpoint webhook;
    private final BridgeApi api;
    private final Feed feed;
    private final TopicIntake topics;
    private final TopicIntake.Counts counts = new TopicIntake.Counts(new LongAdder(), new LongAdder());
    private final List<AlertmanagerClient> alertmanagers;
    private final @Nullable ActionEndpoint actions;
    private final Desk desk;
    private final PageEndpoint page;
    private final Watchdog watchdog;
    private final List<Scheduler.Task> tasks = new ArrayList<>();
    // False when there was nothing left to forget, until the next housekeeping.
    private volatile boolean canShed = true;

    BridgeParts(BridgeConfig config, ServiceContext context, BridgeMetrics metrics, Outbox outbox) {
        this.config = config;
        this.context = context;
        this.metrics = metrics;
        this.outbox = outbox;
        channels = Channels.of(
                config,
                context.clock(),
                metrics,
                channel -> (incident, result, detail) -> ran(channel, incident, result, detail));
        executor = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), BridgeParts::daemon);
        dispatcher = new Dispatcher(
                outbox,
                channels.lines(),
                config.retry(),
                new Dispatcher.Machinery(context.clock(), context.scheduler(), executor, new Random()),
                metrics);
        inlet = new Inlet(
                outbox,
                dispatcher,
                new Inlet.Ways(new Routes(config.routes(), config.otherwise()), config.fallback()),
                context.clock(),
                metrics);
        String address = Channels.text(config.externalUrl());
        direct = new DirectAlerts(
                config.direct(),
                context.clock(),
                (notification, raw) -> inlet.take("direct", notification, raw),
                metrics,
                address == null ? "" : address);
        WatchdogConfig wanted = config.watchdog();
        watchdog = new Watchdog(
                wanted == null ? WatchdogConfig.DEFAULT : wanted,
                wanted != null,
                context.clock().instant(),
                metrics);
        alertmanagers =
                config.alertmanagers().stream().map(AlertmanagerClient::new).toList();
        desk = new Desk(
                config.actions(),
                alertmanagers,
                new Desk.Works(
                        outbox,
                        inlet,
                        List.copyOf(channels.bots().keySet()),
                        context.clock(),
                        metrics,
                        Channels.addresses(config)));
        actions = actions(config, channels, desk);
        webhook = new WebhookEndpoint(inlet, new Credentials(config.auth(), context.clock()), metrics);
        api = new BridgeApi(
                outbox,
                dispatcher,
                context.clock(),
                (incident, handling) -> desk.offers(incident, handling).stream()
                        .map(Action::word)
                        .toList());
        page = new PageEndpoint(desk);
        feed = new Feed(outbox);
        BridgeConfig.TopicTargets targets = config.topicTargets();
        topics = new TopicIntake(
                inlet, new TopicIntake.Targets(targets.chat(), targets.mail()), context.clock(), counts);
    }

    private static @Nullable ActionEndpoint actions(BridgeConfig config, Channels channels, Desk desk) {
        Tokens tokens = channels.tokens();
        if (tokens == null) {
            return null;
        }
        Map<String, ActionEndpoint.Posts> bots = new HashMap<>();
        channels.bots().forEach((name, bot) -> bots.put(name, posts(bot)));
        return new ActionEndpoint(desk, tokens, Channels.actionBase(config), bots);
    }

    private static ActionEndpoint.Posts posts(BotChannel bot) {
        return new ActionEndpoint.Posts() {
            @Override
            public void openDialog(byte[] dialog) throws IOException {
                bot.openDialog(dialog);
            }

            @Override
            public String userName(String id) throws IOException {
                return bot.userName(id);
            }
        };
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "bridge-delivery");
        thread.setDaemon(true);
        return thread;
    }

    private void ran(String channel, String incident, String result, String detail) {
        try {
            Outbox.await(outbox.audit(
                    new Deed(context.clock().instant(), "bridge", "command", channel, incident, result, detail)));
        } catch (OutboxException e) {
            logger.atWarn()
                    .addKeyValue("channel", channel)
                    .addKeyValue("result", result)
                    .log("a command ran and could not be put down");
        }
    }

    /** Begins to deliver, to look for what is missed, and to keep house. */
    void begin() throws OutboxException {
        Instant now = context.clock().instant();
        Outbox.await(outbox.retire(config.channels(), now)).forEach((channel, messages) -> {
            metrics.channel(channel).deadLetters(messages);
            logger.atWarn()
                    .addKeyValue("channel", channel)
                    .addKeyValue("messages", messages)
                    .log("channel is not configured any more, what waited for it is among the dead letters");
        });
        feed.start();
        dispatcher.start();
        direct.start(
                context.scheduler(),
                outbox.archive().openGroups("direct").stream()
                        .map(Archive.OpenGroup::raw)
                        .toList());
        every("bridge-housekeeping", HOUSEKEEPING, this::keepHouse);
        every("bridge-shedding", SHEDDING, at -> makeRoom());
        lookForWhatIsMissed(now);
        Escalation escalation = new Escalation(config.escalation(), outbox, inlet);
        every("bridge-escalation", config.reconcile().interval(), escalation::look);
        if (config.selfTest() == null) {
            metrics.selfTests().channels(List.of());
        } else {
            SelfTest selfTest = new SelfTest(config.selfTest(), outbox, inlet, metrics.selfTests());
            selfTest.begin();
            every("bridge-self-test", config.reconcile().interval(), selfTest::look);
        }
        SilenceWatch silences = new SilenceWatch(desk);
        every("bridge-silences", config.reconcile().interval(), at -> silences.look());
        if (config.statistics() != null) {
            UdpStatistics statistics = new UdpStatistics(config.statistics(), Host.name());
            every("bridge-statistics", config.statistics().interval(), at -> statistics.send(counts(), at));
        }
        keepHouse(now);
    }

    private void every(String name, Duration period, Consumer<Instant> task) {
        tasks.add(context.scheduler().every(name, period, Duration.ZERO, task));
    }

    private void lookForWhatIsMissed(Instant now) throws OutboxException {
        Reconciler reconciler = new Reconciler(
                config.reconcile(),
                alertmanagers,
                config.reconcile().prometheus() == null
                        ? null
                        : new PrometheusClient(config.reconcile().prometheus()),
                new Reconciler.Works(outbox, inlet, metrics, watchdog::isSignOfLife));
        reconciler.begin(now);
        every("bridge-reconcile", config.reconcile().interval(), reconciler::look);
        if (outbox.incidents().open().stream().map(Incidents.Incident::source).anyMatch(Watchdog.SOURCE::equals)) {
            watchdog.goOn(now);
        }
        inlet.watchdog(
                notification -> watchdog.takes(notification, context.clock().instant()));
        every("bridge-watchdog", config.reconcile().interval(), at -> watchdog.look(at, inlet::take));
    }

    private List<UdpStatistics.Count> counts() {
        return List.of(
                new UdpStatistics.Count(
                        "Mattermost",
                        counts.chats().sum(),
                        metrics.delivered(config.mattermost().stream()
                                .map(one -> one.name())
                                .toList())),
                new UdpStatistics.Count(
                        "Emailer",
                        counts.mails().sum(),
                        metrics.delivered(
                                config.email().stream().map(one -> one.name()).toList())));
    }

    private void keepHouse(Instant now) {
        try {
            Outbox.Shed shed = outbox.prune(
                    now.minus(config.outbox().retention()),
                    now.minus(config.outbox().deadLetterRetention()));
            canShed = true;
            shed(shed);
            metrics.outboxSize(outbox.measure());
            metrics.openIncidents(outbox.archive().openIncidents());
            Instant oldest = outbox.archive().oldestDeadLetter();
            metrics.deadLetterAge(oldest == null ? Duration.ZERO : Duration.between(oldest, now));
        } catch (OutboxException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("outbox was not cleaned up");
        }
    }

    private void makeRoom() {
        if (!canShed || !outbox.isNearlyFull()) {
            return;
        }
        try {
            Outbox.Shed shed = outbox.shed();
            shed(shed);
            canShed = !shed.isNothing() || !outbox.isNearlyFull();
        } catch (OutboxException e) {
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("no room was made in the outbox");
        }
    }

    private void shed(Outbox.Shed shed) {
        if (!shed.isNothing()) {
            metrics.shed(shed.notifications(), shed.groups());
            logger.atWarn()
                    .addKeyValue("notifications", shed.notifications())
                    .addKeyValue("groups", shed.groups())
                    .log("outbox nearly full: forgot delivered ones early");
        }
    }

    Outbox outbox() {
        return outbox;
    }

    /** Takes alerts straight from a rule engine. */
    void send(List<Alert> alerts) {
        direct.send(watchdog.rest(alerts, context.clock().instant()));
    }

    WebhookEndpoint webhook() {
        return webhook;
    }

    BridgeApi api() {
        return api;
    }

    Feed feed() {
        return feed;
    }

    TopicIntake topics() {
        return topics;
    }

    Desk desk() {
        return desk;
    }

    PageEndpoint page() {
        return page;
    }

    @Nullable
    ActionEndpoint actions() {
        return actions;
    }

    /** Takes no more, waits for deliveries under way, and lets go of everything. */
    void stop() {
        tasks.forEach(Scheduler.Task::close);
        feed.close();
        direct.stop();
        dispatcher.stop();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                logger.warn("some deliveries did not end in time; they are tried again after the next start");
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outbox.close();
        channels.lines().stream().map(Dispatcher.Line::channel).forEach(Channel::close);
    }
}
