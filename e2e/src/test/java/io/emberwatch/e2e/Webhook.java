package io.emberwatch.e2e;

/** Bodies as Alertmanager posts them. */
final class Webhook {
    private Webhook() {}

    /** A group of one alert that fires. */
    static String firing(String alert) {
        return """
                {"version": "4", "groupKey": "{}:{alertname=\\"%1$s\\"}", "truncatedAlerts": 0, "status": "firing",
                 "receiver": "bridge", "groupLabels": {"alertname": "%1$s"}, "commonLabels": {"alertname": "%1$s"},
                 "commonAnnotations": {}, "externalURL": "http://alertmanager.example.test:9093",
                 "alerts": [{"status": "firing", "labels": {"alertname": "%1$s", "severity": "warning"},
                   "annotations": {"summary": "This is %1$s."}, "startsAt": "2026-03-01T10:00:00Z",
                   "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": "%2$016x"}]}
                """.formatted(alert, alert.hashCode());
    }
}
