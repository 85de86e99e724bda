package io.emberwatch.push.influx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.service.http.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Estimates how many lines sent over UDP never became points: those sent, less the points that InfluxDB 1.x says on
 * {@code /debug/vars} that its UDP ports wrote. Right while nobody else sends to these ports; too high by what InfluxDB
 * wrote between the last question and a restart, when it forgets that.
 */
public final class UdpLoss {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** InfluxDB writes what came over UDP after a second, or what {@code batch-timeout} says. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final OkHttpClient client = HttpClients.withTimeout(TIMEOUT);
    private final Request request;
    private final List<Integer> ports;
    private long lastWritten = -1;
    private long written;
    private long sentBefore;
    private long sentAt;
    private long lost;
    private boolean begun;

    /**
     * Asks for the first time, so that what InfluxDB wrote before is known.
     *
     * @param statistics InfluxDB's {@code /debug/vars}
     * @param ports that lines are sent to
     */
    public UdpLoss(URI statistics, List<Integer> ports) {
        this.ports = List.copyOf(ports);
        request = new Request.Builder().url(statistics.toString()).build();
        ask();
    }

    /**
     * Lines lost so far, as far as can be told; empty when InfluxDB does not answer.
     *
     * @param sent lines sent so far
     * @param nowNanos as {@link System#nanoTime}
     */
    public synchronized OptionalLong estimate(long sent, long nowNanos) {
        if (!ask()) {
            return OptionalLong.empty();
        }
        if (!begun || nowNanos - sentAt >= SETTLED_NANOS) {
            begun = true;
            lost = Math.max(lost, sentBefore - written);
            sentBefore = sent;
            sentAt = nowNanos;
        }
        return OptionalLong.of(lost);
    }

    private boolean ask() {
        try (Response response = client.newCall(request).execute()) {
            long now = pointsWritten(JSON.readTree(response.body().byteStream()));
            if (lastWritten >= 0) {
                written += now >= lastWritten ? now - lastWritten : now;
            }
            lastWritten = now;
            return true;
        } catch (IOException e) {
            logger.debug("InfluxDB does not tell what came over UDP: {}", e.getMessage());
            return false;
        }
    }

    private long pointsWritten(JsonNode variables) {
        long points = 0;
        for (JsonNode one : variables) {
            String bind = one.path("tags").path("bind").asText();
            if (one.path("name").asText().equals("udp") && ports.stream().anyMatch(port -> bind.endsWith(":" + port))) {
                points += one.path("values").path("pointsTx").asLong();
            }
        }
        return points;
    }
}
