package io.emberwatch.exporter.statsd;

import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.series.Refusal;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is said of StatsD: under statsd_exporter's names, and what makes the sums come out. Lines are lines read and lines
 * dropped together; samples are samples stored and samples dropped together.
 */
final class StatsdMetrics {
    private static final String PEER = "statsd_exporter_";
    private static final String OWN = "emberwatch_exporter_statsd_";
    private static final String REASON = "reason";
    private static final String UNKNOWN = "unknown";
    private static final int MOST_CONFLICT_NAMES = 100;

    private final Map<EventKind, Counter.Child> events = new EnumMap<>(EventKind.class);
    private final Map<SampleFault, Counter.Child> faults = new EnumMap<>(SampleFault.class);
    private final Map<SampleFault, Counter.Child> dropped = new EnumMap<>(SampleFault.class);
    private final Map<Loss, Counter.Child> losses = new EnumMap<>(Loss.class);
    private final Map<Refusal, Counter.Child> refusals = new EnumMap<>(Refusal.class);
    private final Map<String, Gauge.Child> metrics = new LinkedHashMap<>();
    private final Set<String> conflictNames = new HashSet<>();
    private final Counter conflicts;
    private final Counter alerts;
    private final Counter checks;

    private final Counter relayLines;
    private final Counter relayPackets;
    private final Counter relayLost;

    final Counter.Child relayTooLong;
    final Counter.Child lines;
    final Counter.Child linesRead;
    final Counter.Child samples;
    final Counter.Child stored;
    final Counter.Child droppedByRule;
    final Counter.Child droppedNegative;
    final Counter.Child droppedNameless;
    final Counter.Child unmapped;
    final Counter.Child actionMap;
    final Counter.Child actionDrop;
    final Counter.Child negative;
    final Counter.Child nameless;
    final Counter.Child tags;
    final Counter.Child tagErrors;
    final Counter.Child batches;
    final Counter.Child udpPackets;
    final Counter.Child udpDrops;
    final Counter.Child unixgramPackets;
    final Counter.Child tcpConnections;
    final Counter.Child tcpErrors;
    final Counter.Child tooLong;
    final Counter.Child reloads;
    final Counter.Child reloadFailures;
    final Gauge.Child mappings;
    final Counter.Child expired;
    final Counter.Child flushed;
    final Counter.Child flushLost;
    final Counter.Child flushRefused;
    private final Counter commands;

