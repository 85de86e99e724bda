package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.scorer.Measurements.Input;
import io.emberwatch.scorer.Measurements.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The estimate of how long a write takes, from the few moments at which scrapes see proposals wait: clusters that are well
 * but stall for a tenth of a second now and then stay well for hours, and clusters that are slow are seen.
 */
final class WriteLatencyTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MEMBERS = 3;
    private static final Duration LENGTH = Duration.ofHours(3);

    /**
     * A cluster whose writes come at random.
     *
     * @param seconds that each write takes
     * @param stalled the share of time in which all wait for the end of a stall of a tenth of a second
     */
    private record Load(String name, int writesPerSecond, double seconds, double stalled) {}

    private static final List<Load> WELL = List.of(
            new Load("hardly_used", 3, 0.004, 0.02),
            new Load("laboratory", 17, 0.004, 0.02),
            new Load("usual", 60, 0.004, 0.02),
            new Load("busy", 300, 0.004, 0.02),
            new Load("very_busy", 2000, 0.004, 0.02));

    private static final List<Load> SLOW =
            List.of(new Load("slow", 20, 0.2, 0), new Load("busy_and_slow", 300, 0.08, 0));

    @Test
    void aClusterThatIsWellIsNotCalledSlowForWhatASingleScrapeMet(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        for (int interval : new int[] {5, 15}) {
            Map<String, List<Double>> scores = scores(WELL, interval, folder.resolve("every" + interval));
            assertThat(scores).hasSize(WELL.size());
            scores.forEach((cluster, seen) -> assertThat(seen)
                    .as(cluster + ", scraped every " + interval + " s")
                    .hasSizeGreaterThan(600)
                    .allSatisfy(score -> assertThat(score).isGreaterThanOrEqualTo(Scorer.WELL)));
        }
    }

    @Test
    void aClusterThatIsSlowIsCalledSo(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        for (int interval : new int[] {5, 15}) {
            Map<String, List<Double>> scores = scores(SLOW, interval, folder.resolve("every" + interval));
            scores.forEach((cluster, seen) -> {
                long slow = seen.stream().filter(score -> score < 8).count();
                assertThat((double) slow / seen.size())
                        .as(cluster + ", scraped every " + interval + " s")
                        .isGreaterThan(0.9);
            });
        }
    }

    private static Map<String, List<Double>> scores(List<Load> loads, int interval, Path folder) throws Exception {
        Files.createDirectories(folder);
        Path page = folder.resolve("page");
        Files.writeString(page, page(loads, interval));
        ScoreModel model = Models.load("etcd");
        ScoreModel.Indicator indicator = model.indicators().stream()
                .filter(one -> one.name().equals("write_latency"))
                .findFirst()
                .orElseThrow();
        Instant first = START.plus(Duration.ofMinutes(5));
        Instant last = START.plus(LENGTH);
        Map<String, List<Double>> scores = new HashMap<>();
        try (ReplayPrometheus prometheus = ReplayPrometheus.of(page, folder)) {
            Recording recording = new Recording(prometheus.client(), first, last, Replay.INTERVAL, Map.of());
            Surveyor surveyor = new Surveyor(model, recording);
            for (Instant at = first; !at.isAfter(last); at = at.plus(Replay.INTERVAL)) {
                Map<Member, Input> inputs = surveyor.measure(at).inputs().getOrDefault("write_latency", Map.of());
                for (Load load : loads) {
                    Input input = inputs.get(new Member(Labels.of("cluster", load.name()), "0"));
                    assertThat(input).as(load.name() + " at " + at).isNotNull();
                    scores.computeIfAbsent(load.name(), name -> new ArrayList<>())
                            .add(indicator.scale().score(input.value()));
                }
            }
        }
        return scores;
    }

    private static String page(List<Load> loads, int interval) {
        StringBuilder up = new StringBuilder("# TYPE up gauge\n");
        StringBuilder leader = new StringBuilder("# TYPE etcd_server_has_leader gauge\n");
        StringBuilder applied = new StringBuilder("# TYPE etcd_server_proposals_applied_total gauge\n");
        StringBuilder pending = new StringBuilder("# TYPE etcd_server_proposals_pending gauge\n");
        SplittableRandom random = new SplittableRandom(7);
        for (Load load : loads) {
            double[] stalledFor = stalls(load, interval, random);
            for (int member = 0; member < MEMBERS; member++) {
                String labels = "{cluster=\"" + load.name() + "\",instance=\"" + member + "\",job=\"etcd\"} ";
                for (int i = 0; i < stalledFor.length; i++) {
                    String time = " " + (START.getEpochSecond() + (long) i * interval) + "\n";
                    double mean = load.writesPerSecond() * (load.seconds() + stalledFor[i]) / MEMBERS;
                    up.append("up").append(labels).append(1).append(time);
                    leader.append("etcd_server_has_leader")
                            .append(labels)
                            .append(1)
                            .append(time);
                    applied.append("etcd_server_proposals_applied_total")
                            .append(labels)
                            .append((long) i * interval * load.writesPerSecond())
                            .append(time);
                    pending.append("etcd_server_proposals_pending")
                            .append(labels)
                            .append(poisson(mean, random))
                            .append(time);
                }
            }
        }
        return up.append(leader)
                .append(applied)
                .append(pending)
                .append("# EOF\n")
                .toString();
    }

    // How long a stall has lasted at each scrape, for all members alike.
    private static double[] stalls(Load load, int interval, SplittableRandom random) {
        double[] lasted = new double[(int) LENGTH.toSeconds() / interval + 1];
        for (int i = 0; i < lasted.length; i++) {
            lasted[i] = random.nextDouble() < load.stalled() ? random.nextDouble() * 0.1 : 0;
        }
        return lasted;
    }

    private static int poisson(double mean, SplittableRandom random) {
        int count = 0;
        for (double left = -Math.log(1 - random.nextDouble()); left < mean; left -= Math.log(1 - random.nextDouble())) {
            count++;
        }
        return count;
    }
}
