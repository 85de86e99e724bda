package io.emberwatch.bridge.reconcile;

import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Incidents;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.route.Matchers;
import io.emberwatch.model.Labels;
import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Prometheus, after an outage, which alerts fired and were resolved meanwhile, and reports those nobody told of. */
final class OutageReview {
    private static final String FIRING = "ALERTS{alertstate=\"firing\"}";
    private static final Duration BEFORE = Duration.ofMinutes(15);
    // Still firing a moment ago: Alertmanager will tell of it.
    private static final Duration FRESH = Duration.ofSeconds(75);
    // Alerts that end just then are found by a second look.
    private static final Duration AFTER = Duration.ofMinutes(3);
    private static final Duration LONGEST = Duration.ofDays(2);
    private static final int MAX_STATES = 5000;
    private static final Logger logger = LoggerFactory.getLogger("bridge.reconcile");

    private final ReconcileConfig config;
    private final QuerySource prometheus;
    private final Matchers matchers;
    private final Reconciler.Works works;
    private @Nullable Instant from;
    private Instant to = Instant.EPOCH;

    OutageReview(ReconcileConfig config, QuerySource prometheus, Reconciler.Works works) {
        this.config = config;
        this.prometheus = prometheus;
        this.matchers = new Matchers(config.matchers());
        this.works = works;
    }

    void outage(Instant begin, Instant end) {
        from = from == null || begin.isBefore(from) ? begin : from;
        to = end.isAfter(to) ? end : to;
    }

    void look(Instant now) throws OutboxException {
        Instant begin = from;
        if (begin == null) {
            return;
        }
        Instant earliest = now.minus(LONGEST);
        Instant start = begin.isBefore(earliest) ? earliest : begin;
        long seconds = Duration.between(start, now).toSeconds() + 1;
        try {
            QueryValue value =
                    prometheus.instant(FIRING + "[" + seconds + "s]", now).value();
            if (value instanceof QueryValue.Matrix matrix) {
                review(matrix.series(), start, now);
            }
            works.metrics().prometheus(true);
            if (now.isAfter(to.plus(AFTER))) {
                from = null;
            }
        } catch (QueryException e) {
            works.metrics().prometheus(false);
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("Prometheus cannot be asked about the outage");
        }
    }

    private void review(List<Series> series, Instant start, Instant now) throws OutboxException {
        List<Labels> told = told(start);
        for (Series one : series) {
            Labels labels = one.labels().dropping(List.of(Labels.METRIC_NAME, "alertstate"));
            Instant first = Instant.ofEpochMilli(one.timestampsMillis()[0]);
            Instant last = Instant.ofEpochMilli(one.timestampsMillis()[one.size() - 1]);
            boolean over = last.isBefore(now.minus(FRESH)) || isOver(one.labels(), now);
            boolean within = first.isBefore(to)
                    && !Duration.between(first, last).minus(config.shortest()).isNegative();
            if (over
                    && within
                    && matchers.match(labels)
                    && !works.signOfLife().test(labels)
                    && told.stream().noneMatch(known -> holds(known, labels))) {
                report(labels, first, last);
            }
        }
    }

    // The series has ended already though its last sample is young.
    private boolean isOver(Labels series, Instant now) {
        try {
            StringBuilder selector = new StringBuilder("ALERTS{");
            for (int i = 0; i < series.size(); i++) {
                if (!series.name(i).equals(Labels.METRIC_NAME)) {
                    selector.append(selector.length() > 7 ? "," : "")
                            .append(series.name(i))
                            .append("=\"")
                            .append(series.value(i)
                                    .replace("\\", "\\\\")
                                    .replace("\"", "\\\"")
                                    .replace("\n", "\\n"))
                            .append('"');
                }
            }
            QueryValue value =
                    prometheus.instant(selector.append('}').toString(), now).value();
            return value instanceof QueryValue.Vector vector && vector.samples().isEmpty();
        } catch (QueryException e) {
            return false;
        }
    }

    private List<Labels> told(Instant start) throws OutboxException {
        List<Labels> told = new ArrayList<>();
        Incidents incidents = works.outbox().incidents();
        for (InboxRow row : incidents.statesSince(start.minus(BEFORE), MAX_STATES)) {
            add(row, told);
        }
        for (Incidents.Incident incident : incidents.open()) {
            InboxRow row = incidents.lastState(incident.id());
            if (row != null && row.received().isBefore(start.minus(BEFORE))) {
                add(row, told);
            }
        }
        return told;
    }

    private static void add(InboxRow row, List<Labels> told) {
        try {
            WebhookJson.parse(row.raw().bytes()).alerts().forEach(alert -> told.add(alert.labels()));
        } catch (MalformedPayload e) {
            logger.atDebug().setCause(e).log("state cannot be read");
        }
    }

    // Prometheus adds its external labels to the alerts it sends, so what was told may have more labels.
    private static boolean holds(Labels known, Labels wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!known.get(wanted.name(i)).equals(wanted.value(i))) {
                return false;
            }
        }
        return true;
    }

    private void report(Labels labels, Instant first, Instant last) throws OutboxException {
        String fingerprint = NotifiedAlert.fingerprintOf(labels);
        NotifiedAlert alert = new NotifiedAlert(fingerprint, labels, Labels.EMPTY, first, last, "");
        Notification notification = new Notification(
                "reconcile",
                "missed:" + fingerprint + ":" + first.toEpochMilli(),
                labels.keeping(List.of("alertname", "cluster")),
                List.of(alert),
                0,
                Notification.BRIDGE + "missed: it fired and was over while the bridge could not be told",
                "");
        works.inlet().take("reconcile", notification, Payload.of(WebhookJson.write(notification)));
        works.metrics().missed("outage");
        logger.atWarn().addKeyValue("alert", labels).log("an alert was missed");
    }
}