    StatsdMetrics(CollectorRegistry registry) {
        relayLines = counter(registry, OWN + "relay_lines_total", "Lines sent on as they came.", "target");
        relayPackets =
                counter(registry, OWN + "relay_packets_total", "Datagrams that lines were sent on in.", "target");
        relayLost = counter(
                registry,
                OWN + "relay_lost_total",
                "Lines that could not be sent on, the socket being full.",
                "target");
        relayTooLong = counter(registry, OWN + "relay_too_long_total", "Lines too long to be sent on in one datagram.")
                .labels();
        Counter eventsTotal =
                counter(registry, PEER + "events_total", "The total number of StatsD events seen.", "type");
        for (EventKind kind : EventKind.values()) {
            events.put(
                    kind,
                    eventsTotal.labels(
                            switch (kind) {
                                case COUNTER -> "counter";
                                case GAUGE -> "gauge";
                                case TIMER, OBSERVER -> "observer";
                                case SET -> "set";
                            }));
        }
        unmapped = counter(
                        registry,
                        PEER + "events_unmapped_total",
                        "The total number of StatsD events no mapping was found for.")
                .labels();
        udpPackets = counter(
                        registry, PEER + "udp_packets_total", "The total number of StatsD packets received over UDP.")
                .labels();
        udpDrops = counter(
                        registry,
                        PEER + "udp_packet_drops_total",
                        "The total number of dropped StatsD packets which received over UDP.")
                .labels();
        tcpConnections = counter(
                        registry, PEER + "tcp_connections_total", "The total number of TCP connections handled.")
                .labels();
        tcpErrors = counter(
                        registry,
                        PEER + "tcp_connection_errors_total",
                        "The number of errors encountered reading from TCP.")
                .labels();
        tooLong = counter(
                        registry,
                        PEER + "tcp_too_long_lines_total",
                        "The number of lines discarded due to being too long.")
                .labels();
        unixgramPackets = counter(
                        registry,
                        PEER + "unixgram_packets_total",
                        "The total number of StatsD packets received over Unixgram.")
                .labels();
        lines = counter(registry, PEER + "lines_total", "The total number of StatsD lines received.")
                .labels();
        samples = counter(registry, PEER + "samples_total", "The total number of StatsD samples received.")
                .labels();
        tags = counter(registry, PEER + "tags_total", "The total number of DogStatsD tags processed.")
                .labels();
        tagErrors = counter(registry, PEER + "tag_errors_total", "The number of errors parsing DogStatsD tags.")
                .labels();
        batches = counter(
                        registry, PEER + "event_queue_flushed_total", "Number of times events were flushed to exporter")
                .labels();
        Counter reloadsTotal =
                counter(registry, PEER + "config_reloads_total", "The number of configuration reloads.", "outcome");
        reloads = reloadsTotal.labels("success");
        reloadFailures = reloadsTotal.labels("failure");
        mappings = Gauge.build(PEER + "loaded_mappings", "The current number of configured metric mappings.")
                .register(registry)
                .labels();
        conflicts = counter(
                registry,
                PEER + "events_conflict_total",
                "The total number of StatsD events with conflicting names.",
                "type",
                "metric_name");
        Counter errors = counter(
                registry,
                PEER + "events_error_total",
                "The total number of StatsD events discarded due to errors.",
                REASON);
        negative = errors.labels("illegal_negative_counter");
        nameless = errors.labels("empty_metric_name");
        Counter actions = counter(
                registry, PEER + "events_actions_total", "The total number of StatsD events by action.", "action");
        actionMap = actions.labels("map");
        actionDrop = actions.labels("drop");
        Gauge metricsTotal = Gauge.build(PEER + "metrics_total", "The total number of metrics.")
                .labelNames("type")
                .register(registry);
        for (String type : List.of("counter", "gauge", "histogram", "summary")) {
            metrics.put(type, metricsTotal.labels(type));
        }
        Counter sampleErrors = counter(
                registry, PEER + "sample_errors_total", "The total number of errors parsing StatsD samples.", REASON);
        linesRead = counter(registry, OWN + "lines_read_total", "Lines of which the samples could be looked at.")
                .labels();
        stored = counter(registry, OWN + "samples_stored_total", "Samples stored in a series.")
                .labels();
        Counter linesDropped = counter(
                registry, OWN + "lines_dropped_total", "Lines of which nothing could be read, by reason.", REASON);
        Counter samplesDropped =
                counter(registry, OWN + "samples_dropped_total", "Samples not stored, by reason.", REASON);
        for (SampleFault fault : SampleFault.values()) {
            faults.put(fault, sampleErrors.labels(fault.label()));
            if (fault != SampleFault.INVALID_SAMPLE_FACTOR) {
                dropped.put(fault, (fault.isWholeLine() ? linesDropped : samplesDropped).labels(fault.label()));
            } else {
                dropped.put(fault, samplesDropped.labels(fault.label()));
            }
        }
        for (Loss loss : Loss.values()) {
            losses.put(loss, linesDropped.labels(loss.label()));
        }
        for (Refusal refusal : Refusal.values()) {
            refusals.put(refusal, samplesDropped.labels(refusal.label()));
        }
        droppedByRule = samplesDropped.labels("rule");
        droppedNegative = samplesDropped.labels("illegal_negative_counter");
        droppedNameless = samplesDropped.labels("empty_metric_name");
        expired = counter(
                        registry, OWN + "series_expired_total", "Series removed because no sample came for their time.")
                .labels();
        alerts = counter(
                registry,
                OWN + "events_total",
                "DogStatsD events received, by what kind of alert they are.",
                "alert_type");
        for (String type : List.of("error", "warning", "info", "success")) {
            alerts.labels(type);
        }
        checks = counter(
                registry, OWN + "service_checks_total", "DogStatsD service checks received, by status.", "status");
        for (String status : List.of("ok", "warning", "critical", UNKNOWN)) {
            checks.labels(status);
        }
        flushed = counter(registry, OWN + "flushed_lines_total", "Lines sent to Carbon.")
                .labels();
        flushLost = counter(registry, OWN + "flush_lost_lines_total", "Lines that could not be sent to Carbon.")
                .labels();
        flushRefused = counter(
                        registry,
                        OWN + "flush_refused_names_total",
                        "Samples not aggregated for Carbon because there were as many names as there may be.")
                .labels();
        commands = counter(
                registry, OWN + "management_commands_total", "Commands that the management port was given.", "command");
        ManagementCommands.NAMES.forEach(commands::labels);
        commands.labels(UNKNOWN);
    }

    private static Counter counter(CollectorRegistry registry, String name, String help, String... labels) {
        return Counter.build(name, help).labelNames(labels).register(registry);
    }

    void event(EventKind kind, double count) {
        child(events, kind).inc(count);
    }

    /** A fault that costs the line or the sample. */
    void fault(SampleFault fault) {
        child(faults, fault).inc();
        child(dropped, fault).inc();
    }

    /** A fault that costs nothing: the sample goes on without what was wrong. */
    void warn(SampleFault fault) {
        child(faults, fault).inc();
    }

    void lost(Loss loss) {
        lines.inc();
        child(losses, loss).inc();
        if (loss == Loss.TOO_LONG) {
            tooLong.inc();
        }
    }

    void refused(Refusal refusal, EventKind kind, String metric) {
        child(refusals, refusal).inc();
        if (refusal == Refusal.CONFLICT) {
            boolean named = conflictNames.contains(metric) || conflictNames.size() < MOST_CONFLICT_NAMES;
            if (named) {
                conflictNames.add(metric);
            }
            String type = kind.isObserver() ? "observer" : kind == EventKind.COUNTER ? "counter" : "gauge";
            conflicts.labels(type, named ? metric : "other").inc();
        }
    }

    void metrics(String type, int count) {
        Gauge.Child child = metrics.get(type);
        if (child != null) {
            child.set(count);
        }
    }

    void alert(String type) {
        alerts.labels(type).inc();
    }

    void serviceCheck(String status) {
        checks.labels(status).inc();
    }

    /** Lines and samples that could not be read. */
    double badLines() {
        return dropped.values().stream().mapToDouble(Counter.Child::get).sum();
    }

    void command(String name) {
        commands.labels(ManagementCommands.NAMES.contains(name) ? name : UNKNOWN)
                .inc();
    }

    private static <K> Counter.Child child(Map<K, Counter.Child> children, K key) {
        Counter.Child child = children.get(key);
        return child == null ? new Counter.Child() : child;
    }

    /** What is said of a target of the relay. */
    RelayMetrics relay(String target) {
        return new RelayMetrics(relayLines.labels(target), relayPackets.labels(target), relayLost.labels(target));
    }

    /** The metrics of one target of the relay; lines and lost are all that were to be sent there. */
    record RelayMetrics(Counter.Child lines, Counter.Child packets, Counter.Child lost) {}
}
