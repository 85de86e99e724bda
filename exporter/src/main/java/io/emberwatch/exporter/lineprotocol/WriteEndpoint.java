package io.emberwatch.exporter.lineprotocol;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.exporter.lineprotocol.InfluxMetrics.ListenerCounts;
import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.LimitedInput;
import io.emberwatch.service.http.Route;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Line protocol over HTTP, as InfluxDB 1.x and 2.x take it: {@code POST /write} and {@code POST /api/v2/write}, with what
 * their clients ask beside: {@code /ping}, {@code /health}, {@code /query}.
 *
 * <p>Good lines of a body count, faulty ones beside them or not; the answer then is 400 with the first of them, as with
 * InfluxDB 1.x's partial writes. A body is read piece by piece, so that a large one takes no more memory than a small one.
 *
 * @see <a href="https://docs.influxdata.com/influxdb/v1/tools/api/#write-http-endpoint">InfluxDB 1.x: /write</a>
 * @see <a href="https://docs.influxdata.com/influxdb/v2/api/#operation/PostWrite">InfluxDB 2.x: /api/v2/write</a>
 */
final class WriteEndpoint {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PIECE_BYTES = 64 << 10;
    private static final String VERSION = "1.8-emberwatch";

    private static final Map<String, Long> NANOS_V1 = Map.of(
            "n", 1L,
            "ns", 1L,
            "u", 1_000L,
            "us", 1_000L,
            "\u00b5", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    private static final Map<String, Long> NANOS_V2 =
            Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L);

    private final InfluxConfig config;
    private final LineStore store;
    private final Supplier<LineForwarder> forwarders;
    private final InfluxMetrics metrics;
    private final ListenerCounts counts;
    private final InstantSource clock;

    WriteEndpoint(
            InfluxConfig config,
            LineStore store,
            Supplier<LineForwarder> forwarders,
            InfluxMetrics metrics,
            ListenerCounts counts,
            InstantSource clock) {
        this.config = config;
        this.store = store;
        this.forwarders = forwarders;
        this.metrics = metrics;
        this.counts = counts;
        this.clock = clock;
    }

    /** @param alone whether the port is for line protocol alone, so that clients' other questions are answered too */
    List<Route> routes(boolean alone) {
        Route v1 = Route.post("/write", exchange -> write(exchange, false));
        Route v2 = Route.post("/api/v2/write", exchange -> write(exchange, true));
        Route ping = Route.get("/ping", WriteEndpoint::ping);
        if (!alone) {
            return List.of(v1, v2, ping);
        }
        Route query = new Route(
                Set.of("GET", "POST"), "/query", exchange -> json(exchange, 200, Map.of("results", List.of())));
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("name", "emberwatch");
        health.put("message", "ready for writes");
        health.put("status", "pass");
        health.put("checks", List.of());
        return List.of(v1, v2, ping, query, Route.get("/health", exchange -> json(exchange, 200, health)));
    }

    private static void ping(Exchange exchange) throws IOException {
        exchange.setHeader("X-Influxdb-Version", VERSION);
        String verbose = exchange.param("verbose");
        if (verbose == null || verbose.isEmpty() || verbose.equals("0") || verbose.equals("false")) {
            exchange.respond(204, "text/plain", new byte[0]);
        } else {
            json(exchange, 200, Map.of("version", VERSION));
        }
    }

    private void write(Exchange exchange, boolean v2) throws IOException, HttpError {
        Answer answer = new Answer(exchange, v2);
        metrics.lastPush().set(clock.millis() / 1e3);
        String unit = exchange.param("precision");
        Long nanosPerUnit = unit == null || unit.isEmpty() ? Long.valueOf(1) : (v2 ? NANOS_V2 : NANOS_V1).get(unit);
        if (nanosPerUnit == null) {
            answer.error(400, "invalid", "invalid precision " + unit);
            return;
        }
        LineForwarder forwarder = forwarders.get();
        LineReader reader = new LineReader(
                store, forwarder, counts, clock, (int) config.maxLine().bytes());
        boolean forwarded = true;
        try (InputStream in =
                new LimitedInput(unpacked(exchange), config.maxBody().bytes())) {
            forwarded = read(in, reader, forwarder, nanosPerUnit);
        } catch (ZipException | EOFException e) {
            answer.error(400, "invalid", "the body is not what Content-Encoding says: " + e.getMessage());
            return;
        } catch (LimitedInput.LimitException e) {
            answer.error(
                    413,
                    "request too large",
                    "the body is larger than " + config.maxBody().bytes() + " bytes");
            return;
        } finally {
            forwarded &= forwarder.flush();
        }
        if (!forwarded) {
            exchange.setHeader("Retry-After", "1");
            answer.error(503, "unavailable", "what lines are forwarded to has no room; send again");
        } else if (reader.firstFault() != null) {
            String fault = reader.firstFault();
            answer.error(
                    400,
                    "invalid",
                    reader.good() == 0 ? fault : "partial write: " + fault + " dropped=" + reader.faults());
        } else {
            exchange.respond(204, "text/plain", new byte[0]);
        }
    }

    private static InputStream unpacked(Exchange exchange) throws IOException, HttpError {
        String encoding = exchange.header("Content-Encoding");
        if (encoding == null || encoding.isEmpty() || encoding.equalsIgnoreCase("identity")) {
            return exchange.bodyStream();
        } else if (encoding.equalsIgnoreCase("gzip")) {
            return new GZIPInputStream(exchange.bodyStream(), PIECE_BYTES);
        }
        throw new HttpError(415, "Content-Encoding " + encoding + " is not known; use gzip or none");
    }

    private boolean read(InputStream in, LineReader reader, LineForwarder forwarder, long nanosPerUnit)
            throws IOException {
        // A line that is too long is told by one byte more than it may have.
        byte[] buffer = new byte[PIECE_BYTES + (int) config.maxLine().bytes() + 1];
        int length = 0;
        boolean forwarded = true;
        while (true) {
            int count;
            try {
                count = in.read(buffer, length, buffer.length - length);
            } catch (IOException e) {
                if (length > 0) {
                    reader.lost(Loss.CUT_OFF);
                }
                throw e;
            }
            boolean last = count < 0;
            length += Math.max(0, count);
            boolean full = length == buffer.length;
            int done = reader.takePart(buffer, 0, length, nanosPerUnit, last);
            if (full && done == 0) {
                reader.lost(Loss.TOO_LONG);
                skipLine(in);
                done = length;
            }
            System.arraycopy(buffer, done, buffer, 0, length - done);
            length -= done;
            forwarded &= forwarder.flush();
            if (last) {
                return forwarded;
            }
        }
    }

    private static void skipLine(InputStream in) throws IOException {
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            // passed over
        }
    }

    private static void json(Exchange exchange, int status, Object body) throws IOException {
        exchange.respondJson(status, JSON.writeValueAsBytes(body));
    }

    /** An answer in the words of the version that was asked. */
    private record Answer(Exchange exchange, boolean v2) {
        void error(int status, String code, @Nullable String message) throws IOException {
            String text = String.valueOf(message);
            exchange.setHeader("X-Influxdb-Version", VERSION);
            if (v2) {
                Map<String, String> body = new LinkedHashMap<>();
                body.put("code", code);
                body.put("message", text);
                json(exchange, status, body);
            } else {
                json(exchange, status, Map.of("error", text));
            }
        }
    }
}
