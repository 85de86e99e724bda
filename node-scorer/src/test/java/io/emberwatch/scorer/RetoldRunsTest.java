package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Recorded runs told anew, as clusters side by side in one Prometheus: scraped every 5 to 60 s, one member after the
 * other, with the metrics of other versions, without a member, with counters that begin anew and scrapes that fail. What
 * is seen, and what is not called bad, must not depend on it.
 */
final class RetoldRunsTest {
    private static final List<String> FAULTS = List.of(
            "slow_fsync_follower",
            "slow_fsync_leader",
            "cpu_starved_leader",
            "follower_stopped",
            "leader_killed",
            "net_delay",
            "quorum_lost",
            "db_fill",
            "nospace");
    private static final List<String> HARMLESS = List.of("healthy", "idle", "healthy2", "fd_pressure");

    // A member that nobody knows of is no member: what only it suffers is not seen.
    private static final Set<String> ALONE = Set.of("follower_stopped", "slow_fsync_follower");

    // With the rest of the machine out of its way this member did not suffer.
    private static final Set<String> UNFELT = Set.of("lab-three-calm/follower_cpu_5");

    // Writes take 7 ms in it and none fails. Its one sign comes some 20 s after its beginning, a score 15 s later.
    private static final String HARDLY_FELT = "leader_cpu_5";
    private static final Duration LATER = Duration.ofSeconds(35);

    private static final @Nullable Integer POSITIONS = Integer.getInteger("emberwatch.retold");

    private static List<Telling> tellings(String untold, List<Phase> phases) {
        List<Telling> tellings = new ArrayList<>(
                List.of(Telling.every(15).staggered(), Telling.every(30), Telling.old(), Telling.losing(9)));
        if (POSITIONS != null) {
            tellings.addAll(List.of(
                    Telling.every(5),
                    Telling.every(5).staggered(),
                    Telling.every(15),
                    Telling.every(60),
                    Telling.recent(),
                    Telling.without(untold)));
        }
        // Two members that start again within two minutes are a wave.
        if (phases.stream().noneMatch(phase -> phase.name().equals("follower_restart"))) {
            Phase well = phases.stream()
                    .filter(phase -> phase.name().equals("healthy"))
                    .findFirst()
                    .orElseThrow();
            tellings.add(Telling.restarted(well.start().plusSeconds(60)));
        }
        return tellings;
    }

    private static void judge(Map<String, String> kinds, List<Phase> phases, Path page, Path folder, String untold)
            throws Exception {
        int positions = POSITIONS == null ? 1 : POSITIONS;
        List<Telling> tellings = tellings(untold, phases);
        Path told = folder.resolve("told.om");
        RetoldRun.write(page, phases.get(0).start(), 5, tellings, told);
        List<String> wrong = new ArrayList<>();
        try (ReplayPrometheus prometheus = ReplayPrometheus.of(told, folder)) {
            Instant end = phases.get(phases.size() - 1).end();
            for (int position = 0; position < positions; position++) {
                Instant start = phases.get(0).start().plusSeconds(15 + 15L * position / positions);
                Recording recording = new Recording(prometheus.client(), start, end, Replay.INTERVAL, Map.of());
                Map<String, Replay> replays = Replay.all(Models.load("etcd"), recording, start, end);
                for (Telling telling : tellings) {
                    Replay replay = replays.get(telling.name());
                    assertThat(replay).as(telling.name()).isNotNull();
                    Instant quiet = start;
                    for (Phase phase : phases) {
                        String kind = kinds.getOrDefault(phase.name(), "");
                        boolean echoes = phase.start().isBefore(quiet.plus(telling.echo()));
                        boolean begins =
                                phase.start().isBefore(phases.get(0).start().plus(telling.beginning()));
                        if (!kind.equals("harmless") || !(echoes || begins)) {
                            judge(telling, replay, phase, kind, wrong);
                        }
                        quiet = kind.equals("fault") ? phase.end() : quiet;
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void judge(Telling telling, Replay replay, Phase phase, String kind, List<String> wrong) {
        String where = telling.name() + ": " + phase.name();
        if (kind.equals("harmless") && replay.lowest(phase) < Scorer.WELL) {
            wrong.add(where + " is harmless and scores " + replay.lowest(phase) + ": " + replay.whyLowest(phase));
        }
        if (kind.equals("fault") && (telling.untold().isEmpty() || !ALONE.contains(phase.name()))) {
            Duration seen = replay.belowAfter(phase, Scorer.WELL);
            // A state that was over sooner than it had to be seen proves nothing.
            boolean lasted =
                    phase.start().plus(telling.limit()).plus(Replay.INTERVAL).isBefore(phase.end());
            boolean hardly = phase.name().equals(HARDLY_FELT) && telling.limit().compareTo(LATER) < 0;
            if (lasted && (seen == null || seen.compareTo(hardly ? LATER : telling.limit()) > 0)) {
                wrong.add(where + " is seen after " + seen);
            }
            if (lasted && phase.clientsSuffer() && replay.highest(phase, telling.limit()) >= 8) {
                wrong.add(where + ": clients suffer and it scores " + replay.highest(phase, telling.limit()));
            }
        }
    }

    @Test
    void theHourOfTheSamples(@TempDir Path folder) throws Exception {
        String samples = System.getenv("EMBERWATCH_CORPUS");
        assumeTrue(samples != null, "EMBERWATCH_CORPUS is not set");
        ReplayPrometheus.assumeInstalled();
        Path corpus = Path.of(samples, "etcd");
        Map<String, String> kinds = new HashMap<>();
        FAULTS.forEach(name -> kinds.put(name, "fault"));
        HARMLESS.forEach(name -> kinds.put(name, "harmless"));
        judge(kinds, Phase.read(corpus.resolve("phases.csv")), corpus.resolve("raw.om.gz"), folder, "etcd-0");
    }

    @ParameterizedTest
    @CsvSource({"lab-three, etcd-1", "lab-five, etcd-4", "lab-three-calm, etcd-2"})
    @EnabledIfSystemProperty(
            named = "emberwatch.retold",
            matches = "\\d+",
            disabledReason = "takes long: -Demberwatch.retold=POSITIONS")
    void aRunOfTheLaboratory(String run, String untold, @TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        Path phases = RecordedRun.copy(run, "phases.csv", folder);
        Map<String, String> kinds = new HashMap<>();
        for (String line : Files.readAllLines(phases)) {
            String[] fields = line.trim().split(",", -1);
            kinds.put(fields[2], UNFELT.contains(run + "/" + fields[2]) ? "" : fields[fields.length - 1]);
        }
        judge(kinds, Phase.read(phases), RecordedRun.copy(run, "page.om.gz", folder), folder, untold);
    }
}
