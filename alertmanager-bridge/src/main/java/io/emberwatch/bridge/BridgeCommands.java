package io.emberwatch.bridge;

import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.channel.Outcome;
import io.emberwatch.bridge.delivery.Dispatcher;
import io.emberwatch.bridge.delivery.SingleMessage;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.Archive;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Outbox;
import io.emberwatch.bridge.reconcile.SelfTestConfig;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.route.RouteConfig;
import io.emberwatch.bridge.route.Routes;
import io.emberwatch.model.Labels;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the command line does with the bridge, apart from running it. Every method answers with an exit code. */
public final class BridgeCommands {
    /** It went well. */
    public static final int OK = 0;

    /** It did not. */
    public static final int FAILED = 1;

    /** The request made no sense. */
    public static final int USAGE = 2;

    private static final int MAX_LETTERS = 1000;
    private static final int MAX_PARTS = 1000;
    private static final Outbox.Asker BY_HAND = new Outbox.Asker(System.getProperty("user.name", ""), "cli");

    private BridgeCommands() {}

    /** Says what a configuration does; that it was read at all means that it has no faults. */
    public static int check(BridgeConfig config, PrintStream out) {
        config.mattermost()
                .forEach(channel -> out.println("channel " + channel.name() + ": Mattermost"
                        + (channel.channel() == null ? "" : " " + channel.channel())));
        config.email()
                .forEach(channel -> out.println("channel " + channel.name() + ": mail to "
                        + String.join(", ", channel.to()) + " through " + channel.host() + ":" + channel.port()));
        routes(config.routes(), "", out);
        out.println(
                "otherwise -> " + (config.otherwise().isEmpty() ? "nowhere" : String.join(", ", config.otherwise())));
        SelfTestConfig selfTest = config.selfTest();
        if (selfTest != null) {
            out.println("self-test every " + Times.span(selfTest.interval()) + " -> "
                    + String.join(", ", selfTest.channels()));
        }
        if (config.channels().isEmpty()) {
            out.println("no channel is configured: notifications are kept and shown, but go nowhere");
        }
        return OK;
    }

    private static void routes(List<RouteConfig> routes, String indent, PrintStream out) {
        for (RouteConfig route : routes) {
            out.println(indent + "route " + (route.receiver() == null ? "any receiver" : route.receiver()) + " "
                    + String.join(", ", route.matchers()) + " -> "
                    + (route.channels().isEmpty() ? "as above" : String.join(", ", route.channels()))
                    + (route.andNext() ? ", and next" : ""));
            routes(route.routes(), indent + "  ", out);
        }
    }

    /**
     * Says where an alert would go.
     *
     * @param receiver Alertmanager's receiver, or the last part of the webhook's path; may be empty
     */
    public static int route(BridgeConfig config, String receiver, Labels labels, PrintStream out) {
        NotifiedAlert alert =
                new NotifiedAlert(NotifiedAlert.fingerprintOf(labels), labels, Labels.EMPTY, Instant.EPOCH, null, "");
        List<String> channels = new Routes(config.routes(), config.otherwise())
                .channels(new Notification(receiver, "", Labels.EMPTY, List.of(alert), 0, "", ""));
        out.println(channels.isEmpty() ? "nowhere" : String.join("\n", channels));
        return OK;
    }

    /**
     * Shows what the channels would send for something that was received earlier; also beside a running bridge.
     *
     * @param id the number of the notification, as the page and the API show it
     * @param channel a channel's name instead of routing; or null
     */
    public static int renderStored(
            BridgeConfig config, ServiceContext context, long id, @Nullable String channel, PrintStream out)
            throws IOException {
        InboxRow row;
        try (Outbox outbox = attach(config, context)) {
            row = outbox.archive().row(id);
        }
        if (row == null || !row.format().equals(InboxRow.ALERTS)) {
            out.println(id + (row == null ? ": there is no such notification" : ": this is no group of alerts"));
            return FAILED;
        }
        return render(config, context, row.raw().bytes(), channel, out);
    }

