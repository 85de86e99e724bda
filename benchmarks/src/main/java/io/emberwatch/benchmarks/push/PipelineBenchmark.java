package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.push.kafka.ConsumerLoop;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.service.log.Logging;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The whole way of a value through Kafka, on this machine, with every part in a process of its own. */
public final class PipelineBenchmark implements Benchmark {
    static final double VALUES_PER_LINE = 2.5;
    private static final double[] TARGETS = {600_000, 1_000_000};
    private static final int WARM_UP_SECONDS = 15;
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final double MEBI = 1 << 20;

    @Override
    public String name() {
        return "push/pipeline";
    }

    @Override
    public String description() {
        return "sources → Kafka → Router → Aggregator and OnOff → sink topic, broker included; -Dpush.seconds=60";
    }

    @Override
    public void run(Report report) throws IOException {
        Logging.configure("error");
        try (Pipeline pipeline = new Pipeline(4, 1)) {
            pipeline.addProcessing();
            Arrivals arrivals = new Arrivals();
            try (ConsumerLoop reader = new ConsumerLoop(
                            "reader",
                            pipeline.kafka,
                            new ConsumerLoop.ConsumerGroup("influxdb-topic", "reader", Map.of()),
                            arrivals,
                            new PushMetrics(new CollectorRegistry()));
                    RecordWriter writer = new RecordWriter(pipeline.kafka, "load")) {
                reader.start();
                report.say("warm-up");
                try (PacedLoad load = new PacedLoad(writer, "metrics", TARGETS[0] / VALUES_PER_LINE, () -> 0)) {
                    Processes.pause(1000L * WARM_UP_SECONDS);
                    report.say(load.end() + " lines");
                }
                awaitAll(pipeline, arrivals);
                for (double target : TARGETS) {
                    measure(report, pipeline, arrivals, writer, target);
                }
                measure(report, pipeline, arrivals, writer, 0);
            }
            for (Processes.One one : pipeline.components) {
                double peak = one.peakBytes() / MEBI;
                report.figure(one.name + ", most resident memory, heap 256 MB", peak, "MB", "≤ 512", peak <= 512);
            }
            report.figure(
                    "broker, most resident memory, heap 512 MB", pipeline.broker.peakBytes() / MEBI, "MB", "—", true);
        }
    }

    private static void measure(Report report, Pipeline pipeline, Arrivals arrivals, RecordWriter writer, double target)
            throws IOException {
        double cpu = Measured.ownCpuSeconds();
        double brokerCpu = pipeline.broker.cpuSeconds();
        Map<String, Double> componentCpu = cpu(pipeline);
        long before = arrivals.lines();
        arrivals.latency().clear();
        long start = System.nanoTime();
        long inTime;
        long sent;
        try (PacedLoad load =
                new PacedLoad(writer, "metrics", target / VALUES_PER_LINE, () -> arrivals.lines() - before)) {
            Processes.pause(1000L * Settings.SECONDS);
            inTime = arrivals.lines() - before;
            sent = load.end();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        awaitAll(pipeline, arrivals);
        long lost = sent - (arrivals.lines() - before);
        double rate = inTime * VALUES_PER_LINE / Settings.SECONDS;
        long p50 = arrivals.latency().quantile(0.5);
        long p99 = arrivals.latency().quantile(0.99);
        String what = target > 0
                ? String.format(Locale.ROOT, "whole way at %.0f values/s asked", target)
                : "whole way, as fast as it goes";
        report.say(String.format(
                Locale.ROOT,
                "%s: %.0f values/s, p50 %d ms, p99 %d ms, %d lines lost; %.2f s; CPU µs/line sources and sink %.2f,"
                        + " broker %.2f, components %.2f",
                what,
                rate,
                p50,
                p99,
                lost,
                seconds,
                (Measured.ownCpuSeconds() - cpu) * 1e6 / sent,
                (pipeline.broker.cpuSeconds() - brokerCpu) * 1e6 / sent,
                (total(cpu(pipeline)) - total(componentCpu)) * 1e6 / sent));
        if (target == TARGETS[TARGETS.length - 1]) {
            costs(report, pipeline, componentCpu, brokerCpu, sent);
        }
        double wanted = target > 0 ? target : TARGETS[1];
        report.figure(what, rate, "values/s", "≥ " + (long) wanted, rate >= 0.999 * wanted);
        report.figure(what + ", p99 from event to sink", p99, "ms", "≤ 2000", p99 <= 2000);
        report.figure(what + ", lost", lost, "lines", "0", lost == 0);
    }

    private static void costs(Report report, Pipeline pipeline, Map<String, Double> before, double broker, long lines)
            throws IOException {
        Map<String, Double> after = cpu(pipeline);
        for (Processes.One one : pipeline.components) {
            double cost = (after.getOrDefault(one.name, 0.0) - before.getOrDefault(one.name, 0.0)) * 1e6 / lines;
            report.figure(one.name + ", processor time for a line of the whole way", cost, "µs", "—", true);
        }
        report.figure("broker, the same", (pipeline.broker.cpuSeconds() - broker) * 1e6 / lines, "µs", "—", true);
    }

    private static double total(Map<String, Double> seconds) {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Seconds of each component. */
    private static Map<String, Double> cpu(Pipeline pipeline) throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (Processes.One one : pipeline.components) {
            seconds.put(one.name, one.cpuSeconds());
        }
        return seconds;
    }

    /** Waits until nothing comes any more. */
    private static void awaitAll(Pipeline pipeline, Arrivals arrivals) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long last = -1;
        while (System.nanoTime() < end && last != arrivals.lines()) {
            last = arrivals.lines();
            Processes.pause(2000);
        }
        Processes.metric(pipeline.component("router"), "emberwatch_push_router_lines_total");
    }
}
