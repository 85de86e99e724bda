package io.emberwatch.exporter.publish;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.emberwatch.exporter.publish.PublishConfig.EndpointConfig;
import io.emberwatch.exporter.publish.PublishMetrics.Outcome;
import io.emberwatch.exporter.status.Addresses;
import io.emberwatch.exporter.status.Addresses.HostPort;
import io.emberwatch.exporter.status.TlsMaterial;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a RabbitMQ server with one channel in confirm mode: a message counts as taken when the broker says so
 * (RabbitMQ, "Publisher Confirms"). A message that no queue takes comes back before its confirmation. The connection is
 * made when it is needed, and made anew after it was lost.
 */
final class Broker implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("exporter.publish");

    private final PublishConfig config;
    private final PublishMetrics metrics;
    private @Nullable Session session;

    Broker(PublishConfig config, PublishMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    /** One channel and who waits on it. */
    private static final class Session {
        private final Connection connection;
        private final Channel channel;
        private final ConcurrentNavigableMap<Long, CompletableFuture<Outcome>> waiting = new ConcurrentSkipListMap<>();
        private final Map<String, CompletableFuture<Outcome>> byMessage = new ConcurrentHashMap<>();
        private final Set<String> declared = new HashSet<>();

        Session(Connection connection, Channel channel) {
            this.connection = connection;
            this.channel = channel;
        }

        void settle(long tag, boolean multiple, Outcome outcome) {
            if (multiple) {
                Map<Long, CompletableFuture<Outcome>> settled = waiting.headMap(tag, true);
                settled.values().forEach(future -> future.complete(outcome));
                settled.clear();
            } else {
                CompletableFuture<Outcome> future = waiting.remove(tag);
                if (future != null) {
                    future.complete(outcome);
                }
            }
        }

        void lost() {
            waiting.values().forEach(future -> future.complete(Outcome.UNAVAILABLE));
            waiting.clear();
        }

        boolean isOpen() {
            return connection.isOpen() && channel.isOpen();
        }
    }

    /** Hands a message to the broker and waits for its word. */
    Outcome publish(EndpointConfig endpoint, byte[] message) throws InterruptedException {
        String id = UUID.randomUUID().toString();
        CompletableFuture<Outcome> confirmed = new CompletableFuture<>();
        Session used;
        try {
            used = send(endpoint, message, id, confirmed);
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            Throwable cause = e.getMessage() == null && e.getCause() != null ? e.getCause() : e;
            logger.atWarn().addKeyValue("path", endpoint.path()).log("message not sent: {}", cause.toString());
            return Outcome.UNAVAILABLE;
        }
        try {
            return confirmed.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Outcome.UNAVAILABLE;
        } finally {
            used.byMessage.remove(id);
        }
    }

    private synchronized Session send(
            EndpointConfig endpoint, byte[] message, String id, CompletableFuture<Outcome> confirmed)
            throws IOException, TimeoutException {
        Session open = open();
        if (endpoint.declareQueue() && open.declared.add(endpoint.routingKey())) {
            open.channel.queueDeclare(endpoint.routingKey(), true, false, false, Map.of());
        }
        long tag = open.channel.getNextPublishSeqNo();
        open.waiting.put(tag, confirmed);
        open.byMessage.put(id, confirmed);
        BasicProperties properties = new BasicProperties.Builder()
                .contentType("application/json")
                .contentEncoding("utf-8")
                .deliveryMode(endpoint.persistent() ? 2 : 1)
                .messageId(id)
                .build();
        open.channel.basicPublish(endpoint.exchange(), endpoint.routingKey(), true, properties, message);
        return open;
    }

    private Session open() throws IOException, TimeoutException {
        Session known = session;
        if (known != null && known.isOpen()) {
            return known;
        }
        close();
        ConnectionFactory factory = new ConnectionFactory();
        HostPort address = Addresses.hostPort(config.address(), PublishConfig.PORT);
        int millis = (int) Math.min(Integer.MAX_VALUE, config.timeout().toMillis());
        factory.setHost(address.host());
        factory.setPort(address.port());
        factory.setVirtualHost(config.vhost());
        factory.setUsername(config.username());
        factory.setPassword(config.password() == null ? "" : config.password().reveal());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(millis);
        factory.setHandshakeTimeout(millis);
        factory.setChannelRpcTimeout(millis);
        factory.setRequestedHeartbeat((int) Duration.ofSeconds(10).toSeconds());
        if (config.tls() != null) {
            factory.useSslProtocol(new TlsMaterial(config.tls()).current().context());
            if (!config.tls().insecureSkipVerify()) {
                factory.enableHostnameVerification();
            }
        }
        Connection connection = factory.newConnection("emberwatch");
        Channel channel = connection.createChannel();
        Session fresh = new Session(connection, channel);
        channel.confirmSelect();
        channel.addConfirmListener(
                (tag, multiple) -> fresh.settle(tag, multiple, Outcome.CONFIRMED),
                (tag, multiple) -> fresh.settle(tag, multiple, Outcome.REJECTED));
        channel.addReturnListener(returned -> {
            CompletableFuture<Outcome> future =
                    fresh.byMessage.get(String.valueOf(returned.getProperties().getMessageId()));
            if (future != null) {
                future.complete(Outcome.UNROUTABLE);
            }
        });
        channel.addShutdownListener(cause -> {
            fresh.lost();
            metrics.connected(false);
        });
        session = fresh;
        metrics.connected(true);
        return fresh;
    }

    @Override
    public synchronized void close() {
        Session known = session;
        session = null;
        if (known != null) {
            known.connection.abort((int) Duration.ofSeconds(1).toMillis());
            known.lost();
        }
    }
}
