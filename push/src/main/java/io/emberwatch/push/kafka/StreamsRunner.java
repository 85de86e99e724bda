package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a topology and replaces threads that die of an exception, up to {@value #MAX_RESTARTS} in ten minutes; then it
 * stops and says so, for a fault that comes back at once is not healed by more threads.
 */
final class StreamsRunner implements KafkaComponent {
    static final int MAX_RESTARTS = 20;
    private static final Duration RESTART_WINDOW = Duration.ofMinutes(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final String name;
    private final KafkaStreams streams;
    private final PushMetrics metrics;
    private final InstantSource clock;
    private final int threads;
    private final Deque<Long> restarts = new ArrayDeque<>(); // guarded by this

    StreamsRunner(String name, Topology topology, Properties properties, PushMetrics metrics, InstantSource clock) {
        this.name = name;
        this.metrics = metrics;
        this.clock = clock;
        this.threads = Integer.parseInt(properties.getProperty("num.stream.threads", "1"));
        metrics.declareComponent(name);
        streams = new KafkaStreams(topology, properties);
        streams.setUncaughtExceptionHandler(this::replaceThread);
        streams.setStateListener((now, before) -> logger.atDebug()
                .addKeyValue("component", name)
                .addKeyValue("state", now)
                .log("state changed"));
    }

    private synchronized StreamThreadExceptionResponse replaceThread(Throwable fault) {
        long now = clock.millis();
        while (!restarts.isEmpty() && restarts.getFirst() < now - RESTART_WINDOW.toMillis()) {
            restarts.removeFirst();
        }
        boolean replace = restarts.size() < MAX_RESTARTS;
        logger.atError()
                .setCause(fault)
                .addKeyValue("component", name)
                .log(replace ? "thread died, replacing it" : "threads keep dying, component stops");
        if (!replace) {
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        restarts.addLast(now);
        metrics.threadRestarts.labels(name).inc();
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        streams.start();
    }

    @Override
    public int liveThreads() {
        return (int) streams.metadataForLocalThreads().stream()
                .filter(thread -> !thread.threadState().equals("DEAD"))
                .count();
    }

    @Override
    public OptionalDouble lag() {
        return Lag.of(streams.metrics());
    }

    @Override
    public void tasks(TaskFigures figures) {
        figures.add(name, streams.metrics());
    }

    @Override
    public String notReady() {
        KafkaStreams.State state = streams.state();
        if (state == KafkaStreams.State.RUNNING) {
            return liveThreads() < threads ? liveThreads() + " of " + threads + " threads are alive" : "";
        }
        return "is " + state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public void close() {
        if (!streams.close(CLOSE_TIMEOUT)) {
            logger.atWarn().addKeyValue("component", name).log("did not stop in time; some records will be read again");
        }
    }

    /** Ends at once without telling Kafka how far it came, as when the process is killed. */
    void abandon() {
        streams.close(Duration.ZERO);
    }
}
