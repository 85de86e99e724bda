package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The model {@code etcd} against a second run of a real cluster, made after the thresholds were set, with faults of other
 * kinds and sizes and scraped only every 15 s: {@code second-run/page.om.gz}, and what was done when in {@code phases.csv}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecondRunTest {
    private static final Duration DETECTION = Duration.ofSeconds(45);
    private static final Set<String> CALM = Set.of("healthy", "busy", "idle", "healthy_again");
    private static final Set<String> DISK = Set.of("wal_fsync", "backend_commit");
    private static final Set<String> NETWORK = Set.of("write_latency", "slow_apply", "peer_round_trip");

    private static final Map<String, Set<String>> EVIDENCE = Map.ofEntries(
            Map.entry("follower_fsync_8", DISK),
            Map.entry("leader_fsync_20", DISK),
            Map.entry("leader_fsync_50", DISK),
            Map.entry("two_followers_60", DISK),
            Map.entry("net_15", NETWORK),
            Map.entry("net_40", NETWORK),
            Map.entry("net_follower_100", NETWORK),
            Map.entry("leader_paused", Set.of("down")),
            Map.entry("follower_crashloop", Set.of("down", "restarts")),
            Map.entry("rolling_restart", Set.of("down", "restarts", "restarts_in_cluster")));

    // The first of several restarts looks like the only one, which is maintenance.
    private static final Map<String, Duration> LATER = Map.of("rolling_restart", Duration.ofSeconds(90));

    private @Nullable RecordedRun kept;
    private List<Replay> replays = List.of();

    @BeforeAll
    void replay(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        RecordedRun opened = RecordedRun.kept("second-run", folder);
        kept = opened;
        replays = opened.replays("etcd", 15, 5, Map.of());
    }

    @AfterAll
    void stop() {
        if (kept != null) {
            kept.close();
        }
    }

    private RecordedRun run() {
        return Objects.requireNonNull(kept);
    }

    @Test
    void everyFaultIsSeenWithinThreeScrapesAndNamed() {
        EVIDENCE.forEach((name, evidence) -> {
            for (Replay replay : replays) {
                assertThat(replay.seenAfter(run().phase(name), evidence))
                        .as(name)
                        .isNotNull()
                        .isLessThanOrEqualTo(LATER.getOrDefault(name, DETECTION));
            }
        });
    }

    @Test
    void aClusterThatIsWellScoresAtLeastNineBusyOrIdle() {
        assertThat(run().alarming(CALM, replays)).isEmpty();
    }

    @Test
    void noScoreIsGoodWhileClientsSuffer() {
        assertThat(run().suffering()).hasSizeGreaterThan(4);
        assertThat(run().blind(DETECTION, replays)).isEmpty();
    }

    @Test
    void whatOneMemberSuffersCostsLessThanWhatAllSuffer() {
        for (Replay replay : replays) {
            for (String one : List.of("follower_fsync_8", "net_follower_100")) {
                for (String all : List.of("leader_fsync_50", "two_followers_60", "net_40")) {
                    assertThat(replay.median(run().phase(one), DETECTION))
                            .as(one + " against " + all)
                            .isGreaterThan(replay.median(run().phase(all), DETECTION) + 2);
                }
            }
        }
    }
}
