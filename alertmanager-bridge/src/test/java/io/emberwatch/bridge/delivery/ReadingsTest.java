package io.emberwatch.bridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.InboxRow;
import org.junit.jupiter.api.Test;

class ReadingsTest {
    private final Notification notification = Samples.group(Samples.firing("A", "1"));
    private final Readings readings = new Readings();

    private InboxRow row(long id) {
        Payload raw = Payload.of(WebhookJson.write(notification));
        return new InboxRow(id, Samples.TOLD, InboxRow.ALERTS, "team", "1-a", 0, 0, "", "", raw);
    }

    @Test
    void whatCameJustNowIsNotReadAgain() throws MalformedPayload {
        readings.remember(7, notification, 1000);
        assertThat(readings.of(row(7))).isSameAs(notification);
        assertThat(readings.of(row(8))).isNotSameAs(notification).isEqualTo(notification);
    }

    @Test
    void theOldestAreForgottenBeyondTheBound() throws MalformedPayload {
        for (int id = 0; id < 5; id++) {
            readings.remember(id, notification, Readings.MAX_BYTES / 4);
        }
        assertThat(readings.of(row(0))).isNotSameAs(notification);
        for (int id = 1; id < 5; id++) {
            assertThat(readings.of(row(id))).isSameAs(notification);
        }
        readings.remember(5, notification, 2 * Readings.MAX_BYTES);
        assertThat(readings.of(row(4))).isNotSameAs(notification);
        assertThat(readings.of(row(5))).isNotSameAs(notification);
    }
}
