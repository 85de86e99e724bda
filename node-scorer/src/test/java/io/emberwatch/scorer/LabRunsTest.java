package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The model {@code etcd} against runs of the laboratory ({@code ScoreGroundTruthLab} in e2e), of three members and of five,
 * on a machine that others kept busy: scraped every 5 s ({@code lab-five-rare}: every 15 s, states drawn by lot), scored
 * every 15 s at three positions. {@code phases.csv} says what was done when, what kind of state it was and how clients
 * were served.
 */
final class LabRunsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /**
     * Where scrapes are as rare as scores, a sign that comes right after a scrape waits for the next, which a slow member
     * answers late, and for the score after that.
     */
    private static final Duration RARE_LIMIT = Duration.ofSeconds(32);

    /**
     * With the rest of the machine out of its way this member did not suffer: of all signals only one scrape was late.
     */
    private static final Set<String> UNFELT = Set.of("lab-three-calm/follower_cpu_5");

    private static Map<String, String> kinds(Path phases) throws Exception {
        Map<String, String> kinds = new HashMap<>();
        for (String line : Files.readAllLines(phases)) {
            String[] fields = line.trim().split(",", -1);
            kinds.put(fields[2], fields[fields.length - 1]);
        }
        return kinds;
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab-three", "lab-five", "lab-three-calm", "lab-files", "lab-five-rare"})
    void faultsAreSeenInTimeHarmlessStatesAreCalmAndNoSuffererReadsWell(String run, @TempDir Path folder)
            throws Exception {
        ReplayPrometheus.assumeInstalled();
        Map<String, String> kinds = kinds(RecordedRun.copy(run, "phases.csv", folder));
        List<String> wrong = new ArrayList<>();
        Duration limit = run.endsWith("-rare") ? RARE_LIMIT : LIMIT;
        try (RecordedRun recorded = RecordedRun.kept(run, folder)) {
            for (Replay replay : recorded.replays("etcd", 15, 5, Map.of())) {
                for (Phase phase : recorded.phases()) {
                    if (!UNFELT.contains(run + "/" + phase.name())) {
                        judge(replay, phase, kinds.getOrDefault(phase.name(), ""), limit, wrong);
                    }
                }
            }
        }
        assertThat(kinds).containsValue("fault");
        assertThat(wrong).isEmpty();
    }

    private static void judge(Replay replay, Phase phase, String kind, Duration limit, List<String> wrong) {
        if (kind.equals("harmless") && replay.lowest(phase) < Scorer.WELL) {
            wrong.add(phase.name() + " is harmless and scores " + replay.lowest(phase));
        }
        if (kind.equals("fault")) {
            Duration seen = replay.belowAfter(phase, Scorer.WELL);
            if (seen == null || seen.compareTo(limit) > 0) {
                wrong.add(phase.name() + " is seen after " + seen);
            }
            boolean lasted = phase.start().plus(limit).plus(Replay.INTERVAL).isBefore(phase.end());
            if (lasted && phase.clientsSuffer() && replay.highest(phase, limit) >= 8) {
                wrong.add("clients suffer in " + phase.name() + " and it scores " + replay.highest(phase, limit));
            }
        }
    }
}
