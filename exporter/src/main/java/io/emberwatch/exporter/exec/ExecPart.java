package io.emberwatch.exporter.exec;

import io.emberwatch.exporter.scrape.Part;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The programs of an exporter, each a source, together {@code exec}. */
public final class ExecPart implements Part {
    private final Scheduler scheduler;
    private final List<Program> programs = new ArrayList<>();
    private final List<Scheduler.Task> tasks = new ArrayList<>();

    public ExecPart(List<ExecConfig> configs, ServiceContext context, CollectorRegistry registry) {
        scheduler = context.scheduler();
        ExecMetrics metrics = new ExecMetrics(registry);
        configs.forEach(config -> programs.add(new Program(config, metrics.of(config.name()))));
    }

    @Override
    public List<Source> sources() {
        return programs.stream().map(program -> Source.in("exec", program)).toList();
    }

    @Override
    public void start() {
        for (Program program : programs) {
            Duration every = program.config().every();
            if (!every.isZero()) {
                tasks.add(scheduler.once(program.name(), Duration.ZERO, program::runInBackground));
                tasks.add(scheduler.every(program.name(), every, Duration.ZERO, at -> program.runInBackground()));
            }
        }
    }

    @Override
    public void close() {
        tasks.forEach(Scheduler.Task::close);
    }
}
