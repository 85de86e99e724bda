package io.emberwatch.exporter.publish;

import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.TlsSettings;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints that take JSON over HTTP and put it into queues of a RabbitMQ server.
 *
 * @param address {@code host:port} of AMQP, port 5672 when left out
 * @param tls when AMQP is spoken over TLS
 * @param endpoints the paths and where what comes there goes
 * @param timeout how long a request waits for the broker to have its message
 * @param maxBody how large a message may be, at most 16 MiB
 * @param maxConcurrent how many requests may wait at once; further ones get 503
 */
public record PublishConfig(
        @Default("127.0.0.1:5672") String address,
        @Default("/") String vhost,
        @Default("guest") String username,
        @Nullable Secret password,
        @Nullable TlsSettings tls,
        @Default("[]") List<EndpointConfig> endpoints,
        @Default("5s") Duration timeout,
        @Default("1MiB") ByteSize maxBody,
        @Default("64") int maxConcurrent) {
    static final int PORT = 5672;
    private static final long LARGEST_BODY = 16 << 20;

    public PublishConfig {
        endpoints = List.copyOf(endpoints);
        try {
            Addresses.hostPort(address, PORT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("address: " + e.getMessage(), e);
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout: must be at least 1ms");
        }
        if (maxBody.bytes() < 1 || maxBody.bytes() > LARGEST_BODY) {
            throw new IllegalArgumentException("max_body: must be from 1 byte to 16MiB");
        }
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("max_concurrent: must be at least 1");
        }
        Set<String> paths = new HashSet<>();
        for (EndpointConfig endpoint : endpoints) {
            if (!paths.add(endpoint.path())) {
                throw new IllegalArgumentException("endpoints: " + endpoint.path() + " occurs twice");
            }
        }
    }

    /**
     * One endpoint.
     *
     * @param path where it answers, such as {@code /publish/orders}
     * @param exchange the default exchange, which knows queues by their names, when empty
     * @param routingKey the queue's name where the exchange is the default one
     * @param persistent whether messages survive a restart of the broker
     * @param declareQueue whether the queue is made, durable, when it is not there
     * @param requiredKeys what a JSON object must hold; anything that is JSON when empty
     */
    public record EndpointConfig(
            String path,
            @Default("''") String exchange,
            String routingKey,
            @Default("true") boolean persistent,
            @Default("false") boolean declareQueue,
            @Default("[]") List<String> requiredKeys) {
        public EndpointConfig {
            requiredKeys = List.copyOf(requiredKeys);
            if (!path.matches("/[A-Za-z0-9._~/-]+")) {
                throw new IllegalArgumentException("path: " + path + ": expected a path such as /publish/orders");
            }
            if (routingKey.isEmpty() && exchange.isEmpty()) {
                throw new IllegalArgumentException("routing_key: the default exchange needs the name of a queue");
            }
        }
    }
}
