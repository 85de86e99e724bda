package io.emberwatch.push.kafka;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.model.line.LineWriter;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.metrics.SinkLoss;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes samples to a Kafka topic as line protocol: the metric's name as measurement, labels as tags, one field, the
 * time in nanoseconds; many lines to a record.
 *
 * <p>A sample that was taken over reaches Kafka at least once, in the order of its series, or is counted as lost with
 * the reason. {@link #append} never waits: a thread of its own talks to Kafka, and what waits for it is bounded.
 */
public final class LineProtocolSink implements SampleSink, AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MAX_RECORD_BYTES = 512 << 10;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final SinkConfig config;
    private final byte[] key;
    private final PushMetrics metrics;
    private final Beginning beginning;
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private final Thread sender;

    private final Object lock = new Object();
    private final Deque<Batch> waiting = new ArrayDeque<>(); // guarded by lock
    private long waitingBytes; // guarded by lock
    private boolean closed; // guarded by lock

    /** Makes what talks to Kafka. */
    @FunctionalInterface
    interface Opening {
        /** @throws IOException when Kafka does not answer or the topic is missing */
        Producer<byte[], byte[]> open() throws IOException;
    }

    /** A sink whose thread runs; Kafka need not be there yet. */
    public static LineProtocolSink open(KafkaConfig kafka, SinkConfig config, PushMetrics metrics) {
        return new LineProtocolSink(config, metrics, () -> {
            Topics.require(kafka, List.of(config.topic()));
            return new KafkaProducer<>(properties(kafka, config));
        });
    }

    LineProtocolSink(SinkConfig config, PushMetrics metrics, Opening opening) {
        this.config = config;
        this.key = config.key().getBytes(StandardCharsets.UTF_8);
        this.metrics = metrics;
        beginning = new Beginning("sink", () -> producer = opening.open());
        sender = new Thread(this::send, "push-sink");
        sender.setDaemon(true);
        sender.start();
    }

    private static Properties properties(KafkaConfig kafka, SinkConfig config) {
        Properties properties = ClientProperties.producer(kafka, "emberwatch-sink");
        String timeout = Long.toString(config.deliveryTimeout().toMillis());
        properties.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
        properties.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
        long request = Math.min(30_000, config.deliveryTimeout().toMillis() / 2);
        properties.setProperty(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(request));
        return properties;
    }

    @Override
    public void append(List<Sample> samples) {
        metrics.sinkSamples.inc(samples.size());
        LineWriter writer = new LineWriter(64 * samples.size());
        int lines = 0;
        for (Sample sample : samples) {
            if (!Double.isFinite(sample.value())) {
                drop(SinkLoss.NOT_FINITE, 1);
                continue;
            }
            try {
                write(sample, writer);
                lines++;
            } catch (IllegalArgumentException e) {
                drop(SinkLoss.UNWRITABLE, 1);
                logger.debug("cannot be written as a line: {}", e.getMessage());
            }
            if (lines == config.batchLines() || writer.length() > MAX_RECORD_BYTES) {
                enqueue(new Batch(writer.toByteArray(), lines));
                writer.clear();
                lines = 0;
            }
        }
        if (lines > 0) {
            enqueue(new Batch(writer.toByteArray(), lines));
        }
    }

    private void write(Sample sample, LineWriter writer) {
        Labels labels = sample.labels();
        if (Math.abs(sample.timestampMillis()) > Long.MAX_VALUE / NANOS_PER_MILLI) {
            throw new IllegalArgumentException(sample.timestampMillis() + " ms do not fit into nanoseconds");
        }
        writer.begin(labels.metricName());
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.METRIC_NAME)) {
                writer.tag(labels.name(i), labels.value(i));
            }
        }
        writer.field(config.field(), sample.value()).end(sample.timestampMillis() * NANOS_PER_MILLI);
    }

    private void enqueue(Batch batch) {
        synchronized (lock) {
            if (closed || waitingBytes + batch.lines.length > config.buffer().bytes()) {
                drop(SinkLoss.BUFFER_FULL, batch.samples);
                return;
            }
            waiting.addLast(batch);
            waitingBytes += batch.lines.length;
            lock.notifyAll();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything
    private void send() {
        beginning.run();
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            return;
        }
        for (Batch batch = take(); batch != null; batch = take()) {
            int samples = batch.samples;
            try {
                open.send(
                        new ProducerRecord<>(config.topic(), key, batch.lines),
                        (metadata, fault) -> delivered(samples, fault));
            } catch (KafkaException | IllegalStateException e) {
                delivered(samples, e);
            }
        }
    }

    private void delivered(int samples, @Nullable Exception fault) {
        if (fault == null) {
            metrics.sinkDelivered.inc(samples);
        } else {
            drop(SinkLoss.NOT_ACKNOWLEDGED, samples);
            logger.atWarn()
                    .addKeyValue("samples", samples)
                    .addKeyValue("topic", config.topic())
                    .addKeyValue("fault", fault.getMessage())
                    .log("samples were not acknowledged by Kafka");
        }
    }

    /** The next batch, waited for; null when there will be none. */
    private @Nullable Batch take() {
        synchronized (lock) {
            while (waiting.isEmpty()) {
                if (closed) {
                    return null;
                }
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return null;
                }
            }
            Batch batch = waiting.removeFirst();
            waitingBytes -= batch.lines.length;
            return batch;
        }
    }

    private void drop(SinkLoss reason, int samples) {
        metrics.sinkDropped.labels(reason.label()).inc(samples);
    }

    /** Why nothing is sent yet; empty when it is. */
    public String notReady() {
        return beginning.trouble();
    }

    /** Sends what waits, for up to 10 s; what then still waits is counted as lost. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        beginning.end();
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        try {
            sender.join(CLOSE_TIMEOUT.toMillis());
            sender.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(Duration.ofNanos(Math.max(TimeUnit.SECONDS.toNanos(1), deadline - System.nanoTime())));
        }
        synchronized (lock) {
            waiting.forEach(batch -> drop(SinkLoss.NOT_ACKNOWLEDGED, batch.samples));
            waiting.clear();
        }
    }

    private static final class Batch {
        final byte[] lines;
        final int samples;

        Batch(byte[] lines, int samples) {
            this.lines = lines;
            this.samples = samples;
        }
    }
}
