package io.emberwatch.bridge.delivery;

import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.outbox.InboxRow;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads notifications that are kept. Those that came last are remembered, so that what is delivered at once, which is most,
 * is read only once; at most as many as were read from {@value #MAX_BYTES} bytes.
 */
final class Readings {
    static final int MAX_BYTES = 2 << 20;

    private final Map<Long, Reading> recent = new LinkedHashMap<>();
    private long bytes;

    private record Reading(Notification notification, int size) {}

    /** A notification was taken in and put down under that number. */
    synchronized void remember(long inbox, Notification notification, int size) {
        Reading replaced = recent.put(inbox, new Reading(notification, size));
        bytes += size - (replaced == null ? 0 : replaced.size());
        Iterator<Reading> oldest = recent.values().iterator();
        while (bytes > MAX_BYTES) {
            bytes -= oldest.next().size();
            oldest.remove();
        }
    }

    Notification of(InboxRow row) throws MalformedPayload {
        synchronized (this) {
            Reading known = recent.get(row.id());
            if (known != null) {
                return known.notification();
            }
        }
        return WebhookJson.parse(row.raw().bytes());
    }
}
