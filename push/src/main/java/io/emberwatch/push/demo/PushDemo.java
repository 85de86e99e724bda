package io.emberwatch.push.demo;

import io.emberwatch.model.line.LineFault;
import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.push.kafka.Aggregator;
import io.emberwatch.push.kafka.AggregatorConfig;
import io.emberwatch.push.kafka.ConsumerLoop;
import io.emberwatch.push.kafka.KafkaComponent;
import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.OnOff;
import io.emberwatch.push.kafka.OnOffConfig;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.push.kafka.Router;
import io.emberwatch.push.kafka.RouterConfig;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.log.Logging;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows the push path under full load on this machine: a real broker in this process, a thousand simulated sources, the
 * Router with all outputs, Aggregator and OnOff, and a sink that checks every line in place of a database. No more than 100 000 lines are on
 * the way at any time, so the rate is what is carried, not what is queued.
 */
public final class PushDemo {
    private static final int SOURCES = 1000;
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Map<String, String> BROKER = Map.of(
            "log.retention.bytes", Long.toString(256L << 20),
            "log.segment.bytes", Integer.toString(64 << 20),
            "log.retention.check.interval.ms", "5000");
    private static final String ROUTER = """
            input: metrics
            batched: true
            database: {topic: influxdb-topic}
            onoff: {topic: onoff-topic, filters: [{measurement: dcs_state, fields: [state, "on"]}]}
            aggregator:
              topic: aggregator-topic
              filters:
                - {measurement: cpu, fields: [user, system]}
                - {measurement: net, fields: [rx]}
            """;

    private static final String AGGREGATOR = """
            output: results-topic
            window: 5s
            grace: 1s
            aggregations:
              - {functions: [avg, max], measurement: cpu, fields: [user, system]}
              - {functions: [sum], measurement: net, fields: [rx], remove_tags: [host]}
            """;
    private static final String ONOFF = "{output: results-topic, refresh: 10s}";

    private final PrintStream out;
    private final InstantSource clock = InstantSource.system();
    private final CollectorRegistry registry = new CollectorRegistry();
    private final PushMetrics metrics = new PushMetrics(registry);
    private final NullSink sink = new NullSink(clock);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    private PushDemo(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the demonstration: starts everything, prints a row a second, checks that every line arrived, stops everything
     * and removes what it wrote.
     *
     * @param data a folder for the broker's log is made below it
     * @param duration how long to measure, after a warm-up of a third of it, at most 10 s
     * @return 0 when no line was lost, else 1
     * @throws IOException when the broker cannot start
     */
    public static int run(Path data, Duration duration, PrintStream out) throws IOException {
        Files.createDirectories(data);
        Path directory = Files.createTempDirectory(data, "push-demo-");
        PushDemo demo = new PushDemo(out);
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> demo.stop(ended), "push-demo-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return demo.run(directory, duration);
        } catch (ConfigException e) {
            throw new IllegalStateException("the demonstration's own configuration is wrong", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            delete(directory);
            ended.countDown();
            removeHook(hook);
        }
    }

    /** Ends the measurement when the process is told to end, and waits until everything is stopped and removed. */
    private void stop(CountDownLatch ended) {
        stopped.countDown();
        try {
            if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                out.println("not everything was stopped in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ignored) {
            // The process is ending: the hook runs already.
        }
    }

    private int run(Path directory, Duration duration) throws IOException, ConfigException, InterruptedException {
        // What a broker says about its empty log is for operators.
        Logging.configure("error");
        out.println("starting a Kafka broker, Router, Aggregator, OnOff and " + SOURCES + " sources …");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0, BROKER)) {
            KafkaConfig kafka =
                    ConfigReader.parse("demo", "bootstrap_servers: " + broker.bootstrapServers(), KafkaConfig.class);
            RouterConfig config = ConfigReader.parse("demo", ROUTER, RouterConfig.class);
            AggregatorConfig windows = ConfigReader.parse("demo", AGGREGATOR, AggregatorConfig.class);
            OnOffConfig changes = ConfigReader.parse("demo", ONOFF, OnOffConfig.class);
            try (KafkaComponent router = Router.create(kafka, config, metrics, clock, directory.resolve("router"));
                    KafkaComponent aggregator = Aggregator.create(kafka, windows, metrics, clock);
                    KafkaComponent onoff = OnOff.create(kafka, changes, metrics, clock, directory.resolve("onoff"));
                    KafkaComponent reader = new ConsumerLoop(
                            "influx",
                            kafka,
                            new ConsumerLoop.ConsumerGroup("influxdb-topic", "influx", Map.of()),
                            sink,
                            metrics);
                    RecordWriter writer = new RecordWriter(kafka, "demo-load");
                    Load load = new Load(writer, config.input(), SOURCES, clock, sink::lines)) {
                router.start();
                aggregator.start();
                onoff.start();
                reader.start();
                load.start();
                return measure(load, writer, duration);
            }
        }
    }

