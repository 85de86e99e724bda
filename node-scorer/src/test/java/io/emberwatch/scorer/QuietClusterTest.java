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
 * Clusters that hardly anybody writes to, on a disk of which three syncs of two thousand take 12 ms, as measured of a real
 * one that was well: for hours none is called slow for one of them, and one whose every sync is slow is.
 */
final class QuietClusterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LENGTH = Duration.ofHours(3);
    private static final Duration SCRAPES = Duration.ofSeconds(15);
    private static final double[] BOUNDS = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032};
    private static final String SYNCS = "etcd_disk_wal_fsync_duration_seconds_bucket";

    /** @param syncs in a minute, the share of {@code slow} of which takes {@code seconds} */
    private record Disk(String name, int syncs, double slow, double seconds) {}

    private static final List<Disk> WELL = List.of(
            new Disk("two", 2, 0.0015, 0.012),
            new Disk("twelve", 12, 0.0015, 0.012),
            new Disk("sixty", 60, 0.0015, 0.012),
            new Disk("thousands", 3600, 0.0015, 0.012));
    private static final List<Disk> SLOW = List.of(
            new Disk("slow_twelve", 12, 1, 0.02),
            new Disk("slow_sixty", 60, 0.5, 0.02),
            new Disk("slow_thousands", 3600, 0.03, 0.02));

    @Test
    void aSlowSyncNowAndThenIsNoSlowDisk(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        List<Disk> disks = new ArrayList<>(WELL);
        disks.addAll(SLOW);
        Map<String, List<Double>> scores = scores(disks, folder);

        for (Disk disk : WELL) {
            assertThat(scores.get(disk.name()))
                    .as(disk.name())
                    .hasSizeGreaterThan(600)
                    .allSatisfy(score -> assertThat(score).isGreaterThanOrEqualTo(Scorer.WELL));
        }
        for (Disk disk : SLOW) {
            assertThat(scores.get(disk.name()))
                    .as(disk.name())
                    .hasSizeGreaterThan(600)
                    .allSatisfy(score -> assertThat(score).isLessThan(8));
        }
    }

    private static Map<String, List<Double>> scores(List<Disk> disks, Path folder) throws Exception {
        ScoreModel model = Models.load("etcd");
        ScoreModel.Indicator indicator = model.indicators().stream()
                .filter(one -> one.name().equals("wal_fsync"))
                .findFirst()
                .orElseThrow();
        Instant first = START.plus(Duration.ofMinutes(5));
        Instant last = START.plus(LENGTH);
        Map<String, List<Double>> scores = new HashMap<>();
        Path page = Files.writeString(folder.resolve("page"), page(disks));
        try (ReplayPrometheus prometheus = ReplayPrometheus.of(page, folder)) {
            Recording recording = new Recording(prometheus.client(), first, last, Replay.INTERVAL, Map.of());
            Surveyor surveyor = new Surveyor(model, recording);
            for (Instant at = first; !at.isAfter(last); at = at.plus(Replay.INTERVAL)) {
                Map<Member, Input> inputs = surveyor.measure(at).inputs().getOrDefault(indicator.name(), Map.of());
                for (Disk disk : disks) {
                    Input input = inputs.get(new Member(Labels.of("cluster", disk.name()), "0"));
                    assertThat(input).as(disk.name() + " at " + at).isNotNull();
                    // Without a sync in a minute it was idle, which is well.
                    double score = Double.isNaN(input.value())
                            ? Scale.BEST
                            : indicator.scale().score(input.value());
                    scores.computeIfAbsent(disk.name(), name -> new ArrayList<>())
                            .add(score);
                }
            }
        }
        return scores;
    }

    private static String page(List<Disk> disks) {
        StringBuilder up = new StringBuilder("# TYPE up gauge\n");
        StringBuilder buckets = new StringBuilder("# TYPE " + SYNCS + " unknown\n");
        SplittableRandom random = new SplittableRandom(11);
        for (Disk disk : disks) {
            String labels = "{cluster=\"" + disk.name() + "\",instance=\"0\",job=\"etcd\"";
            long[] counts = new long[BOUNDS.length + 1];
            StringBuilder[] lines = new StringBuilder[counts.length];
            for (int i = 0; i < lines.length; i++) {
                lines[i] = new StringBuilder();
            }
            for (long second = 0; second <= LENGTH.toSeconds(); second += SCRAPES.toSeconds()) {
                String time = " " + (START.getEpochSecond() + second) + "\n";
                up.append("up").append(labels).append("} 1").append(time);
                count(disk, counts, random);
                long sum = 0;
                for (int i = 0; i < counts.length; i++) {
                    sum += counts[i];
                    String bound = i < BOUNDS.length ? String.valueOf(BOUNDS[i]) : "+Inf";
                    lines[i].append(SYNCS)
                            .append(labels)
                            .append(",le=\"" + bound + "\"} ")
                            .append(sum)
                            .append(time);
                }
            }
            for (StringBuilder line : lines) {
                buckets.append(line);
            }
        }
        return up.append(buckets).append("# EOF\n").toString();
    }

    // The syncs between two scrapes.
    private static void count(Disk disk, long[] counts, SplittableRandom random) {
        double mean = disk.syncs() * SCRAPES.toSeconds() / 60.0;
        int syncs = (int) mean + (random.nextDouble() < mean - (int) mean ? 1 : 0);
        for (int i = 0; i < syncs; i++) {
            double seconds = random.nextDouble() < disk.slow() ? disk.seconds() : 0.0005 + 0.001 * random.nextDouble();
            int bucket = 0;
            while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
                bucket++;
            }
            counts[bucket]++;
        }
    }
}
