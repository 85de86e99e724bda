package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.e2e.ScoreLabRun.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Faults made on purpose, a quarter of an hour each, for clusters of three and of five. By hand: {@code
 * -Dtest=ScoreGroundTruthLab -Demberwatch.lab=FOLDER} says where the recordings and the tables go.
 */
@EnabledIfSystemProperty(named = "emberwatch.lab", matches = ".+", disabledReason = "by hand: -Demberwatch.lab=FOLDER")
final class ScoreGroundTruthLab {
    private static final Path FOLDER = Path.of(System.getProperty("emberwatch.lab", "target/lab"));
    private static final int FAULT = 45;

    @Test
    void threeMembers() throws Exception {
        try (ScoreLabRun run = ScoreLabRun.start(FOLDER.resolve("three"), 3, 5)) {
            harmless(run);
            slowDisks(run);
            processors(run);
            conclude(run, "three");
        }
    }

    @Test
    void membersAndNetworkOfThree() throws Exception {
        try (ScoreLabRun run = ScoreLabRun.start(FOLDER.resolve("members"), 3, 5)) {
            run.phase("warmup", Kind.AFTER, "", 60);
            members(run);
            network(run);
            conclude(run, "members");
        }
    }

    @Test
    void filesOfThree() throws Exception {
        try (ScoreLabRun run = ScoreLabRun.start(FOLDER.resolve("files"), 3, 5)) {
            run.phase("warmup", Kind.AFTER, "", 60);
            files(run);
            conclude(run, "files");
        }
    }

    @Test
    void resourcesOfThree() throws Exception {
        try (ScoreLabRun run = ScoreLabRun.start(FOLDER.resolve("resources"), 3, 5)) {
            run.phase("warmup", Kind.AFTER, "", 60);
            resources(run);
            conclude(run, "resources");
        }
    }

    @Test
    void fiveMembers() throws Exception {
        try (ScoreLabRun run = ScoreLabRun.start(FOLDER.resolve("five"), 5, 5)) {
            ScoreLab lab = run.lab();
            run.phase("warmup", Kind.AFTER, "", 60);
            run.phase("healthy", Kind.HARMLESS, "baseline load", 60);
            restart(run);
            fault(
                    run,
                    "leader_fsync_30",
                    "+30 ms on the leader",
                    () -> lab.slowFsync(lab.leader(), 30),
                    lab::fastFsync);
            int[] slow = {lab.follower(0), lab.follower(1)};
            fault(
                    run,
                    "two_followers_fsync_60",
                    "+60 ms on two followers of four",
                    () -> {
                        lab.slowFsync(slow[0], 60);
                        lab.slowFsync(slow[1], 60);
                    },
                    lab::fastFsync);
            int starved = lab.leader();
            fault(run, "leader_cpu_5", "5 % of a processor", () -> lab.starve(starved, 5), () -> lab.feed(starved));
            fault(
                    run,
                    "two_stopped",
                    "two followers of four",
                    () -> {
                        lab.stop(slow[0]);
                        lab.stop(slow[1]);
                    },
                    () -> {
                        lab.startAgain(slow[0]);
                        lab.startAgain(slow[1]);
                    });
            kills(run);
            fault(run, "net_30", "30 ms between all members", () -> lab.delay(30), () -> lab.delay(0));
            fault(
                    run,
                    "quorum_lost",
                    "three of five stopped",
                    () -> {
                        lab.stop(2);
                        lab.stop(3);
                        lab.stop(4);
                    },
                    () -> {
                        lab.startAgain(2);
                        lab.startAgain(3);
                        lab.startAgain(4);
                    });
            fault(run, "nospace", "the quota reached", lab::fill, lab::repairSpace);
            conclude(run, "five");
        }
    }

    /**
     * States in an order and of sizes that nobody has chosen: {@code -Demberwatch.lab.seed=N}, and if need be {@code
     * -Demberwatch.lab.minutes=60}, {@code .size=5} members, {@code .interval=15} between scrapes, {@code .calm=300} to
     * wait at most until what one state leaves is gone.
     */
    @Test
    void drawn() throws Exception {
        long seed = Long.getLong("emberwatch.lab.seed", 1);
        int scrapes = Integer.getInteger("emberwatch.lab.interval", 5);
        int size = Integer.getInteger("emberwatch.lab.size", 3);
        String name = "drawn-" + seed + "-of-" + size;
        try (ScoreLabRun run = ScoreLabRun.start(FOLDER.resolve(name), size, scrapes)) {
            run.phase("warmup", Kind.AFTER, "", 60);
            new ScoreLabDraw(run, seed).run(Integer.getInteger("emberwatch.lab.minutes", 14));
            conclude(run, name);
        }
    }