    /**
     * Sends an alert that fires and its resolution over one channel, or over each.
     *
     * @param channel the channel's name; null for all
     */
    public static int sendTest(BridgeConfig config, ServiceContext context, @Nullable String channel, PrintStream out) {
        List<Channel> channels = channels(config, context, channel, out);
        if (channels.isEmpty()) {
            return USAGE;
        }
        boolean well = true;
        Instant now = context.clock().instant();
        String incident = "test-" + Long.toString(now.toEpochMilli(), Character.MAX_RADIX);
        for (Channel one : channels) {
            String reference = null;
            for (int seq = 0; seq < 2; seq++) {
                Outcome outcome = deliver(one, SingleMessage.of(trial(now, seq == 0), incident, seq, now), reference);
                out.println(one.name() + ": " + (seq == 0 ? "firing" : "resolved") + ": " + say(outcome));
                well &= outcome instanceof Outcome.Delivered delivered
                        && delivered.refusals().isEmpty()
                        && delivered.rest() == null;
                reference = outcome instanceof Outcome.Delivered delivered ? delivered.reference() : null;
            }
            one.close();
        }
        return well ? OK : FAILED;
    }

    private static Notification trial(Instant now, boolean firing) {
        Labels labels = Labels.of("alertname", "EmberwatchTest", "severity", "info");
        NotifiedAlert alert = new NotifiedAlert(
                NotifiedAlert.fingerprintOf(labels),
                labels,
                Labels.of(
                        "summary",
                        "This is a test of the way from the bridge to you.",
                        "description",
                        "Nothing is wrong."),
                now.minus(Duration.ofMinutes(1)),
                firing ? null : now,
                "");
        return new Notification("test", "", Labels.of("alertname", "EmberwatchTest"), List.of(alert), 0, "", "");
    }

    private static Outcome deliver(Channel channel, Message message, @Nullable String reference) {
        String progress = null;
        Outcome outcome = Outcome.Retry.message("none", "nothing was tried");
        for (int part = 0; part < MAX_PARTS; part++) {
            outcome = channel.deliver(new Message(
                    message.incident(), message.content(), new Message.Attempt(1, false, reference, progress)));
            if (!(outcome instanceof Outcome.Progressed progressed)) {
                return outcome;
            }
            progress = progressed.progress();
        }
        return outcome;
    }

    private static String say(Outcome outcome) {
        if (outcome instanceof Outcome.Retry retry) {
            return "failed, would be tried again: " + retry.code() + " " + retry.reason();
        } else if (outcome instanceof Outcome.Rejected rejected) {
            return "refused: " + rejected.code() + " " + rejected.reason();
        } else if (outcome instanceof Outcome.Delivered delivered) {
            List<String> words = new ArrayList<>(List.of("delivered, " + delivered.code()));
            delivered
                    .refusals()
                    .forEach(refusal -> words.add("but not to " + refusal.target() + ": " + refusal.reason()));
            if (delivered.rest() != null) {
                words.add("but not yet to " + delivered.rest().replace("\n", ", "));
            }
            return String.join("; ", words);
        }
        return outcome.toString();
    }

    /**
     * Shows what the channels that a webhook body is routed to would send.
     *
     * @param payload an Alertmanager webhook body, version 4
     * @param channel a channel's name instead of routing; or null
     */
    public static int render(
            BridgeConfig config, ServiceContext context, byte[] payload, @Nullable String channel, PrintStream out) {
        Notification notification;
        try {
            notification = WebhookJson.parse(payload);
        } catch (MalformedPayload e) {
            out.println("the payload cannot be read: " + e.getMessage());
            return FAILED;
        }
        List<String> routed = new Routes(config.routes(), config.otherwise()).channels(notification);
        out.println("routed to: " + (routed.isEmpty() ? "nowhere" : String.join(", ", routed)));
        List<Channel> channels = channels(config, context, channel, out);
        Instant now = context.clock().instant();
        for (Channel one : channels) {
            if (channel != null || routed.contains(one.name())) {
                out.println("--- " + one.name());
                out.println(one.preview(SingleMessage.of(notification, "preview", 0, now)));
            }
            one.close();
        }
        return channels.isEmpty() && channel != null ? USAGE : OK;
    }

