package io.emberwatch.push.kafka;

import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.LineSink;
import io.emberwatch.model.line.LineScanner;
import io.emberwatch.push.journal.Chunk;
import io.emberwatch.push.journal.LineJournal;
import io.emberwatch.push.metrics.CollectorMetrics;
import io.emberwatch.push.metrics.PushMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings lines into a topic, many to a record, at least once: each is on disk before it is taken over, and leaves the disk
 * when all replicas have it. While Kafka is away lines wait; when the disk's share is full, whoever brings more is kept
 * waiting and then refused.
 */
public final class Collector implements LineSink {
    private static final String NAME = "collector";
    private static final int MAX_RECORD_BYTES = 256 << 10;
    private static final int LARGEST_PIECE = 512 << 10;
    private static final long MAX_ON_THE_WAY = 16 << 20;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SYNC = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final String DELIVERY_TIMEOUT_MILLIS = "600000";
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final KafkaConfig kafka;
    private final CollectorConfig config;
    private final CollectorMetrics metrics;
    private final LineJournal journal;
    private final byte[] key;
    private final HealingThread thread;

    private Collector(
            KafkaConfig kafka, CollectorConfig config, LineJournal journal, CollectorMetrics own, PushMetrics metrics) {
        this.kafka = kafka;
        this.config = config;
        this.journal = journal;
        this.metrics = own;
        key = key(config);
        thread = new HealingThread(NAME, "push-collector", metrics, this::send);
    }

    /**
     * A collector that runs; Kafka need not be there, nor room on the disk.
     *
     * @param folder where lines wait
     * @throws IOException when the folder cannot be used
     */
    public static Collector open(
            KafkaConfig kafka, CollectorConfig config, Path folder, CollectorMetrics own, PushMetrics metrics)
            throws IOException {
        LineJournal journal = LineJournal.open(
                folder, config.buffer().bytes(), config.memory().bytes());
        own.found.inc(journal.waitingLines());
        Collector collector = new Collector(kafka, config, journal, own, metrics);
        collector.thread.start();
        return collector;
    }

    static byte[] key(CollectorConfig config) {
        String wanted = config.key();
        return (wanted == null ? hostName() : wanted).getBytes(StandardCharsets.UTF_8);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    @Override
    public boolean take(byte[] lines, int from, int to, int count, Deadline deadline) throws InterruptedException {
        while (!journal.append(lines, from, to, count)) {
            if (deadline.isPast() || thread.isEnding()) {
                metrics.refused.inc(count);
                return false;
            }
            Duration left = deadline.remaining();
            journal.awaitRoom(left.compareTo(IDLE) < 0 ? left : IDLE);
        }
        metrics.lines.inc(count);
        return true;
    }

    /** Moves what waits in memory to the disk if that has room again; to be called every second or so. */
    public void retryDisk() {
        journal.retryDisk();
    }

    /** Brings the figures of the buffer up to date. */
    public void observe() {
        metrics.waitingLines.set(journal.waitingLines());
        metrics.bufferBytes.set(journal.bytes());
        metrics.damages.set(journal.damages());
        metrics.kept.set(journal.diskFails() ? 0 : 1);
        metrics.up.set(thread.isWorking() && thread.trouble().isEmpty() ? 1 : 0);
    }

    private Properties properties() {
        Properties properties = ClientProperties.producer(kafka, "emberwatch-collector");
        properties.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        properties.setProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(2 * MAX_ON_THE_WAY));
        config.properties().forEach(properties::setProperty);
        return properties;
    }

