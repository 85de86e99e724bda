package io.emberwatch.bridge;

import java.util.ArrayList;
import java.util.List;

/** Webhook bodies as Alertmanager writes them. */
final class Payloads {
    static final String START = "2026-11-21T01:41:24.709246669Z";
    static final String END = "2026-11-21T01:49:30Z";

    private final String group;
    private final List<String> alerts = new ArrayList<>();
    private String extra = "";

    private Payloads(String group) {
        this.group = group;
    }

    /** A body for the group {@code alertname="group"}. */
    static Payloads group(String group) {
        return new Payloads(group);
    }

    Payloads firing(String instance) {
        return firing(instance, START);
    }

    Payloads firing(String instance, String startsAt) {
        return alert("firing", instance, startsAt, "0001-01-01T00:00:00Z");
    }

    Payloads resolved(String instance) {
        return alert("resolved", instance, START, END);
    }

    private Payloads alert(String status, String instance, String startsAt, String endsAt) {
        alerts.add("""
                {"status":"%s","labels":{"alertname":"%s","instance":"%s","severity":"critical"},
                "annotations":{"summary":"%s is ill"},"startsAt":"%s","endsAt":"%s",
                "generatorURL":"http://prom.example/graph?g0.expr=up","fingerprint":"%016x"}
                """.formatted(status, group, instance, instance, startsAt, endsAt, (group + instance).hashCode()));
        return this;
    }

    /** Members more, each followed by a comma. */
    Payloads with(String members) {
        extra += members;
        return this;
    }

    String body() {
        boolean firing = alerts.stream().anyMatch(alert -> alert.contains("\"firing\""));
        return """
                {"receiver":"team","status":"%s","alerts":[%s],"groupLabels":{"alertname":"%s"},"commonLabels":{},
                "commonAnnotations":{},"externalURL":"http://am.example",%s"version":"4",
                "groupKey":"{}:{alertname=\\"%s\\"}","truncatedAlerts":0}
                """.formatted(firing ? "firing" : "resolved", String.join(",", alerts), group, extra, group);
    }
}
