package io.emberwatch.rules.notify;

import io.emberwatch.model.Alert;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Alerts that wait for one Alertmanager; when there are too many, the oldest go. */
final class AlertQueue {
    private final int capacity;
    private final Deque<Alert> alerts = new ArrayDeque<>();
    private boolean closed;

    AlertQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Adds alerts and tells how many were dropped for it: the oldest, or all of them once the queue is closed. */
    synchronized int add(List<Alert> added) {
        if (closed) {
            return added.size();
        }
        int dropped = 0;
        for (Alert alert : added) {
            if (alerts.size() == capacity) {
                alerts.removeFirst();
                dropped++;
            }
            alerts.addLast(alert);
        }
        notifyAll();
        return dropped;
    }

    /** Waits for alerts and takes up to {@code most}; none when the queue is closed and empty. */
    synchronized List<Alert> take(int most) throws InterruptedException {
        while (alerts.isEmpty() && !closed) {
            wait();
        }
        List<Alert> batch = new ArrayList<>(Math.min(most, alerts.size()));
        while (batch.size() < most && !alerts.isEmpty()) {
            batch.add(alerts.removeFirst());
        }
        return batch;
    }

    synchronized int size() {
        return alerts.size();
    }

    /** Takes no more alerts; those in it can still be taken out. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Forgets what is left and tells how many that were. */
    synchronized int clear() {
        int left = alerts.size();
        alerts.clear();
        return left;
    }
}
