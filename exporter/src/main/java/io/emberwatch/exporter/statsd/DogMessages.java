package io.emberwatch.exporter.statsd;

import io.emberwatch.model.Labels;
import java.util.List;

/**
 * DogStatsD's events, which are counted, and service checks, which are counted and shown as gauges {@code
 * statsd_service_check}: 0 ok, 1 warning, 2 critical, 3 unknown.
 *
 * @see <a href="https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/">DogStatsD datagrams</a>
 */
final class DogMessages {
    private static final List<String> STATUS = List.of("ok", "warning", "critical", "unknown");
    private static final List<String> ALERTS = List.of("error", "warning", "info", "success");

    private DogMessages() {}

    /** {@code _e{title length,text length}:title|text|…|t:alert type|…}. */
    static void event(String line, StatsdMetrics metrics) {
        String alert = "info";
        for (String part : line.split("\\|", -1)) {
            if (part.startsWith("t:") && ALERTS.contains(part.substring(2))) {
                alert = part.substring(2);
            }
        }
        metrics.alert(alert);
    }

    /** {@code _sc|name|status|d:time|h:host|#tags|m:message}. */
    static void serviceCheck(String line, StatsdStore store, StatsdMetrics metrics, long nowMillis) {
        String[] parts = line.split("\\|", -1);
        int status = parts.length > 2 && parts[2].matches("[0-3]") ? parts[2].charAt(0) - '0' : -1;
        if (status < 0 || parts[1].isEmpty()) {
            metrics.warn(SampleFault.MALFORMED_COMPONENT);
            return;
        }
        Labels.Builder labels = Labels.builder();
        for (int i = 3; i < parts.length; i++) {
            if (parts[i].startsWith("#")) {
                EventName.read("", parts[i].substring(1), "", store.tagStyles())
                        .tags()
                        .forEach(labels::set);
            } else if (parts[i].startsWith("h:")) {
                labels.set("host", parts[i].substring(2));
            }
        }
        labels.set("check", parts[1]);
        metrics.serviceCheck(STATUS.get(status));
        store.gauge(
                "statsd_service_check",
                "Status of a DogStatsD service check: 0 ok, 1 warning, 2 critical, 3 unknown.",
                labels.build(),
                status,
                nowMillis);
    }
}