    private int measure(Load load, RecordWriter writer, Duration duration) throws InterruptedException {
        long warmUp = Math.min(LONGEST_WARM_UP.toSeconds(), duration.toSeconds() / 3);
        out.println(
                "The sources send as fast as lines come out again, checked, at the sink; a line has 2.5 values on average.");
        out.println("After a warm-up of " + warmUp + " s this measures " + duration.toSeconds()
                + " s: rates of each second, p50 and p99 of all lines since the beginning.");
        out.println("second   lines in/s  lines out/s    values/s   on the way   p50 ms   p99 ms");
        Row row = new Row(load.lines(), sink.lines(), sink.values());
        for (long second = 1; second <= warmUp && stopped.getCount() > 0; second++) {
            row = print("warm-up", second, row, load);
        }
        sink.latency().clear();
        long startNanos = System.nanoTime();
        long startValues = sink.values();
        for (long second = 1; second <= duration.toSeconds() && stopped.getCount() > 0; second++) {
            row = print("", second, row, load);
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        long rate = Math.round((sink.values() - startValues) / seconds);
        long p99 = sink.latency().quantile(0.99);
        load.close();
        long lost = awaitRest(load);
        if (writer.failed() > 0 || sink.faulty() > 0 || dead() > 0) {
            out.printf(
                    "%d records were not acknowledged, %d lines came out faulty, %.0f went to the dead letters%n",
                    writer.failed(), sink.faulty(), dead());
        }
        out.printf(
                "Aggregator: %.0f messages, %.0f lines; OnOff: %.0f messages, %.0f changes%n",
                metrics.aggregatorMessages.get(),
                metrics.aggregatorLines.get(),
                metrics.onoffMessages.get(),
                metrics.onoffChanges.get());
        out.printf("%d values/s sustained over %d s, %d lost, p99 %d ms%n", rate, Math.round(seconds), lost, p99);
        return lost == 0 ? 0 : 1;
    }

    private Row print(String phase, long second, Row before, Load load) throws InterruptedException {
        if (stopped.await(1, TimeUnit.SECONDS)) {
            return before;
        }
        Row now = new Row(load.lines(), sink.lines(), sink.values());
        double seconds = (now.nanos - before.nanos) / 1e9;
        out.printf(
                "%6d %12.0f %12.0f %11.0f %12d %8d %8d %s%n",
                second,
                (now.in - before.in) / seconds,
                (now.out - before.out) / seconds,
                (now.values - before.values) / seconds,
                now.in - now.out,
                sink.latency().quantile(0.5),
                sink.latency().quantile(0.99),
                phase);
        return now;
    }

    /** Waits until everything written has come out, or nothing comes any more; returns what is missing. */
    private long awaitRest(Load load) throws InterruptedException {
        long last = Long.MAX_VALUE;
        long since = System.nanoTime();
        for (long missing = missing(load); missing > 0; missing = missing(load)) {
            if (missing < last) {
                last = missing;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
                break;
            }
            if (never.await(20, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        return missing(load);
    }

    /** Lines that the sink has not had, and fields that Aggregator and OnOff have not had: 75 and 50 of 100 lines. */
    private long missing(Load load) {
        long lines = load.lines();
        return Math.max(0, lines - sink.lines())
                + Math.max(0, lines * 3 / 4 - (long) metrics.aggregatorMessages.get())
                + Math.max(0, lines / 2 - (long) metrics.onoffMessages.get());
    }

    private double dead() {
        double lines = 0;
        for (LineFault fault : LineFault.values()) {
            lines += metrics.routerFaults.labels(fault.label()).get();
        }
        return lines;
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What had happened at one moment. */
    private static final class Row {
        final long nanos = System.nanoTime();
        final long in;
        final long out;
        final long values;

        Row(long in, long out, long values) {
            this.in = in;
            this.out = out;
            this.values = values;
        }
    }
}
