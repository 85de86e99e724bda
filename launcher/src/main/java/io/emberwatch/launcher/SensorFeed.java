package io.emberwatch.launcher;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.Sample;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSink;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.model.time.Scheduler;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.lifecycle.Service;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes what the sensors say on to the push path, once a second as they measure. */
final class SensorFeed implements Service {
    private static final Logger logger = LoggerFactory.getLogger("push.feed");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SampleSource sensors;
    private final SampleSink sink;
    private final Scheduler scheduler;
    private Scheduler.@Nullable Task task;

    SensorFeed(SampleSource sensors, SampleSink sink, Scheduler scheduler) {
        this.sensors = sensors;
        this.sink = sink;
        this.scheduler = scheduler;
    }

    @Override
    public String name() {
        return "feed";
    }

    @Override
    public void start() {
        task = scheduler.every("sensor-feed", SECOND, Duration.ZERO, this::pass);
    }

    private void pass(Instant now) {
        List<Sample> samples = new ArrayList<>();
        try {
            for (MetricFamily family : sensors.collect(Deadline.after(SECOND))) {
                for (MetricPoint point : family.points()) {
                    samples.add(new Sample(point.key().toStored(), now.toEpochMilli(), point.value()));
                }
            }
            sink.append(samples);
        } catch (IOException e) {
            logger.warn("sensors gave nothing to pass on: {}", e.getMessage());
        }
    }

    @Override
    public List<Route> routes() {
        return List.of();
    }

    @Override
    public List<MetricFamily> metrics() {
        return List.of();
    }

    @Override
    public List<String> notReady() {
        return List.of();
    }

    @Override
    public void stop() {
        if (task != null) {
            task.close();
        }
    }
}
