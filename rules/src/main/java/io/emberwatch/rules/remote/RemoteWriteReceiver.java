package io.emberwatch.rules.remote;

import io.emberwatch.rules.scrape.MetricMetadata;
import io.emberwatch.rules.store.SeriesStore;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.Route;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes samples at {@code POST /api/v1/write} (Prometheus Remote-Write 1.0 and 2.0).
 *
 * <p>204 says that every sample of the request is on the disk. 400 says that some are not and never will be, and which;
 * the others are. 503 says to try again; samples that are stored already are then taken as repeated.
 */
public final class RemoteWriteReceiver {
    static final String PATH = "/api/v1/write";

    private static final String V1 = "prometheus.writerequest";
    private static final String V2 = "io.prometheus.write.v2.request";
    private static final int MAX_FAULT = 1_000;
    private static final Logger logger = LoggerFactory.getLogger("rules.remote");

    private final ReceiverConfig config;
    private final Supplier<@Nullable SeriesStore> store;
    private final InstantSource clock;
    private final ReceiverMetrics metrics;
    private final ReceivedMetadata metadata = new ReceivedMetadata();
    private final AtomicLong memory = new AtomicLong();
    private final long memoryLimit = Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 8);

    /** @param store where samples go; null while it is not open */
    public RemoteWriteReceiver(
            ReceiverConfig config,
            Supplier<@Nullable SeriesStore> store,
            InstantSource clock,
            ReceiverMetrics metrics) {
        this.config = config;
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
    }

    public List<Route> routes() {
        return List.of(Route.post(PATH, this::serve));
    }

    /** What writers have said of their metrics. */
    public List<MetricMetadata> metadata() {
        return metadata.all();
    }

    private void serve(Exchange exchange) throws IOException, HttpError {
        try {
            String fault = take(exchange);
            if (fault.isEmpty()) {
                metrics.answered(204);
                exchange.respond(204, "text/plain; charset=utf-8", new byte[0]);
            } else {
                throw new HttpError(400, fault);
            }
        } catch (HttpError e) {
            metrics.answered(e.status());
            if (e.status() == 503) {
                exchange.setHeader("Retry-After", "1");
            }
            throw e;
        }
    }

    private String take(Exchange exchange) throws IOException, HttpError {
        if (!config.enabled()) {
            throw new HttpError(404, "remote write is switched off: rules.remote_write_receiver.enabled");
        }
        boolean second = isSecondVersion(exchange);
        SeriesStore open = store.get();
        if (open == null) {
            throw new HttpError(503, "the store is not open");
        }
        long reserved = 0;
        try {
            reserved += reserve(bodyLength(exchange));
            byte[] body = exchange.body((int) config.maxBody().bytes());
            int length = SnappyBlock.length(body);
            if (length > config.maxMessage().bytes()) {
                throw new HttpError(
                        413, "the message is larger than " + config.maxMessage().bytes() + " bytes");
            }
            reserved += reserve(length);
            WriteBatch batch = new WriteBatch(open, metadata, metrics, clock.millis() + WriteBatch.MAX_AHEAD_MILLIS);
            return append(exchange, SnappyBlock.decompress(body), second, batch, open);
        } catch (MalformedRequestException e) {
            throw new HttpError(400, e.text());
        } finally {
            memory.addAndGet(-reserved);
        }
    }

    private String append(Exchange exchange, byte[] message, boolean second, WriteBatch batch, SeriesStore open)
            throws HttpError, MalformedRequestException {
        try {
            if (second) {
                RequestV2Reader.read(message, message.length, batch);
            } else {
                WriteRequestReader.read(message, message.length, batch);
            }
        } finally {
            // What stands before a fault is sound.
            batch.commit();
        }
        if (second) {
            exchange.setHeader("X-Prometheus-Remote-Write-Samples-Written", Integer.toString(batch.written()));
            exchange.setHeader("X-Prometheus-Remote-Write-Histograms-Written", "0");
            exchange.setHeader("X-Prometheus-Remote-Write-Exemplars-Written", "0");
        }
        try {
            open.sync();
        } catch (IOException e) {
            throw new HttpError(503, String.valueOf(e.getMessage()));
        }
        String fault = batch.fault();
        if (!fault.isEmpty()) {
            logger.atDebug().addKeyValue("reason", fault).log("samples of a remote write were not stored");
        }
        return fault.length() <= MAX_FAULT ? fault : fault.substring(0, MAX_FAULT);
    }

    private static boolean isSecondVersion(Exchange exchange) throws HttpError {
        String encoding = exchange.header("Content-Encoding");
        if (encoding != null && !encoding.isEmpty() && !encoding.equalsIgnoreCase("snappy")) {
            throw new HttpError(415, encoding + ": expected Content-Encoding: snappy");
        }
        String type = exchange.header("Content-Type");
        if (type == null || type.isEmpty()) {
            return false;
        }
        String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
        boolean second = false;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("proto=")) {
                second = parameter.equals("proto=" + V2);
                if (!second && !parameter.equals("proto=" + V1)) {
                    throw new HttpError(415, type + ": the message is not known");
                }
            }
        }
        if (!parts[0].strip().equals("application/x-protobuf")) {
            throw new HttpError(415, type + ": expected Content-Type: application/x-protobuf");
        }
        return second;
    }

    private long bodyLength(Exchange exchange) {
        String length = exchange.header("Content-Length");
        try {
            return length == null
                    ? config.maxBody().bytes()
                    : Math.min(config.maxBody().bytes(), Math.max(0, Long.parseLong(length)));
        } catch (NumberFormatException e) {
            return config.maxBody().bytes();
        }
    }

    private long reserve(long bytes) throws HttpError {
        if (memory.addAndGet(bytes) > memoryLimit) {
            memory.addAndGet(-bytes);
            throw new HttpError(503, "too many remote writes at once");
        }
        return bytes;
    }
}
