package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/** A component that reads one topic with one thread. */
abstract class TopicReader implements KafkaComponent {
    private final String name;
    private final ConsumerLoop loop;

    TopicReader(String name, KafkaConfig kafka, ConsumerLoop.ConsumerGroup group, PushMetrics metrics) {
        this.name = name;
        loop = new ConsumerLoop(name, kafka, group, this::handle, metrics);
    }

    /** As {@link BatchHandler#handle}. */
    abstract Duration handle(List<KafkaRecord> records);

    /** Why what was read cannot be handed on now; empty when it can. */
    abstract String trouble();

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final void start() {
        loop.start();
    }

    @Override
    public final int liveThreads() {
        return loop.liveThreads();
    }

    @Override
    public final OptionalDouble lag() {
        return loop.lag();
    }

    @Override
    public final void tasks(TaskFigures figures) {
        loop.tasks(figures);
    }

    @Override
    public final String notReady() {
        String trouble = trouble();
        return trouble.isEmpty() ? loop.notReady() : trouble;
    }

    @Override
    public void close() {
        loop.close();
    }
}
