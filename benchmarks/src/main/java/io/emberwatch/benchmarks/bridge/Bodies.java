package io.emberwatch.benchmarks.bridge;

import java.nio.charset.StandardCharsets;

/** Webhook bodies as Alertmanager writes them, about two kilobytes for one alert. */
final class Bodies {
    private Bodies() {}

    /** A firing group. */
    static byte[] group(String name, int alerts, int seed) {
        StringBuilder body = new StringBuilder("{\"receiver\":\"bridge\",\"status\":\"firing\",\"alerts\":[");
        for (int i = 0; i < alerts; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"status\":\"firing\",\"labels\":")
                    .append(labels(name, seed, i))
                    .append(
                            ",\"annotations\":{\"summary\":\"the instance does not answer any more\",\"description\":\"")
                    .append("It has not answered for five minutes. ".repeat(4))
                    .append("\"},\"startsAt\":\"2026-11-21T01:41:24.709246669Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",")
                    .append("\"generatorURL\":\"http://prometheus.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1\",")
                    .append("\"fingerprint\":\"")
                    .append(String.format("%08x%08x", name.hashCode() * 31 + seed, i))
                    .append("\"}");
        }
        return body.append("],\"groupLabels\":{\"alertname\":\"")
                .append(name)
                .append("\",\"number\":\"")
                .append(seed)
                .append(
                        "\"},\"commonLabels\":{},\"commonAnnotations\":{},\"externalURL\":\"http://alertmanager:9093\",")
                .append("\"version\":\"4\",\"groupKey\":\"{}:{alertname=\\\"")
                .append(name)
                .append("\\\", number=\\\"")
                .append(seed)
                .append("\\\"}\",\"truncatedAlerts\":0}")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The end of a group. */
    static byte[] resolved(byte[] group) {
        return new String(group, StandardCharsets.UTF_8)
                .replace("\"firing\"", "\"resolved\"")
                .replace("0001-01-01T00:00:00Z", "2026-11-21T02:41:24Z")
                .getBytes(StandardCharsets.UTF_8);
    }

    static String labels(String name, int seed, int instance) {
        return "{\"alertname\":\"" + name + "\",\"number\":\"" + seed + "\",\"instance\":\"host-" + instance
                + ".example:9100\",\"cluster\":\"prod\",\"severity\":\"warning\",\"job\":\"node\"}";
    }
}
