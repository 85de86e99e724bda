package io.emberwatch.rules.notify;

import java.time.Duration;

/** Hears of what happens to alerts on their way. Alertmanagers are named by the address that alerts are posted to. */
public interface NotifyEvents {
    /** Hears nothing. */
    NotifyEvents NONE = new NotifyEvents() {};

    /** An Alertmanager gets alerts from now on; the queue holds up to {@code capacity}. */
    default void added(String alertmanager, int capacity) {}

    /** An Alertmanager gets alerts no longer. */
    default void removed(String alertmanager) {}

    default void queued(String alertmanager, int length) {}

    /** A request was answered or failed. */
    default void attempted(String alertmanager, int alerts, Duration took, boolean accepted) {}

    /** Alerts were given up: pushed out of a full queue, refused, or left over on stopping. */
    default void dropped(String alertmanager, int alerts) {}
}
