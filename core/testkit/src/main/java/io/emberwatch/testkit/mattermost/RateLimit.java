package io.emberwatch.testkit.mattermost;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.function.LongSupplier;

/** The generic cell rate algorithm, with the headers that Mattermost's limiter sets. */
final class RateLimit {
    private static final double NANOS = 1e9;

    private final double interval;
    private final double tolerance;
    private final int burst;
    private final LongSupplier nanoTime;
    private double theoreticalArrival = Double.NEGATIVE_INFINITY;

    RateLimit(int perSecond, int burst, LongSupplier nanoTime) {
        this.interval = NANOS / perSecond;
        this.tolerance = interval * (burst + 1);
        this.burst = burst;
        this.nanoTime = nanoTime;
    }

    synchronized boolean admit(HttpExchange http) {
        double now = (double) nanoTime.getAsLong();
        double arrival = Math.max(theoreticalArrival, now) + interval;
        double early = arrival - tolerance - now;
        Headers headers = http.getResponseHeaders();
        boolean admitted = early <= 0;
        if (admitted) {
            theoreticalArrival = arrival;
        } else {
            headers.set("Retry-After", Integer.toString((int) Math.ceil(early / NANOS)));
        }
        double used = Math.max(0, theoreticalArrival - now);
        headers.set("X-RateLimit-Limit", Integer.toString(burst + 1));
        headers.set("X-RateLimit-Remaining", Integer.toString((int) ((tolerance - used) / interval)));
        headers.set("X-RateLimit-Reset", Integer.toString((int) Math.ceil(used / NANOS)));
        return admitted;
    }
}
