package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.service.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The whole way into InfluxDB over HTTP, beside what InfluxDB takes over HTTP from nobody else, on the same cores. Every
 * part has an InfluxDB of its own that begins empty, for one that has stored much spends time on compaction.
 */
public final class InfluxPipelineBenchmark implements Benchmark {
    private static final int WARM_UP_SECONDS = 10;
    private static final double STEADY = 200_000;

    /** What is asked of the sink's page as it runs; more often would itself take processor time. */
    private static final long LOOK_MILLIS = 200;

    @Override
    public String name() {
        return "push/influx";
    }

    @Override
    public String description() {
        return "the whole way into InfluxDB 1.x over HTTP, beside InfluxDB's own ceiling; -Dpush.seconds=60";
    }

    @Override
    public void run(Report report) throws IOException {
        Logging.configure("error");
        Speed before = ceiling(report, "before");
        Speed whole = pipeline(report);
        Speed after = ceiling(report, "afterwards");
        double ceiling = (before.rate + after.rate) / 2;
        report.atLeast("into InfluxDB, all on two cores", whole.rate / 1e3, ceiling / 1e3, "k values/s", 0.55);
        // On a machine that others use too this says more than the rates, of which each got another share of it.
        double alone = (before.micros + after.micros) / 2;
        report.atLeast(
                "the same by processor time, lines for each second of it", 1e3 / whole.micros, 1e3 / alone, "k", 0.55);
    }

    /**
     * How fast lines were stored.
     *
     * @param rate values a second
     * @param micros of processor time for a line, everything together but compilers
     */
    private record Speed(double rate, double micros) {}

    private static Speed ceiling(Report report, String when) throws IOException {
        try (Processes processes = new Processes(Files.createTempDirectory("influx-ceiling"))) {
            Processes.One influx = processes.influx(Processes.freePort());
            try (InfluxCeiling ceiling = new InfluxCeiling(new InfluxDatabase(influx.port))) {
                Processes.pause(1000L * WARM_UP_SECONDS);
                ProcessorTimes times = new ProcessorTimes(List.of(influx));
                long begun = System.nanoTime();
                long stored = ceiling.stored();
                Processes.pause(1000L * Settings.SECONDS);
                long lines = ceiling.stored() - stored;
                double rate = lines * PipelineBenchmark.VALUES_PER_LINE * 1e9 / (System.nanoTime() - begun);
                report.say(String.format(
                        Locale.ROOT, "InfluxDB alone, %s: %.0f values/s; %s", when, rate, times.text(lines)));
                return new Speed(rate, ProcessorTimes.warm(times.microsPer(lines)));
            }
        }
    }

    /** @return while as much as can be was on the way */
    private static Speed pipeline(Report report) throws IOException {
        int influxPort = Processes.freePort();
        try (Pipeline pipeline = new Pipeline(4, influxPort)) {
            Processes.One influx = pipeline.processes.influx(influxPort);
            InfluxDatabase database = new InfluxDatabase(influxPort);
            pipeline.addProcessing();
            Processes.One sink = pipeline.add("influx", 0, List.of());
            List<Processes.One> all = new ArrayList<>(pipeline.components);
            all.add(pipeline.broker);
            all.add(influx);
            Speed speed;
            try (RecordWriter writer = new RecordWriter(pipeline.kafka, "load")) {
                long sent;
                AtomicLong arrived = new AtomicLong();
                try (PacedLoad load = new PacedLoad(writer, "metrics", 0, arrived::get)) {
                    int seconds = WarmUp.until(slice -> new Flow(all, sink, arrived, slice).microsWithCompilers());
                    report.say("warm after " + seconds + " s");
                    Flow flow = new Flow(all, sink, arrived, Settings.SECONDS);
                    flow.report(report, "as fast as it goes");
                    speed = new Speed(flow.rate, flow.microsPerLine());
                    flow.costs(report);
                    sent = load.end();
                    drain(sink, sent);
                }
                sent += steady(report, all, sink, writer, sent);
                long lost = sent - database.count();
                report.figure("into InfluxDB, lost of " + sent, lost, "lines", "0", lost == 0);
            }
            double peak = sink.peakBytes() / (double) (1 << 20);
            report.figure("influx sink, most resident memory, heap 256 MB", peak, "MB", "≤ 512", peak <= 512);
            return speed;
        }
    }