    private void send(HealingThread worker) {
        try {
            Topics.require(kafka, config.topics());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties())) {
            journal.rewind();
            new Session(producer).run(worker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whole lines, so many together at most. */
    static List<byte[]> records(byte[] lines, int most) {
        List<byte[]> records = new ArrayList<>();
        LineScanner scanner = new LineScanner();
        scanner.reset(lines);
        int from = 0;
        int count = 0;
        while (scanner.next()) {
            if (count >= most || (scanner.lineEnd() - from > MAX_RECORD_BYTES && count > 0)) {
                records.add(Arrays.copyOfRange(lines, from, scanner.lineStart()));
                from = scanner.lineStart();
                count = 0;
            }
            count++;
        }
        if (from < lines.length) {
            records.add(Arrays.copyOfRange(lines, from, lines.length));
        }
        return records;
    }

    /** Ends in order: what does not reach Kafka within five seconds waits on disk for the next process. */
    public void close() {
        thread.end(CLOSE_TIMEOUT.plus(CLOSE_TIMEOUT));
        long lost = journal.shut();
        if (lost > 0) {
            metrics.dropped.labels("disk").inc(lost);
            logger.atError().addKeyValue("lines", lost).log("lines were lost: neither Kafka nor the disk took them");
        }
    }

    /** One producer from its making to its end. */
    private final class Session {
        private final KafkaProducer<byte[], byte[]> producer;
        private final Deque<OnTheWay> sent = new ArrayDeque<>();
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        private long bytesOnTheWay;

        Session(KafkaProducer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        void run(HealingThread worker) throws IOException, InterruptedException {
            long synced = System.nanoTime();
            while (!worker.isEnding()) {
                if (bytesOnTheWay < MAX_ON_THE_WAY && journal.awaitLines(1, sent.isEmpty() ? IDLE : SHORT)) {
                    journal.awaitLines(config.batchLines(), config.linger());
                    sendWhatIsThere();
                } else if (bytesOnTheWay >= MAX_ON_THE_WAY) {
                    journal.awaitRoom(SHORT);
                }
                release();
                if (System.nanoTime() - synced > SYNC.toNanos()) {
                    journal.sync();
                    synced = System.nanoTime();
                }
                if (sent.isEmpty()) {
                    worker.healthy();
                }
            }
            finish();
        }

        private void sendWhatIsThere() throws IOException {
            for (Chunk chunk = next(); chunk != null; chunk = next()) {
                OnTheWay on = new OnTheWay(chunk);
                List<byte[]> records = chunk.lines().length <= LARGEST_PIECE
                        ? List.of(chunk.lines())
                        : records(chunk.lines(), config.batchLines());
                on.records.set(records.size());
                sent.addLast(on);
                bytesOnTheWay += chunk.lines().length;
                records.forEach(record -> send(record, on));
                release();
            }
        }

        private @Nullable Chunk next() throws IOException {
            return bytesOnTheWay >= MAX_ON_THE_WAY ? null : journal.read(config.batchLines(), MAX_RECORD_BYTES);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything
        private void send(byte[] record, OnTheWay on) {
            producer.send(new ProducerRecord<>(config.topic(), key, record), (metadata, fault) -> {
                if (fault instanceof RecordTooLargeException) {
                    on.tooLarge = true;
                    logger.atError().addKeyValue("bytes", record.length).log("lines are too large for Kafka, dropped");
                } else if (fault != null) {
                    failure.set(fault);
                    return;
                }
                on.records.decrementAndGet();
            });
        }

        /** Lets go of what has arrived, in order. */
        private void release() {
            Exception fault = failure.get();
            if (fault != null) {
                throw new KafkaException("lines were not acknowledged", fault);
            }
            OnTheWay last = null;
            while (!sent.isEmpty() && sent.getFirst().records.get() == 0) {
                last = sent.removeFirst();
                bytesOnTheWay -= last.chunk.lines().length;
                if (last.tooLarge) {
                    metrics.dropped.labels("too_large").inc(last.chunk.count());
                } else {
                    metrics.delivered.inc(last.chunk.count());
                }
            }
            if (last != null) {
                journal.release(last.chunk.place());
            }
        }

        private void finish() throws IOException, InterruptedException {
            Deadline deadline = Deadline.after(CLOSE_TIMEOUT);
            sendWhatIsThere();
            while (!sent.isEmpty() && !deadline.isPast()) {
                journal.awaitRoom(SHORT);
                release();
            }
            if (!sent.isEmpty()) {
                producer.close(Duration.ZERO);
            }
        }
    }

    private static final class OnTheWay {
        final Chunk chunk;
        final AtomicInteger records = new AtomicInteger();
        volatile boolean tooLarge;

        OnTheWay(Chunk chunk) {
            this.chunk = chunk;
        }
    }
}
