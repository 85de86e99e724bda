package io.emberwatch.push.kafka;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.push.metrics.PushMetrics;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A component that is made once Kafka is there, and waits for it as long as it takes. */
public final class DeferredComponent implements KafkaComponent {
    private final String name;
    private final Beginning beginning;
    private volatile @Nullable KafkaComponent made;

    /** Makes the component. */
    @FunctionalInterface
    public interface Factory {
        /** @throws IOException when Kafka does not answer or topics are missing */
        KafkaComponent create() throws IOException;
    }

    public DeferredComponent(String name, PushMetrics metrics, Factory factory) {
        this.name = name;
        metrics.declareComponent(name);
        beginning = new Beginning(name, () -> {
            KafkaComponent component = factory.create();
            component.start();
            made = component;
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        beginning.start();
    }

    @Override
    public int liveThreads() {
        KafkaComponent component = made;
        return component == null ? 0 : component.liveThreads();
    }

    @Override
    public OptionalDouble lag() {
        KafkaComponent component = made;
        return component == null ? OptionalDouble.empty() : component.lag();
    }

    @Override
    public void tasks(TaskFigures figures) {
        KafkaComponent component = made;
        if (component != null) {
            component.tasks(figures);
        }
    }

    @Override
    public void observe() {
        KafkaComponent component = made;
        if (component != null) {
            component.observe();
        }
    }

    @Override
    public List<MetricFamily> results() {
        KafkaComponent component = made;
        return component == null ? List.of() : component.results();
    }

    @Override
    public String notReady() {
        KafkaComponent component = made;
        return component == null ? beginning.trouble() : component.notReady();
    }

    @Override
    public void close() {
        beginning.close();
        KafkaComponent component = made;
        if (component != null) {
            component.close();
        }
    }
}
