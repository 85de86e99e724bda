package io.emberwatch.benchmarks.exporter;

import com.sun.management.ThreadMXBean;
import io.emberwatch.exporter.graphite.GraphiteConfig;
import io.emberwatch.exporter.graphite.GraphitePart;
import io.emberwatch.exporter.lineprotocol.InfluxConfig;
import io.emberwatch.exporter.lineprotocol.InfluxPart;
import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.statsd.StatsdConfig;
import io.emberwatch.exporter.statsd.StatsdPart;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;

/** The parts of the exporter that listen, made as the exporter makes them, and what a thread costs. */
final class Receivers implements AutoCloseable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final CollectorRegistry registry = new CollectorRegistry();
    private final ThreadScheduler scheduler = new ThreadScheduler(InstantSource.system());
    private final ServiceContext context =
            new ServiceContext(InstantSource.system(), scheduler, Path.of("data"), Path.of("."));
    private final ListenMetrics listening = new ListenMetrics(registry);

    InfluxPart influx(String yaml) throws IOException {
        return new InfluxPart(read(yaml, InfluxConfig.class), context, registry, listening);
    }

    StatsdPart statsd(String yaml) throws IOException {
        return new StatsdPart(read(yaml, StatsdConfig.class), context, registry, listening);
    }

    GraphitePart graphite(String yaml) throws IOException {
        return new GraphitePart(read(yaml, GraphiteConfig.class), context, registry, listening);
    }

    private static <T extends Record> T read(String yaml, Class<T> type) throws IOException {
        try {
            return ConfigReader.parse("benchmark.yml", yaml, type);
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The sum of a counter over its labels. */
    double sum(String name) {
        return io.emberwatch.service.metrics.Registry.families(registry).stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.points().stream())
                .mapToDouble(point -> point.value())
                .sum();
    }

    /** Nanoseconds of processor time that this thread has taken. */
    static long cpuNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** Bytes that this thread has allocated. */
    static long allocatedBytes() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Nanoseconds of processor time that the thread of this name has taken; 0 when there is none. */
    static long cpuNanos(String threadName) {
        for (long id : THREADS.getAllThreadIds()) {
            var info = THREADS.getThreadInfo(id);
            if (info != null && info.getThreadName().equals(threadName)) {
                return THREADS.getThreadCpuTime(id);
            }
        }
        return 0;
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