    /** Lines sent at the steady rate. */
    private static long steady(
            Report report, List<Processes.One> all, Processes.One sink, RecordWriter writer, long before)
            throws IOException {
        AtomicLong arrived = new AtomicLong();
        try (PacedLoad load = new PacedLoad(writer, "metrics", STEADY / PipelineBenchmark.VALUES_PER_LINE, () -> 0)) {
            double settling = new Flow(all, sink, arrived, WARM_UP_SECONDS).microsPerLine();
            report.say(String.format(Locale.ROOT, "at 200 000 values/s: at first %.2f µs/line", settling));
            Ages early = Ages.of(sink);
            new Flow(all, sink, arrived, Settings.SECONDS).report(report, "200 000 values/s asked");
            early.report(report, Ages.of(sink));
            long sent = load.end();
            drain(sink, before + sent);
            return sent;
        }
    }

    /** Waits until so many lines are stored, or a minute. */
    private static void drain(Processes.One sink, long lines) throws IOException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (stored(sink) < lines && System.nanoTime() < end) {
            Processes.pause(LOOK_MILLIS);
        }
    }

    /** Some seconds of lines flowing, of which the load is told how many have come out. */
    private static final class Flow {
        private final Map<String, Double> micros;
        private final String text;
        private final double rate;

        Flow(List<Processes.One> all, Processes.One sink, AtomicLong arrived, int seconds) throws IOException {
            ProcessorTimes times = new ProcessorTimes(all);
            long begun = System.nanoTime();
            double before = stored(sink);
            long end = begun + seconds * 1_000_000_000L;
            while (System.nanoTime() < end) {
                Processes.pause(LOOK_MILLIS);
                arrived.set((long) stored(sink));
            }
            double lines = stored(sink) - before;
            micros = times.microsPer(lines);
            text = times.text(lines);
            rate = lines * PipelineBenchmark.VALUES_PER_LINE * 1e9 / (System.nanoTime() - begun);
        }

        double microsWithCompilers() {
            return ProcessorTimes.sum(micros);
        }

        double microsPerLine() {
            return ProcessorTimes.warm(micros);
        }

        void report(Report report, String what) {
            report.say(String.format(Locale.ROOT, "into InfluxDB, %s: %.0f values/s; %s", what, rate, text));
        }

        void costs(Report report) {
            for (String name : List.of("influx0", "influxd")) {
                double cost = micros.getOrDefault(name, 0.0);
                report.figure(name + ", processor time for a line of the whole way", cost, "µs", "—", true);
            }
        }
    }

    private static double stored(Processes.One sink) throws IOException {
        return Processes.metric(sink, "emberwatch_push_influx_lines_total");
    }

    /** How old records were when they were stored, so far. */
    private record Ages(double withinSecond, double withinHalf, double all) {
        static Ages of(Processes.One sink) throws IOException {
            return new Ages(buckets(sink, "1.0"), buckets(sink, "0.5"), buckets(sink, "+Inf"));
        }

        private static double buckets(Processes.One sink, String bound) throws IOException {
            return Processes.metric(sink, "emberwatch_push_influx_age_seconds_bucket{le=\"" + bound + "\"}");
        }

        void report(Report report, Ages later) {
            double records = later.all - all;
            double second = (later.withinSecond - withinSecond) / records;
            report.say(String.format(
                    Locale.ROOT,
                    "%.2f %% of records stored within 0.5 s",
                    100 * (later.withinHalf - withinHalf) / records));
            report.figure(
                    "into InfluxDB at 200 000 values/s, records stored within 1 s",
                    100 * second,
                    "%",
                    "≥ 99",
                    second >= 0.99);
        }
    }
}
