package io.emberwatch.benchmarks.exporter;

import com.sun.management.ThreadMXBean;
import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.text.ExpositionWriter;
import io.prometheus.client.Collector;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A page of 100 000 series, written by us, by simpleclient and by client_java 1.x from values that all have at hand. */
public final class ExpositionBenchmark implements Benchmark {
    private static final int SERIES = 100_000;
    private static final int FAMILIES = 100;
    private static final int ROUNDS = 15;
    private static final double NANOS = 1e9;
    private static final double LEAST_RATIO_SIMPLECLIENT = 15;
    private static final double LEAST_RATIO_CLIENT_JAVA = 4;
    private static final double MOST_GARBAGE = 32;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Random random = new Random(1);

    @Override
    public String name() {
        return "exporter/exposition";
    }

    @Override
    public String description() {
        return "a page of 100 000 series in text format 0.0.4, beside simpleclient's TextFormat and client_java 1.3";
    }

    /** Writes the whole page once. */
    @FunctionalInterface
    private interface Page {
        void write(OutputStream out) throws IOException;
    }

    private record Cost(double nanosPerSample, double bytesPerSample) {}

    // A third each: whole numbers, numbers of two decimals, numbers of all digits.
    private double value(int i) {
        return switch (i % 3) {
            case 0 -> random.nextInt(1_000_000);
            case 1 -> random.nextInt(1_000_000) / 100.0;
            default -> random.nextDouble() * 1000;
        };
    }

    @Override
    public void run(Report report) throws IOException {
        List<MetricFamily> ours = new ArrayList<>();
        List<Collector.MetricFamilySamples> simpleclient = new ArrayList<>();
        List<GaugeSnapshot> clientJava = new ArrayList<>();
        List<String> names = List.of("instance", "method", "path", "status");
        for (int family = 0; family < FAMILIES; family++) {
            String name = "bench_requests_in_flight_" + family;
            List<MetricPoint> points = new ArrayList<>();
            List<Collector.MetricFamilySamples.Sample> samples = new ArrayList<>();
            List<GaugeSnapshot.GaugeDataPointSnapshot> snapshots = new ArrayList<>();
            for (int i = 0; i < SERIES / FAMILIES; i++) {
                List<String> values = List.of("10.0.0." + i % 256 + ":9100", "GET", "/api/v1/things/" + i, "200");
                double value = value(i);
                points.add(MetricPoint.of(
                        name,
                        Labels.of(
                                names.get(0),
                                values.get(0),
                                names.get(1),
                                values.get(1),
                                names.get(2),
                                values.get(2),
                                names.get(3),
                                values.get(3)),
                        value));
                samples.add(new Collector.MetricFamilySamples.Sample(name, names, values, value));
                snapshots.add(new GaugeSnapshot.GaugeDataPointSnapshot(
                        value, io.prometheus.metrics.model.snapshots.Labels.of(names, values), null));
            }
            ours.add(MetricFamily.of(name, MetricType.GAUGE, "Requests in flight.", points));
            simpleclient.add(
                    new Collector.MetricFamilySamples(name, Collector.Type.GAUGE, "Requests in flight.", samples));
            clientJava.add(new GaugeSnapshot(
                    new io.prometheus.metrics.model.snapshots.MetricMetadata(name, "Requests in flight."), snapshots));
        }
        MetricSnapshots snapshots = new MetricSnapshots(clientJava.toArray(GaugeSnapshot[]::new));
        PrometheusTextFormatWriter clientJavaWriter = PrometheusTextFormatWriter.create();
        Page[] pages = {
            out -> ExpositionWriter.write(ours, io.emberwatch.model.text.TextFormat.PROMETHEUS_0_0_4, out),
            out -> {
                Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                TextFormat.write004(writer, Collections.enumeration(simpleclient));
                writer.flush();
            },
            out -> clientJavaWriter.write(out, snapshots)
        };
        Cost[] costs = measure(pages, report);
        report.atLeast(
                "exposition, ns per sample, of simpleclient over ours",
                costs[1].nanosPerSample,
                costs[0].nanosPerSample,
                "ns",
                LEAST_RATIO_SIMPLECLIENT);
        report.atLeast(
                "exposition, ns per sample, of client_java 1.3 over ours",
                costs[2].nanosPerSample,
                costs[0].nanosPerSample,
                "ns",
                LEAST_RATIO_CLIENT_JAVA);
        report.figure(
                "exposition, garbage per sample",
                costs[0].bytesPerSample,
                "B",
                "≤ 32 B",
                costs[0].bytesPerSample <= MOST_GARBAGE);
    }

    private static Cost[] measure(Page[] pages, Report report) throws IOException {
        double[][] nanos = new double[pages.length][ROUNDS];
        double[][] bytes = new double[pages.length][ROUNDS];
        // Twice as many rounds, of which the first half warms up; the writers take turns.
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            for (int i = 0; i < pages.length; i++) {
                Kept out = new Kept();
                long garbage =
                        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
                long cpu = THREADS.getCurrentThreadCpuTime();
                pages[i].write(out);
                long took = THREADS.getCurrentThreadCpuTime() - cpu;
                long made =
                        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - garbage;
                if (round >= 0) {
                    nanos[i][round] = took / (double) SERIES;
                    bytes[i][round] = made / (double) SERIES;
                }
                if (out.length < SERIES * 40L) {
                    throw new IOException("a page of only " + out.length + " bytes");
                }
            }
        }
        Cost[] costs = new Cost[pages.length];
        for (int i = 0; i < pages.length; i++) {
            costs[i] = new Cost(Measured.median(nanos[i]), Measured.median(bytes[i]));
        }
        String[] who = {"ours", "simpleclient 0.16", "client_java 1.3.10"};
        for (int i = 0; i < who.length; i++) {
            report.say(String.format(
                    "%s: %.1f ns and %.1f B of garbage per sample, page in %.1f ms",
                    who[i],
                    costs[i].nanosPerSample,
                    costs[i].bytesPerSample,
                    costs[i].nanosPerSample * SERIES / NANOS * 1000));
        }
        return costs;
    }

    /** Counts what it is given, and reads all of it once, as a socket would. */
    private static final class Kept extends OutputStream {
        private final byte[] copy = new byte[8192];
        private long length;

        @Override
        public void write(int b) {
            copy[0] = (byte) b;
            length++;
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            for (int done = 0; done < count; done += copy.length) {
                System.arraycopy(bytes, from + done, copy, 0, Math.min(copy.length, count - done));
            }
            length += count;
        }
    }
}
