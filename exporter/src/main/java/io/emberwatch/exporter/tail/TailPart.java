package io.emberwatch.exporter.tail;

import io.emberwatch.exporter.scrape.Explainer;
import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The tails of an exporter, as one source {@code tail}. */
public final class TailPart implements Part, Explainer {
    private final Scheduler scheduler;
    private final List<Tailer> tailers = new ArrayList<>();
    private final List<Scheduler.Task> tasks = new ArrayList<>();

    public TailPart(List<TailConfig> configs, ServiceContext context, CollectorRegistry registry) {
        scheduler = context.scheduler();
        TailMetrics metrics = new TailMetrics(registry);
        Path folder = context.dataDirectory().resolve("exporter").resolve("tail");
        for (TailConfig config : configs) {
            tailers.add(new Tailer(config, context.clock(), folder, metrics.of(config.name())));
        }
    }

    @Override
    public List<Source> sources() {
        return tailers.isEmpty() ? List.of() : List.of(Source.of(new Logs()));
    }

    @Override
    public List<String> explain(String text) {
        return tailers.stream().flatMap(tailer -> tailer.explain(text).stream()).toList();
    }

    @Override
    public void start() throws IOException {
        for (Tailer tailer : tailers) {
            tailer.open();
        }
        for (Tailer tailer : tailers) {
            tasks.add(scheduler.every(
                    "tail-" + tailer.config().name(), tailer.config().poll(), Duration.ZERO, at -> tailer.look()));
        }
    }

    @Override
    public void close() {
        tasks.forEach(Scheduler.Task::close);
        tailers.forEach(Tailer::close);
    }

    private final class Logs implements SampleSource {
        @Override
        public String name() {
            return "tail";
        }

        @Override
        public List<MetricFamily> collect(Deadline deadline) {
            List<MetricFamily> families = new ArrayList<>();
            tailers.forEach(tailer -> families.addAll(tailer.families()));
            return families;
        }
    }
}
