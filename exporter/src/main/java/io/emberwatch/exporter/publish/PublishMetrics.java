package io.emberwatch.exporter.publish;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.Arrays;
import java.util.Locale;

/** What is said of the messages that came over HTTP. */
final class PublishMetrics {
    /** What becomes of a message. */
    enum Outcome {
        /** The broker has it. */
        CONFIRMED,
        /** It is not JSON, or lacks what it must hold. */
        INVALID,
        TOO_LARGE,
        /** No queue takes it. */
        UNROUTABLE,
        /** The broker refused it. */
        REJECTED,
        /** The broker cannot be reached, or did not answer in time; it may have the message. */
        UNAVAILABLE,
        /** Too many wait already. */
        BUSY;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Counter messages;
    private final Gauge connected;

    PublishMetrics(CollectorRegistry registry, Iterable<String> paths) {
        messages = Counter.build(
                        "emberwatch_exporter_publish_messages_total",
                        "Messages taken over HTTP for RabbitMQ, by endpoint and outcome.")
                .labelNames("path", "outcome")
                .register(registry);
        connected = Gauge.build("emberwatch_exporter_publish_connected", "Whether there is a connection to the broker.")
                .register(registry);
        paths.forEach(
                path -> Arrays.stream(Outcome.values()).forEach(outcome -> messages.labels(path, outcome.text())));
    }

    void count(String path, Outcome outcome) {
        messages.labels(path, outcome.text()).inc();
    }

    void connected(boolean open) {
        connected.set(open ? 1 : 0);
    }
}
