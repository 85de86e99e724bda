package io.emberwatch.bridge.outbox;

import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.Payload;
import java.time.Instant;
import java.util.List;

/**
 * A notification that came in.
 *
 * @param source where from: {@code webhook}, {@code direct}, {@code test}
 * @param raw the request as it came
 * @param headline what lists show of it
 * @param channels those that its route names
 */
public record Received(
        String source, Notification notification, Payload raw, String headline, List<String> channels, Instant at) {
    public Received {
        channels = List.copyOf(channels);
    }
}