    private static void harmless(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        run.phase("warmup", Kind.AFTER, "", 60);
        run.phase("healthy", Kind.HARMLESS, "baseline load", 60);
        run.phase(
                "idle",
                Kind.HARMLESS,
                "no client traffic",
                60,
                () -> run.clients().idle(true),
                () -> run.clients().idle(false));
        run.phase("compaction", Kind.HARMLESS, "three times", 35, ScoreLabRun.every(10, 3, lab::compact), () -> {});
        run.phase(
                "defragmentation",
                Kind.HARMLESS,
                "of two followers",
                35,
                () -> {
                    lab.defragment(lab.follower(0));
                    lab.defragment(lab.follower(1));
                },
                () -> {});
        run.phase("snapshot", Kind.HARMLESS, "of a follower", 35, () -> lab.snapshot(lab.follower(0)), () -> {});
        run.phase("connections", Kind.HARMLESS, "1500 idle", 35, () -> lab.connect(0, 1500), lab::disconnect);
        restart(run);
    }

    private static void restart(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        run.phase(
                "follower_restart",
                Kind.HARMLESS,
                "stopped and started again",
                60,
                () -> {
                    int member = lab.follower(0);
                    lab.stop(member);
                    lab.startAgain(member);
                },
                () -> {});
    }

    private static void slowDisks(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        fault(
                run,
                "follower_fsync_15",
                "+15 ms on a follower",
                () -> lab.slowFsync(lab.follower(0), 15),
                lab::fastFsync);
        fault(run, "leader_fsync_15", "+15 ms on the leader", () -> lab.slowFsync(lab.leader(), 15), lab::fastFsync);
        fault(run, "leader_fsync_80", "+80 ms on the leader", () -> lab.slowFsync(lab.leader(), 80), lab::fastFsync);
    }

    private static void processors(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        int leader = lab.leader();
        fault(run, "leader_cpu_5", "5 % of a processor", () -> lab.starve(leader, 5), () -> lab.feed(leader));
        int follower = lab.follower(0);
        fault(run, "follower_cpu_5", "5 % of a processor", () -> lab.starve(follower, 5), () -> lab.feed(follower));
    }

    private static void members(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        int paused = lab.follower(0);
        fault(run, "follower_paused", "SIGSTOP", () -> lab.pause(paused), () -> lab.resume(paused));
        int stopped = lab.follower(1);
        fault(run, "follower_stopped", "SIGTERM", () -> lab.stop(stopped), () -> lab.startAgain(stopped));
        kills(run);
    }

    private static void kills(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        fault(
                run,
                "leader_killed",
                "kill -9 every 25 s and started again after 5 s",
                ScoreLabRun.every(20, 2, () -> {
                    int leader = lab.leader();
                    lab.kill(leader);
                    java.util.concurrent.TimeUnit.SECONDS.sleep(5);
                    lab.startAgain(leader);
                }),
                () -> {});
    }

    private static void network(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        fault(run, "net_60", "60 ms between all members", () -> lab.delay(60), () -> lab.delay(0));
        int far = lab.follower(0);
        fault(
                run,
                "net_follower_200",
                "200 ms to one follower",
                () -> lab.delayTo(far, 200),
                () -> lab.delayTo(far, 0));
    }

    private static void files(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        int member = lab.leader();
        fault(
                run,
                "files_exhausted",
                "the leader cannot open another",
                () -> lab.exhaustFiles(member, 10),
                () -> lab.freeFiles(member));
    }

    private static void resources(ScoreLabRun run) throws Exception {
        ScoreLab lab = run.lab();
        files(run);
        fault(
                run,
                "quorum_lost",
                "two of three stopped",
                () -> {
                    lab.stop(1);
                    lab.stop(2);
                },
                () -> {
                    lab.startAgain(1);
                    lab.startAgain(2);
                });
        fault(run, "nospace", "the quota reached", lab::fill, lab::repairSpace);
    }

    private static void fault(ScoreLabRun run, String name, String detail, ScoreLabRun.Act begin, ScoreLabRun.Act end)
            throws Exception {
        run.fault(name, detail, FAULT, begin, end);
    }

    private static void conclude(ScoreLabRun run, String name) throws Exception {
        String table = ScoreLabTable.of(run);
        Files.writeString(FOLDER.resolve(name + ".md"), table);
        run.record();
        assertThat(ScoreLabTable.failings(run, Duration.ofSeconds(30))).isEmpty();
    }
}