    private static List<Channel> channels(
            BridgeConfig config, ServiceContext context, @Nullable String name, PrintStream out) {
        BridgeMetrics metrics = new BridgeMetrics(new CollectorRegistry());
        List<Channel> channels = Channels.of(config, context.clock(), metrics).lines().stream()
                .map(Dispatcher.Line::channel)
                .filter(channel -> name == null || name.equals(channel.name()))
                .toList();
        if (channels.isEmpty()) {
            out.println(
                    name == null
                            ? "no channel is configured"
                            : name + ": there is no such channel; there are " + config.channels());
        }
        return channels;
    }

    /**
     * Lists what was given up, the newest first; also beside a running bridge.
     *
     * @param all those that were sent again too
     */
    public static int deadLetters(BridgeConfig config, ServiceContext context, boolean all, PrintStream out)
            throws IOException {
        try (Outbox outbox = attach(config, context)) {
            List<Archive.DeadLetter> letters = outbox.archive().deadLetters(all, MAX_LETTERS);
            for (Archive.DeadLetter letter : letters) {
                out.println(letter.id() + "  " + letter.at() + "  " + letter.channel()
                        + (letter.target().isEmpty()
                                ? ""
                                : " (" + letter.target().replace("\n", ", ") + ")") + "  "
                        + letter.headline() + "  " + letter.code() + " " + letter.reason()
                        + (letter.replayed() == null ? "" : "  sent again " + letter.replayed()));
            }
            if (letters.isEmpty()) {
                out.println("there are no dead letters");
            }
            return OK;
        }
    }

    /** Prints what a dead letter was received as, byte for byte. */
    public static int deadLetter(BridgeConfig config, ServiceContext context, long id, PrintStream out)
            throws IOException {
        try (Outbox outbox = attach(config, context)) {
            InboxRow row = outbox.archive().letterRow(id);
            if (row == null) {
                out.println(id + ": there is no such dead letter");
                return FAILED;
            }
            out.write(row.raw().bytes());
            out.println();
            return OK;
        }
    }

    /**
     * Queues dead letters again; a running bridge sends them within seconds, another when it is started.
     *
     * @param ids their numbers; empty for all
     */
    public static int replay(BridgeConfig config, ServiceContext context, List<Long> ids, PrintStream out)
            throws IOException {
        return decide(config, context, ids, out, (outbox, id) -> {
            Outbox.Waiting queued =
                    Outbox.await(outbox.replay(id, BY_HAND, context.clock().instant()));
            return queued == null ? null : "queued for " + queued.channel();
        });
    }

    /**
     * Takes dead letters from the list for good.
     *
     * @param ids their numbers; empty for all
     */
    public static int discard(BridgeConfig config, ServiceContext context, List<Long> ids, PrintStream out)
            throws IOException {
        return decide(
                config,
                context,
                ids,
                out,
                (outbox, id) ->
                        Outbox.await(outbox.discard(id, BY_HAND, context.clock().instant())) ? "discarded" : null);
    }

    /** What is done with one dead letter, in words; null when there is none of that number. */
    @FunctionalInterface
    private interface Decision {
        @Nullable
        String about(Outbox outbox, long letter) throws IOException;
    }

    private static int decide(
            BridgeConfig config, ServiceContext context, List<Long> ids, PrintStream out, Decision decision)
            throws IOException {
        try (Outbox outbox = attach(config, context)) {
            List<Long> wanted = new ArrayList<>(ids);
            if (wanted.isEmpty()) {
                outbox.archive().deadLetters(false, MAX_LETTERS).forEach(letter -> wanted.add(letter.id()));
            }
            int code = OK;
            for (long id : wanted) {
                String done = decision.about(outbox, id);
                out.println(id + ": " + (done == null ? "there is no such dead letter" : done));
                code = done == null ? FAILED : code;
            }
            if (wanted.isEmpty()) {
                out.println("there are no dead letters");
            }
            return code;
        }
    }

    private static Outbox attach(BridgeConfig config, ServiceContext context) throws IOException {
        return Outbox.attach(BridgeService.outboxOptions(config, context), new BridgeMetrics(new CollectorRegistry()));
    }
}
