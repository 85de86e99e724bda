package io.emberwatch.e2e;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Two weeks of a cluster that runs for minutes only, for what a scorer learns from weeks.
 *
 * <p>Its syncs and commits are those that the laboratory recorded of a real cluster, quick ones and slow ones: the busier
 * the hour, the more there are and the more of them are slow. Its database and its files grow towards what its members hold now.
 */
final class RecordedPast {
    private static final Path RECORDED =
            Path.of("../node-scorer/src/test/resources/io/emberwatch/scorer/lab-three-calm/page.om.gz");
    private static final Pattern SAMPLE = Pattern.compile("(etcd_disk_\\w+_duration_seconds_bucket"
            + "|etcd_network_client_grpc_received_bytes_total)"
            + "\\{cluster=\"lab\",instance=\"etcd-0\",job=\"etcd\"(,le=\"[^\"]+\")?} (\\S+) (\\S+)");
    private static final List<String> HELD = List.of("etcd_mvcc_db_total_size_in_bytes", "process_open_fds");
    private static final List<String> FIXED =
            List.of("etcd_server_quota_backend_bytes", "process_max_fds", "etcd_server_has_leader");

    // From phases.csv beside the recording: the base load, and 15 ms more for each sync of the leader.
    private static final long QUIET_FROM = 1_795_261_067;
    private static final long QUIET_TO = 1_795_261_127;
    private static final long SLOW_FROM = 1_795_261_536;
    private static final long SLOW_TO = 1_795_261_576;

    private static final Duration BACK = Duration.ofDays(14).plusHours(2);
    private static final Duration GROWTH = Duration.ofHours(6);
    // Two samples for each window of five minutes.
    private static final Duration STEP = Duration.ofSeconds(150);
    // What the windows of live scores look at is the members' own.
    private static final Duration ENDED = Duration.ofMinutes(7);

    private final Map<String, double[]> recorded;
    private final SplittableRandom random = new SplittableRandom(1);

    private RecordedPast(Map<String, double[]> recorded) {
        this.recorded = recorded;
    }

    /** Writes the past of a cluster into the data folder of a Prometheus that is not running. */
    static void write(EtcdCluster etcd, String cluster, Path folder, Path data) throws Exception {
        Path page = folder.resolve("past.om");
        RecordedPast past = new RecordedPast(recorded());
        try (BufferedWriter out = Files.newBufferedWriter(page)) {
            for (int member = 0; member < etcd.size(); member++) {
                past.member(etcd, member, cluster, out);
            }
            out.write("# EOF\n");
        }
        PrometheusServer.fill(page, data);
        Files.delete(page);
    }

    // By name and bound: how much of it comes in a second when the disk is quick, and when it is slow.
    private static Map<String, double[]> recorded() throws IOException {
        long[] edges = {QUIET_FROM, QUIET_TO, SLOW_FROM, SLOW_TO};
        Map<String, double[]> seen = new TreeMap<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(RECORDED)), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Matcher sample = SAMPLE.matcher(line);
                if (sample.matches()) {
                    double[] values = seen.computeIfAbsent(
                            sample.group(1) + (sample.group(2) == null ? "" : sample.group(2)), name -> new double[4]);
                    for (int i = 0; i < edges.length; i++) {
                        boolean passed = Double.parseDouble(sample.group(4)) > edges[i];
                        values[i] = passed ? values[i] : Double.parseDouble(sample.group(3));
                    }
                }
            }
        }
        Map<String, double[]> rates = new TreeMap<>();
        seen.forEach((name, values) -> rates.put(name, new double[] {
            (values[1] - values[0]) / (QUIET_TO - QUIET_FROM), (values[3] - values[2]) / (SLOW_TO - SLOW_FROM)
        }));
        return rates;
    }

    private void member(EtcdCluster etcd, int member, String cluster, BufferedWriter out) throws IOException {
        String labels = "{cluster=\"" + cluster + "\",instance=\"etcd-" + member + "\"}";
        long end = Instant.now().minus(ENDED).getEpochSecond() / STEP.toSeconds();
        count(labels, end - BACK.dividedBy(STEP), end, out);
        Page now = Page.of(Http.get(etcd.url(member) + "/metrics"));
        long grows = GROWTH.dividedBy(STEP);
        for (long i = 0; i < grows; i++) {
            for (String held : HELD) {
                double grown = 0.1 + 0.8 * i / grows;
                sample(out, held + labels, Math.rint(grown * now.value(held)), end - grows + i);
            }
            for (String fixed : FIXED) {
                sample(out, fixed + labels, now.value(fixed), end - grows + i);
            }
        }
    }

    private void count(String labels, long from, long to, BufferedWriter out) throws IOException {
        double[] totals = new double[recorded.size()];
        for (long step = from; step < to; step++) {
            double hour = step * STEP.toSeconds() % 86_400 / 3600.0;
            double busy = 0.5 - 0.5 * Math.cos(hour / 24 * 2 * Math.PI);
            double slow = (0.03 + 0.4 * busy) * scatter(1);
            double load = (0.4 + busy) * scatter(0.6);
            int each = 0;
            for (Map.Entry<String, double[]> rate : recorded.entrySet()) {
                totals[each] += load * STEP.toSeconds() * ((1 - slow) * rate.getValue()[0] + slow * rate.getValue()[1]);
                sample(out, series(rate.getKey(), labels), Math.rint(totals[each++]), step);
            }
        }
    }

    private double scatter(double width) {
        return Math.exp(width * (random.nextDouble() - 0.5));
    }

    // Labels of its own go before the bracket of the member's.
    private static String series(String recorded, String labels) {
        int bound = recorded.indexOf(',');
        return bound < 0
                ? recorded + labels
                : recorded.substring(0, bound) + labels.replace("}", recorded.substring(bound) + "}");
    }

    private static void sample(BufferedWriter out, String series, double value, long step) throws IOException {
        out.write(series);
        out.write(' ');
        out.write(Long.toString((long) value));
        out.write(' ');
        out.write(Long.toString(step * STEP.toSeconds()));
        out.write('\n');
    }
}
