package io.emberwatch.benchmarks.scorer;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QueryResult;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.scorer.ScorerConfigs;
import io.emberwatch.scorer.ScorerService;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.lifecycle.ThreadScheduler;
import io.emberwatch.service.promapi.PrometheusClient;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One pass over 200 clusters of five members, from a real Prometheus that holds their metrics: processor time of the
 * scorer's process from the first question to the finished page.
 */
public final class ManyClusters implements Benchmark {
    private static final int CLUSTERS = 200;
    private static final int MEMBERS = 5;
    private static final int ROUNDS = 9;
    private static final int WARM_UP = 6;
    private static final Instant END = Instant.parse("2026-01-01T12:00:00Z");
    private static final double[] BOUNDS = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024
    };

    @Override
    public String name() {
        return "scorer/many-clusters";
    }

    @Override
    public String description() {
        return "200 clusters of five members scored in one pass, asked of a real Prometheus";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("many-clusters");
        try {
            report.say("writing " + CLUSTERS * MEMBERS + " members into a Prometheus");
            load(folder);
            int port = freePort();
            Process prometheus = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + Files.writeString(folder.resolve("p.yml"), "global: {}\n"),
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--storage.tsdb.retention.time=100y",
                            "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            try {
                measure(report, new PrometheusClient(URI.create("http://127.0.0.1:" + port)));
            } finally {
                prometheus.destroy();
                prometheus.waitFor(10, TimeUnit.SECONDS);
            }
        } finally {
            delete(folder);
        }
    }

    private static void measure(Report report, QuerySource source) throws IOException {
        await(source);
        InstantSource clock = InstantSource.fixed(END);
        try (ThreadScheduler scheduler = new ThreadScheduler(clock)) {
            ServiceContext context = new ServiceContext(clock, scheduler, Path.of("."), Path.of("."));
            double[] cpu = new double[ROUNDS];
            String page = "";
            for (int i = -WARM_UP; i < ROUNDS; i++) {
                ScorerService scorer = new ScorerService(ScorerConfigs.ofModel("etcd"), context, source);
                double before = Measured.ownCpuSeconds();
                page = ExpositionWriter.toText(scorer.once(), TextFormat.PROMETHEUS_0_0_4);
                if (i >= 0) {
                    cpu[i] = Measured.ownCpuSeconds() - before;
                }
            }
            long scored = page.lines()
                    .filter(line -> line.startsWith("emberwatch_etcd_member_score{"))
                    .count();
            report.say(scored + " members scored, a page of " + page.length() / 1024 + " KiB");
            double median = Measured.median(cpu);
            report.figure("one pass over 200 clusters of 5", median, "s of CPU", "≤ 1 s", median <= 1);
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void await(QuerySource source) throws IOException {
        for (int i = 0; i < 200; i++) {
            try {
                QueryResult answer = source.instant("count(up)", END);
                if (answer.value().toString().contains(String.valueOf(CLUSTERS * MEMBERS))) {
                    return;
                }
            } catch (QueryException notYet) {
                // It is still starting.
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        throw new IOException("Prometheus does not hold the members");
    }

    private static void load(Path folder) throws IOException, InterruptedException {
        Path page = folder.resolve("page.om");
        try (BufferedWriter out = Files.newBufferedWriter(page)) {
            gauge(out, "up", 1, 0);
            gauge(out, "scrape_duration_seconds", 0.02, 0);
            gauge(out, "etcd_server_has_leader", 1, 0);
            gauge(out, "etcd_server_proposals_pending", 0, 0);
            gauge(out, "etcd_server_proposals_committed_total", 1e6, 60);
            gauge(out, "etcd_server_proposals_applied_total", 1e6, 60);
            gauge(out, "etcd_mvcc_db_total_size_in_bytes", 2e8, 100);
            gauge(out, "etcd_server_quota_backend_bytes", 2e9, 0);
            gauge(out, "process_open_fds", 100, 0);
            gauge(out, "process_max_fds", 65536, 0);
            gauge(out, "process_start_time_seconds", 1.7e9, 0);
            gauge(out, "etcd_server_is_leader", 0, 0);
            gauge(out, "etcd_server_is_learner", 0, 0);
            counter(out, "etcd_server_slow_apply", 0.05);
            counter(out, "etcd_server_proposals_failed", 0);
            counter(out, "etcd_server_heartbeat_send_failures", 0.01);
            counter(out, "etcd_server_leader_changes_seen", 0);
            histogram(out, "etcd_disk_wal_fsync_duration_seconds", "");
            histogram(out, "etcd_disk_backend_commit_duration_seconds", "");
            histogram(out, "etcd_network_peer_round_trip_time_seconds", ",To=\"a\"");
            out.write("# EOF\n");
        }
        Process promtool = new ProcessBuilder(
                        "promtool",
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        page.toString(),
                        folder.resolve("data").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("promtool.log").toFile())
                .start();
        if (promtool.waitFor() != 0) {
            throw new IOException("promtool: " + Files.readString(folder.resolve("promtool.log")));
        }
        Files.delete(page);
    }

    private static void gauge(BufferedWriter out, String name, double value, double perSecond) throws IOException {
        out.write("# TYPE " + name + " gauge\n");
        series(out, name, "", value, perSecond);
    }

    private static void counter(BufferedWriter out, String name, double perSecond) throws IOException {
        out.write("# TYPE " + name + " counter\n");
        series(out, name + "_total", "", 10, perSecond);
    }

    private static void histogram(BufferedWriter out, String name, String labels) throws IOException {
        out.write("# TYPE " + name + " histogram\n");
        for (int i = 0; i < BOUNDS.length; i++) {
            series(out, name + "_bucket", labels + ",le=\"" + BOUNDS[i] + "\"", 1000, 40.0 * (i + 1) / BOUNDS.length);
        }
        series(out, name + "_bucket", labels + ",le=\"+Inf\"", 1000, 40);
        series(out, name + "_count", labels, 1000, 40);
    }

    // Five minutes before the end, every 15 s, for every member.
    private static void series(BufferedWriter out, String name, String labels, double first, double perSecond)
            throws IOException {
        for (int member = 0; member < CLUSTERS * MEMBERS; member++) {
            for (int at = -300; at <= 0; at += 15) {
                out.write(name + "{job=\"etcd\",cluster=\"cluster-" + member / MEMBERS + "\",instance=\"etcd-"
                        + member % MEMBERS + '"' + labels + "} " + (first + perSecond * (at + 300)) + ' '
                        + END.plusSeconds(at).getEpochSecond() + '\n');
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
