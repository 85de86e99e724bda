package io.emberwatch.exporter.lineprotocol;

import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.series.Refusal;
import io.emberwatch.model.line.LineFault;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is said of line protocol. Per listener, lines received are lines stored and dropped lines together, and values
 * received are values stored and dropped values together.
 */
final class InfluxMetrics {
    private static final String PREFIX = "emberwatch_exporter_influx_";
    private static final String LISTENER = "listener";
    private static final String REASON = "reason";

    private final Counter lines;
    private final Counter stored;
    private final Counter dropped;
    private final Counter values;
    private final Counter valuesStored;
    private final Counter valuesDropped;
    private final Counter.Child forwarded;
    private final Counter.Child forwardLost;
    private final Gauge.Child series;
    private final Counter.Child expired;
    private final Gauge.Child lastPush;
    private final Counter.Child udpErrors;

    InfluxMetrics(CollectorRegistry registry) {
        lines = counter(registry, "lines_total", "Lines of line protocol received, faulty ones included.", LISTENER);
        stored = counter(registry, "lines_stored_total", "Lines of which at least one value was stored.", LISTENER);
        dropped = counter(
                registry, "lines_dropped_total", "Lines of which nothing was stored, by reason.", LISTENER, REASON);
        values = counter(registry, "values_total", "Values in lines that could be read.", LISTENER);
        valuesStored = counter(registry, "values_stored_total", "Values stored in a series.", LISTENER);
        valuesDropped = counter(registry, "values_dropped_total", "Values not stored, by reason.", LISTENER, REASON);
        forwarded = counter(registry, "lines_forwarded_total", "Lines forwarded as they came.")
                .labels();
        forwardLost = counter(
                        registry,
                        "lines_forward_lost_total",
                        "Lines that could not be forwarded in time, those refused over HTTP for that included.")
                .labels();
        series = Gauge.build(PREFIX + "series", "Series of line protocol on the page.")
                .register(registry)
                .labels();
        expired = counter(registry, "series_expired_total", "Series removed because no sample came for their time.")
                .labels();
        lastPush = Gauge.build(
                        "influxdb_last_push_timestamp_seconds",
                        "Unix timestamp of the last received influxdb metrics push in seconds.")
                .register(registry)
                .labels();
        udpErrors = Counter.build("influxdb_udp_parse_errors_total", "Current total udp parse errors.")
                .register(registry)
                .labels();
    }

    private static Counter counter(CollectorRegistry registry, String name, String help, String... labels) {
        return Counter.build(PREFIX + name, help).labelNames(labels).register(registry);
    }

    Counter.Child forwarded() {
        return forwarded;
    }

    Counter.Child forwardLost() {
        return forwardLost;
    }

    Gauge.Child series() {
        return series;
    }

    Counter.Child expired() {
        return expired;
    }

    Gauge.Child lastPush() {
        return lastPush;
    }

    Counter.Child udpErrors() {
        return udpErrors;
    }

    /** What is said of one listener, every reason shown as 0 from the start. */
    ListenerCounts listener(String name) {
        return new ListenerCounts(name);
    }

    /** The counters of one listener; counted in plain numbers and shown at each {@link #publish}. */
    final class ListenerCounts {
        private final Counter.Child allLines;
        private final Counter.Child storedLines;
        private final Counter.Child allValues;
        private final Counter.Child storedValues;
        private final Map<LineFault, Counter.Child> faults = new EnumMap<>(LineFault.class);
        private final Map<Loss, Counter.Child> losses = new EnumMap<>(Loss.class);
        private final Map<Refusal, Counter.Child> refusals = new EnumMap<>(Refusal.class);
        private final Counter.Child unusable;
        private final Counter.Child strings;

        long newLines;
        long newStored;
        long newUnusable;
        long newValues;
        long newValuesStored;
        long newStrings;

        private ListenerCounts(String name) {
            allLines = lines.labels(name);
            storedLines = stored.labels(name);
            allValues = values.labels(name);
            storedValues = valuesStored.labels(name);
            for (LineFault fault : LineFault.values()) {
                faults.put(fault, dropped.labels(name, fault.label()));
            }
            for (Loss loss : Loss.values()) {
                losses.put(loss, dropped.labels(name, loss == Loss.TOO_LONG ? "line_too_long" : loss.label()));
            }
            unusable = dropped.labels(name, "no_value_stored");
            for (Refusal refusal : Refusal.values()) {
                refusals.put(refusal, valuesDropped.labels(name, refusal.label()));
            }
            strings = valuesDropped.labels(name, "string");
        }

        void fault(LineFault fault) {
            newLines++;
            Counter.Child child = faults.get(fault);
            if (child != null) {
                child.inc();
            }
        }

        void lost(Loss loss) {
            allLines.inc();
            Counter.Child child = losses.get(loss);
            if (child != null) {
                child.inc();
            }
        }

        void refused(Refusal refusal) {
            Counter.Child child = refusals.get(refusal);
            if (child != null) {
                child.inc();
            }
        }

        void publish() {
            allLines.inc(newLines);
            storedLines.inc(newStored);
            unusable.inc(newUnusable);
            allValues.inc(newValues);
            storedValues.inc(newValuesStored);
            strings.inc(newStrings);
            newLines = 0;
            newStored = 0;
            newUnusable = 0;
            newValues = 0;
            newValuesStored = 0;
            newStrings = 0;
        }
    }
}
