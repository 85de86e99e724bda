package io.emberwatch.bridge;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.delivery.SingleMessage;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.render.Addresses;
import io.emberwatch.bridge.render.Style;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Alerts and messages for tests. */
public final class Samples {
    public static final Instant START = Instant.parse("2026-11-21T12:01:03Z");
    public static final Instant TOLD = START.plus(Duration.ofMinutes(8));

    /** Times in UTC, addresses as they are, no page. */
    public static final Style STYLE = new Style(new Times(ZoneId.of("UTC")), Addresses.of(null));

    private Samples() {}

    public static NotifiedAlert alert(boolean firing, Labels labels, Labels annotations) {
        return new NotifiedAlert(
                NotifiedAlert.fingerprintOf(labels),
                labels,
                annotations,
                START,
                firing ? null : START.plus(Duration.ofMinutes(8)),
                "http://prom.example/graph?g0.expr=up");
    }

    public static NotifiedAlert firing(String name, String instance) {
        return alert(
                true,
                Labels.of("alertname", name, "instance", instance, "severity", "critical", "cluster", "prod"),
                Labels.of("summary", instance + " is ill", "description", "since a while"));
    }

    public static NotifiedAlert resolved(String name, String instance) {
        NotifiedAlert firing = firing(name, instance);
        return alert(false, firing.labels(), firing.annotations());
    }

    public static Notification group(NotifiedAlert... alerts) {
        return group(List.of(alerts));
    }

    public static Notification group(List<NotifiedAlert> alerts) {
        return new Notification("team", "{}:{}", Labels.of("cluster", "prod"), alerts, 0, "", "http://am.example");
    }

    public static Message message(NotifiedAlert... alerts) {
        return SingleMessage.of(group(alerts), "1z-abc", 0, TOLD);
    }

    public static Message message(Notification notification, int seq, @Nullable String reference) {
        Message message = SingleMessage.of(notification, "1z-abc", seq, TOLD);
        return new Message(message.incident(), message.content(), new Message.Attempt(1, false, reference, null));
    }

    /** The same message after a part of it was delivered. */
    public static Message after(Message message, String progress) {
        return new Message(
                message.incident(),
                message.content(),
                new Message.Attempt(1, false, message.attempt().reference(), progress));
    }
}
