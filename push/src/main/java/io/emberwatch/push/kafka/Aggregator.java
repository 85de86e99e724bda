package io.emberwatch.push.kafka;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.push.aggregate.AggregationRules;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.sample.LatestResults;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Gathers single fields over windows of time and writes the results as lines.
 *
 * <p>A consumer of its own rather than a topology of Kafka Streams: the offset that is committed is that of the first
 * record an open window still needs, with the last closed window beside it, so a successor rebuilds the windows exactly
 * by reading again and no copy of the state is kept anywhere. Kafka Streams commits all that was read.
 */
public final class Aggregator implements KafkaComponent {
    /** The component's name. */
    public static final String NAME = "aggregator";

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** Results are shown a while longer than it takes the next to come. */
    private static final long LEAST_KEPT_MILLIS = 60_000;

    private final InstantSource clock;
    private final LatestResults latest;
    private final long keptMillis;
    private final List<HealingThread> threads = new ArrayList<>();
    private final Set<AggregatorSession> sessions = ConcurrentHashMap.newKeySet();

    private Aggregator(AggregatorConfig config, InstantSource clock) {
        this.clock = clock;
        latest = new LatestResults(config.exposedSeries());
        keptMillis = 3 * config.window().toMillis() + config.grace().toMillis() + LEAST_KEPT_MILLIS;
    }

    @Override
    public List<MetricFamily> results() {
        return latest.families(clock.millis() - keptMillis);
    }

    /**
     * An Aggregator that is not started yet. Its topics exist on return.
     *
     * @throws IOException when Kafka does not answer or topics are missing
     */
    public static Aggregator create(
            KafkaConfig kafka, AggregatorConfig config, PushMetrics metrics, InstantSource clock) throws IOException {
        Topics.require(kafka, config.topics());
        AggregationRules rules = config.rules();
        Aggregator aggregator = new Aggregator(config, clock);
        for (int i = 0; i < config.threads(); i++) {
            Map<String, String> properties = ClientProperties.ofThread(config.properties(), i, config.threads());
            aggregator.threads.add(new HealingThread(
                    NAME,
                    "push-aggregator-" + i,
                    metrics,
                    thread -> aggregator.run(
                            new AggregatorSession(kafka, config, rules, aggregator.latest, metrics, clock),
                            thread,
                            properties)));
        }
        return aggregator;
    }

    private void run(AggregatorSession session, HealingThread thread, Map<String, String> properties) {
        sessions.add(session);
        try {
            session.run(thread, properties);
        } finally {
            sessions.remove(session);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        threads.forEach(HealingThread::start);
    }

    @Override
    public int liveThreads() {
        return (int) threads.stream().filter(HealingThread::isWorking).count();
    }

    @Override
    public OptionalDouble lag() {
        return sessions.stream()
                .map(AggregatorSession::lag)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max();
    }

    @Override
    public void tasks(TaskFigures figures) {
        sessions.forEach(session -> session.tasks(figures));
    }

    @Override
    public String notReady() {
        return threads.stream()
                .map(HealingThread::trouble)
                .filter(trouble -> !trouble.isEmpty())
                .collect(Collectors.joining("; "));
    }

    @Override
    public void close() {
        threads.forEach(thread -> thread.end(CLOSE_TIMEOUT));
    }
}
