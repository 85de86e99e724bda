package io.emberwatch.bridge.statistics;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what was received and sent as lines of InfluxDB's protocol: measurement {@code kafka_consumer}, tags {@code
 * endpoint_type} and {@code hostname}, fields {@code receivedRecords} and {@code sentRecords}, time in nanoseconds. The
 * address of a webhook, which is a secret, is no tag.
 */
public final class UdpStatistics {
    private static final Logger logger = LoggerFactory.getLogger("bridge.statistics");

    private final StatisticsConfig config;
    private final String hostname;

    /** @param hostname the tag of that name */
    public UdpStatistics(StatisticsConfig config, String hostname) {
        this.config = config;
        this.hostname = hostname;
    }

    /** How much one kind of endpoint has received and sent. */
    public record Count(String endpointType, long received, long sent) {}

    static String line(String hostname, Count count, Instant at) {
        long nanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
        return "kafka_consumer,endpoint_type=" + count.endpointType() + ",hostname="
                + hostname.replaceAll("([ ,=\\\\])", "\\\\$1") + " receivedRecords=" + count.received()
                + "i,sentRecords=" + count.sent() + "i " + nanos;
    }

    /** Sends one line for each; what does not arrive is not sent again. */
    public void send(List<Count> counts, Instant at) {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetSocketAddress target = new InetSocketAddress(config.host(), config.port());
            for (Count count : counts) {
                byte[] line = line(hostname, count, at).getBytes(StandardCharsets.UTF_8);
                socket.send(new DatagramPacket(line, line.length, target));
            }
        } catch (IOException | IllegalArgumentException e) {
            logger.atDebug().setCause(e).log("statistics were not sent");
        }
    }
}
