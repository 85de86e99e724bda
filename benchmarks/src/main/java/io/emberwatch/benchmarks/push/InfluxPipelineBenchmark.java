package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.push.demo.LoadSource;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.service.log.Logging;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The whole way into InfluxDB over HTTP, beside what InfluxDB takes over HTTP from nobody else, on the same cores. */
public final class InfluxPipelineBenchmark implements Benchmark {
    private static final int CONNECTIONS = 2;
    private static final int RECORDS_PER_POST = 50;
    private static final double STEADY = 200_000;
    private static final Pattern COUNT = Pattern.compile("\\[\"1970-01-01T00:00:00Z\",(\\d+)");
    private final HttpClient client = HttpClient.newHttpClient();

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
        int influxPort = Processes.freePort();
        try (Pipeline pipeline = new Pipeline(4, influxPort)) {
            pipeline.processes.influx(influxPort);
            String url = "http://127.0.0.1:" + influxPort;
            post(url + "/query?q=CREATE+DATABASE+ceiling", new byte[0]);
            post(url + "/query?q=CREATE+DATABASE+bench", new byte[0]);
            double ceiling = ceiling(url, Settings.SECONDS / 2);
            report.say(String.format(Locale.ROOT, "ceiling %.0f values/s", ceiling));
            post(url + "/query?q=DROP+DATABASE+ceiling", new byte[0]);
            pipeline.addProcessing();
            Processes.One sink = pipeline.add("influx", 0, List.of());
            try (RecordWriter writer = new RecordWriter(pipeline.kafka, "load")) {
                long sent = run(sink, writer, 0, 10, 0)[0];
                double before = stored(sink);
                long[] full = run(sink, writer, 0, Settings.SECONDS, sent);
                double rate = full[1] * PipelineBenchmark.VALUES_PER_LINE / Settings.SECONDS;
                sent += full[0];
                awaitStored(sink, sent);
                double early = buckets(sink, "1.0");
                double all = buckets(sink, "+Inf");
                long[] steady = run(sink, writer, STEADY / PipelineBenchmark.VALUES_PER_LINE, Settings.SECONDS, sent);
                sent += steady[0];
                awaitStored(sink, sent);
                double share = (buckets(sink, "1.0") - early) / (buckets(sink, "+Inf") - all);
                long lost = sent - count(url);
                report.say(String.format(
                        Locale.ROOT,
                        "%.0f stored before, %.4f of records within 1 s at %.0f values/s",
                        before,
                        share,
                        STEADY));
                report.atLeast("into InfluxDB, all on two cores", rate / 1e3, ceiling / 1e3, "k values/s", 0.55);
                report.figure(
                        "into InfluxDB at 200 000 values/s, records stored within 1 s",
                        100 * share,
                        "%",
                        "≥ 99",
                        share >= 0.99);
                report.figure("into InfluxDB, lost", lost, "lines", "0", lost == 0);
                double peak = sink.peakBytes() / (double) (1 << 20);
                report.figure("influx sink, most resident memory, heap 256 MB", peak, "MB", "≤ 512", peak <= 512);
            }
            double again = ceiling(url, Settings.SECONDS / 2);
            report.say(String.format(Locale.ROOT, "ceiling afterwards %.0f values/s", again));
        }
    }

    /** Lines sent, and lines stored in the time. */
    private static long[] run(
            Processes.One sink, RecordWriter writer, double linesPerSecond, int seconds, long sentBefore)
            throws IOException {
        AtomicLong arrived = new AtomicLong();
        double before = stored(sink);
        long inTime = 0;
        long sent;
        try (PacedLoad load = new PacedLoad(writer, "metrics", linesPerSecond, arrived::get)) {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            while (System.nanoTime() < end) {
                Processes.pause(50);
                inTime = (long) (stored(sink) - before);
                arrived.set((long) stored(sink) - sentBefore);
            }
            sent = load.end();
        }
        return new long[] {sent, inTime};
    }

    private static double stored(Processes.One sink) throws IOException {
        return Processes.metric(sink, "emberwatch_push_influx_lines_total");
    }

    private static double buckets(Processes.One sink, String bound) throws IOException {
        return Processes.metric(sink, "emberwatch_push_influx_age_seconds_bucket{le=\"" + bound + "\"}");
    }

    private static void awaitStored(Processes.One sink, long lines) throws IOException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (stored(sink) < lines && System.nanoTime() < end) {
            Processes.pause(100);
        }
    }

    private double ceiling(String url, int seconds) throws IOException {
        AtomicLong lines = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            int own = connection;
            Thread thread = new Thread(() -> {
                LoadSource[] sources = new LoadSource[500];
                for (int i = 0; i < sources.length; i++) {
                    sources[i] = new LoadSource(own * sources.length + i);
                }
                for (int i = 0; System.nanoTime() < end; i += RECORDS_PER_POST) {
                    ByteArrayOutputStream body = new ByteArrayOutputStream();
                    for (int r = 0; r < RECORDS_PER_POST; r++) {
                        long now = InstantSource.system().millis() * 1_000_000L;
                        body.writeBytes(sources[(i + r) % sources.length].next(now));
                    }
                    try {
                        post(url + "/write?db=ceiling", body.toByteArray());
                    } catch (IOException e) {
                        return;
                    }
                    lines.addAndGet(RECORDS_PER_POST * LoadSource.LINES);
                }
            });
            thread.start();
            threads.add(thread);
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lines.get() * PipelineBenchmark.VALUES_PER_LINE / seconds;
    }

    private long count(String url) throws IOException {
        String answer = post(url + "/query?db=bench&q=SELECT+count(seq)+FROM+/.*/", new byte[0]);
        Matcher found = COUNT.matcher(answer);
        long count = 0;
        while (found.find()) {
            count += Long.parseLong(found.group(1));
        }
        return count;
    }

    private String post(String url, byte[] body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IOException(response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
