package io.emberwatch.push;

import io.emberwatch.model.line.FieldValue.IntegerValue;
import io.emberwatch.model.line.LineWriter;
import io.emberwatch.push.influx.HttpConfig;
import io.emberwatch.push.influx.UdpConfig;
import io.emberwatch.push.kafka.AggregatorConfig;
import io.emberwatch.push.kafka.InfluxConfig;
import io.emberwatch.push.kafka.NotifyConfig;
import io.emberwatch.push.kafka.OnOffConfig;
import io.emberwatch.push.kafka.RouterConfig;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.route.Destination;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the components did as lines over UDP: measurements {@code kafka_streams} and {@code kafka_consumer}, fields
 * named as by the O2 components, tags in order, the time in nanoseconds. A webhook's address, which is a secret, is no tag here.
 */
final class Statistics {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final StatisticsConfig config;
    private final PushConfig push;
    private final PushMetrics metrics;
    private final String hostname;

    Statistics(StatisticsConfig config, PushConfig push, PushMetrics metrics) {
        this.config = config;
        this.push = push;
        this.metrics = metrics;
        String wanted = config.hostname();
        hostname = wanted == null ? localHost() : wanted;
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Sends a datagram for each component; what cannot be sent is not tried again. */
    void send(long nowMillis) {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress to = InetAddress.getByName(config.host());
            for (byte[] line : lines(nowMillis)) {
                socket.send(new DatagramPacket(line, line.length, to, config.port()));
            }
        } catch (IOException e) {
            logger.atDebug().addKeyValue("reason", e.getMessage()).log("figures cannot be sent");
        }
    }

    List<byte[]> lines(long nowMillis) {
        long time = nowMillis * NANOS_PER_MILLI;
        List<byte[]> lines = new ArrayList<>();
        RouterConfig router = push.router();
        if (router != null) {
            lines.add(streams(router.applicationId())
                    .field("receivedRecords", count(metrics.routerLines.get()))
                    .field("sentDatabaseRecords", sent(Destination.DATABASE))
                    .field("sentOnOffRecords", sent(Destination.ONOFF))
                    .field("sentAggregatorRecords", sent(Destination.AGGREGATOR))
                    .end(time)
                    .toByteArray());
        }
        AggregatorConfig aggregator = push.aggregator();
        if (aggregator != null) {
            double dropped = 0;
            for (String reason : new String[] {"late", "ahead", "not_numeric", "too_many_series", "faulty"}) {
                dropped += metrics.aggregatorDropped.labels(reason).get();
            }
            lines.add(streams(aggregator.group())
                    .field("receivedRecords", count(metrics.aggregatorMessages.get()))
                    .field("filteredRecords", count(metrics.aggregatorMessages.get() - dropped))
                    .field("sentRecords", count(metrics.aggregatorLines.get()))
                    .end(time)
                    .toByteArray());
        }
        OnOffConfig onoff = push.onoff();
        if (onoff != null) {
            lines.add(streams(onoff.applicationId())
                    .field("receivedRecords", count(metrics.onoffMessages.get()))
                    .field("sentPeriodicRecords", count(metrics.onoffRefreshed.get()))
                    .field("sentRecords", count(metrics.onoffChanges.get()))
                    .end(time)
                    .toByteArray());
        }
        addConsumers(lines, time);
        return lines;
    }

    private void addConsumers(List<byte[]> lines, long time) {
        InfluxConfig influx = push.influx();
        if (influx != null) {
            double stored = metrics.influxLines.get();
            double refused = metrics.influxRefused.get();
            lines.add(new LineWriter(256)
                    .begin("kafka_consumer")
                    .tag("endpoint", endpoint(influx))
                    .tag("endpoint_type", "InfluxDB")
                    .tag("hostname", hostname)
                    .tag("topic", influx.input())
                    .field("receivedRecords", count(stored))
                    .field("sentRecords", count(stored - refused))
                    .end(time)
                    .toByteArray());
        }
        NotifyConfig notify = push.notifications();
        NotifyConfig.MattermostTopic mattermost = notify == null ? null : notify.mattermost();
        if (mattermost != null) {
            lines.add(notification("Mattermost", "mattermost", mattermost.topic(), time));
        }
        NotifyConfig.EmailTopic email = notify == null ? null : notify.email();
        if (email != null) {
            lines.add(notification("Emailer", "email", email.topic(), time));
        }
    }

    private byte[] notification(String type, String name, String topic, long time) {
        double taken = metrics.notifications.labels(name, "taken").get();
        double refused = metrics.notifications.labels(name, "refused").get();
        return new LineWriter(256)
                .begin("kafka_consumer")
                .tag("endpoint_type", type)
                .tag("hostname", hostname)
                .tag("topic", topic)
                .field("receivedRecords", count(taken + refused))
                .field("sentRecords", count(taken))
                .end(time)
                .toByteArray();
    }

    private static String endpoint(InfluxConfig influx) {
        HttpConfig http = influx.http();
        UdpConfig udp = influx.udp();
        if (udp != null) {
            return udp.host() + ":" + udp.ports().stream().map(String::valueOf).collect(Collectors.joining("|"));
        }
        return http == null ? "" : http.url().getHost() + ":" + http.url().getPort();
    }

    private LineWriter streams(String applicationId) {
        return new LineWriter(256)
                .begin("kafka_streams")
                .tag("application_id", applicationId)
                .tag("hostname", hostname);
    }

    private IntegerValue sent(Destination destination) {
        return count(metrics.routerSent.labels(destination.label()).get());
    }

    private static IntegerValue count(double value) {
        return new IntegerValue((long) value);
    }
}
