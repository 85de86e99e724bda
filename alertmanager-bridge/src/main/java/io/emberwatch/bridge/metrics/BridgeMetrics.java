package io.emberwatch.bridge.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Everything that the bridge counts and measures about itself. */
public final class BridgeMetrics {
    /** What became of one request to the webhook, or of one group from the rule engine; they add up to all of them. */
    public enum Verdict {
        /** A new state, to be delivered. */
        ACCEPTED,
        /** The state that was accepted last, told again; nothing to do. */
        DUPLICATE,
        /** The state that was accepted last, repeated on purpose. */
        REPEAT,
        /** Kept as it came and reported, as it could not be read. */
        UNPARSABLE,
        /** Refused: no or wrong credentials. */
        UNAUTHORIZED,
        /** Refused: larger than the limit. */
        TOO_LARGE,
        /** Refused: could not be written to disk now. */
        UNAVAILABLE,
        /** Cut off before its end. */
        ABORTED,
        /** The alert that always fires: heard, and not delivered. */
        WATCHDOG
    }

    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
    private static final double[] LATENCY = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600};

    private final Map<Verdict, Counter.Child> verdicts = new EnumMap<>(Verdict.class);
    private final Counter unknownReceivers;
    private final Counter deliveries;
    private final Counter attempts;
    private final Histogram attemptDuration;
    private final Histogram latency;
    private final Counter deadLetters;
    private final Gauge deadLetterAge;
    private final Gauge queueDepth;
    private final Gauge queueAge;
    private final Gauge channelUp;
    private final Gauge channelFallback;
    private final Counter templateFaults;
    private final Gauge outboxUp;
    private final Gauge outboxSize;
    private final Histogram commitDuration;
    private final Counter commitFailures;
    private final Counter shed;
    private final Counter shedGroups;
    private final Gauge incidents;
    private final Counter directDropped;
    private final Counter actions;
    private final Gauge reloadWorked;
    private final Gauge reloadAt;
    private final Gauge configHash;
    private final Gauge alertmanagerUp;
    private final Gauge prometheusUp;
    private final Counter missed;
    private final Gauge watchdogSeen;
    private final SelfTestMetrics selfTests;

    public BridgeMetrics(CollectorRegistry registry) {
        Counter received = Counter.build(
                        "emberwatch_bridge_received_total", "Notifications received, by what became of them.")
                .labelNames("verdict")
                .register(registry);
        unknownReceivers = Counter.build(
                        "emberwatch_bridge_unknown_receivers_total",
                        "Notifications for a receiver that no route names; they went to the default channels.")
                .register(registry);
        deliveries = Counter.build(
                        "emberwatch_bridge_deliveries_total",
                        "States of incidents that a channel is done with, by how: delivered, coalesced or dead.")
                .labelNames("channel", "result")
                .register(registry);
        attempts = Counter.build(
                        "emberwatch_bridge_attempts_total", "Attempts to deliver a message, by the answer's code.")
                .labelNames("channel", "code")
                .register(registry);
        attemptDuration = Histogram.build(
                        "emberwatch_bridge_attempt_duration_seconds", "How long attempts to deliver took.")
                .labelNames("channel")
                .buckets(SECONDS)
                .register(registry);
        latency = Histogram.build(
                        "emberwatch_bridge_delivery_latency_seconds",
                        "From when a state was received until its channel had it.")
                .labelNames("channel")
                .buckets(LATENCY)
                .register(registry);
        deadLetters = Counter.build(
                        "emberwatch_bridge_dead_letters_total", "Messages that were given up, for each target.")
                .labelNames("channel")
                .register(registry);
        deadLetterAge = Gauge.build(
                        "emberwatch_bridge_dead_letters_oldest_age_seconds",
                        "For how long the oldest dead letter has waited to be sent again; 0 without one.")
                .register(registry);
        queueDepth = Gauge.build("emberwatch_bridge_queue_depth", "States of incidents that wait to be delivered.")
                .labelNames("channel")
                .register(registry);
        queueAge = Gauge.build(
                        "emberwatch_bridge_queue_oldest_age_seconds",
                        "For how long the oldest undelivered state has waited.")
                .labelNames("channel")
                .register(registry);
        channelUp = Gauge.build(
                        "emberwatch_bridge_channel_up",
                        "1 while the channel's last attempt found the other side working.")
                .labelNames("channel")
                .register(registry);
        channelFallback = Gauge.build(
                        "emberwatch_bridge_channel_fallback",
                        "1 while the bot of a channel is refused and its webhook is used, or it has to wait.")
                .labelNames("channel")
                .register(registry);
        templateFaults = Counter.build(
                        "emberwatch_bridge_template_faults_total",
                        "Texts for which the built-in one was used because the template failed.")
                .labelNames("channel")
                .register(registry);
        outboxUp = Gauge.build("emberwatch_bridge_outbox_up", "1 while the outbox can be written.")
                .register(registry);
        outboxSize = Gauge.build(
                        "emberwatch_bridge_outbox_size_bytes", "What the outbox holds on disk, free pages left out.")
                .register(registry);
        commitDuration = Histogram.build(
                        "emberwatch_bridge_outbox_commit_duration_seconds", "How long commits took, fsync included.")
                .buckets(SECONDS)
                .register(registry);
        commitFailures = Counter.build(
                        "emberwatch_bridge_outbox_commit_failures_total", "Commits that failed and were undone.")
                .register(registry);
        shed = Counter.build(
                        "emberwatch_bridge_outbox_shed_total",
                        "Delivered notifications that were forgotten before their time, to make room.")
                .register(registry);
        shedGroups = Counter.build(
                        "emberwatch_bridge_outbox_shed_groups_total",
                        "Groups that were forgotten to make room; what they tell next begins a new incident.")
                .register(registry);
        incidents = Gauge.build("emberwatch_bridge_open_incidents", "Alert groups with a firing alert.")
                .register(registry);
        directDropped = Counter.build(
                        "emberwatch_bridge_direct_dropped_total",
                        "Alerts of the rule engine that were refused because too many are known already.")
                .register(registry);
        actions = Counter.build(
                        "emberwatch_bridge_actions_total",
                        "What people did about incidents, by action and result: done, refused or failed.")
                .labelNames("action", "result")
                .register(registry);
        alertmanagerUp = Gauge.build("emberwatch_bridge_alertmanager_up", "1 while the Alertmanager's API answers.")
                .labelNames("alertmanager")
                .register(registry);
        prometheusUp = Gauge.build(
                        "emberwatch_bridge_prometheus_up",
                        "1 while Prometheus answers about outages; it is asked after one only.")
                .register(registry);
        prometheusUp.set(1);
        missed = Counter.build(
                        "emberwatch_bridge_missed_total",
                        "What nobody told the bridge and it found by itself: firing, resolved, or over after an outage.")
                .labelNames("kind")
                .register(registry);
        for (String kind : new String[] {"firing", "resolved", "outage"}) {
            missed.labels(kind);
        }
        watchdogSeen = Gauge.build(
                        "emberwatch_bridge_watchdog_last_seen_timestamp_seconds",
                        "When the alert that always fires came last; 0 without one configured.")
                .register(registry);
        selfTests = new SelfTestMetrics(registry);
        reloadWorked = Gauge.build(
                        "emberwatch_bridge_config_last_reload_successful",
                        "1 when the configuration that was read last is in use.")
                .register(registry);
        reloadAt = Gauge.build(
                        "emberwatch_bridge_config_last_reload_timestamp_seconds",
                        "When the configuration was read last, faulty or not.")
                .register(registry);
        configHash = Gauge.build(
                        "emberwatch_bridge_config_hash", "A number that changes with the configuration in use.")
                .register(registry);
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(verdict, received.labels(verdict.name().toLowerCase(Locale.ROOT)));
        }
    }

    public void received(Verdict verdict) {
        Objects.requireNonNull(verdicts.get(verdict)).inc();
    }

    public void unknownReceiver() {
        unknownReceivers.inc();
    }

    public void commit(Duration took) {
        commitDuration.observe(took.toNanos() / 1e9);
        outboxUp.set(1);
    }

    public void commitFailed() {
        commitFailures.inc();
        outboxUp.set(0);
    }

    public void outboxSize(long bytes) {
        outboxSize.set(bytes);
    }

    public void shed(int notifications, int groups) {
        shed.inc(notifications);
        shedGroups.inc(groups);
    }

    public void directDropped() {
        directDropped.inc();
    }

    public void action(String action, String result) {
        actions.labels(action, result).inc();
    }

    public void alertmanager(String address, boolean up) {
        alertmanagerUp.labels(address).set(up ? 1 : 0);
    }

    public void prometheus(boolean up) {
        prometheusUp.set(up ? 1 : 0);
    }

    /** Something was found that nobody told: {@code firing}, {@code resolved} or {@code outage}. */
    public void missed(String kind) {
        missed.labels(kind).inc();
    }

    public void watchdog(Instant seen) {
        watchdogSeen.set(seen.toEpochMilli() / 1e3);
    }

    /**
     * The configuration was read.
     *
     * @param worked whether it is in use now
     * @param hash of the one in use
     */
    public void configured(boolean worked, int hash, Instant at) {
        reloadWorked.set(worked ? 1 : 0);
        reloadAt.set(at.toEpochMilli() / 1e3);
        configHash.set(hash);
    }

    /** How many states these channels have delivered. */
    public long delivered(List<String> channels) {
        return channels.stream()
                .mapToLong(channel ->
                        (long) deliveries.labels(channel, "delivered").get()
                                + (long) deliveries.labels(channel, "coalesced").get())
                .sum();
    }

    public void deadLetterAge(Duration age) {
        deadLetterAge.set(age.toMillis() / 1e3);
    }

    public void openIncidents(long count) {
        incidents.set(count);
    }

    public SelfTestMetrics selfTests() {
        return selfTests;
    }

    /** The metrics of one channel, all of them at 0. */
    public ChannelMetrics channel(String name) {
        return new ChannelMetrics(
                name,
                new ChannelMetrics.Families(
                        deliveries,
                        attempts,
                        attemptDuration,
                        latency,
                        deadLetters,
                        queueDepth,
                        queueAge,
                        channelUp,
                        channelFallback,
                        templateFaults));
    }
}
