package io.emberwatch.e2e;

import io.emberwatch.e2e.ScoreLabRun.Act;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** States drawn by lot: every kind comes before one comes twice, in any order and of any size within its range. */
final class ScoreLabDraw {
    private final ScoreLabRun run;
    private final ScoreLab lab;
    private final Random random;

    ScoreLabDraw(ScoreLabRun run, long seed) {
        this.run = run;
        lab = run.lab();
        random = new Random(seed);
    }

    /** Until so many minutes have passed; the last state is brought to its end. */
    void run(int minutes) throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(minutes));
        while (true) {
            List<Act> states = new ArrayList<>(List.of(
                    this::slowLeader,
                    this::slowFollower,
                    this::starvedLeader,
                    this::pausedFollower,
                    this::stoppedFollower,
                    this::killedLeader,
                    this::longWays,
                    this::longWayToOne,
                    this::noQuorum,
                    this::noSpace,
                    this::noFiles,
                    this::busy,
                    this::idle,
                    this::maintained,
                    this::largeReads,
                    this::leases,
                    this::restarted,
                    this::connected));
            Collections.shuffle(states, random);
            for (Act state : states) {
                if (Instant.now().isAfter(end)) {
                    return;
                }
                state.run();
            }
        }
    }

    /** Between two sizes, small ones as likely as large ones. */
    private int between(int least, int most) {
        return (int) Math.round(least * Math.pow((double) most / least, random.nextDouble()));
    }

    private int seconds() {
        return 35 + random.nextInt(25);
    }

    private void slowLeader() throws Exception {
        int millis = between(12, 150);
        run.fault(
                "leader_fsync_" + millis,
                "+" + millis + " ms on the leader",
                seconds(),
                () -> lab.slowFsync(lab.leader(), millis),
                lab::fastFsync);
    }

    private void slowFollower() throws Exception {
        int millis = between(12, 150);
        int follower = random.nextInt(2);
        run.fault(
                "follower_fsync_" + millis,
                "+" + millis + " ms on a follower",
                seconds(),
                () -> lab.slowFsync(lab.follower(follower), millis),
                lab::fastFsync);
    }

    private void starvedLeader() throws Exception {
        int percent = 2 + random.nextInt(4);
        int leader = lab.leader();
        run.fault(
                "leader_cpu_" + percent,
                percent + " % of a processor",
                seconds(),
                () -> lab.starve(leader, percent),
                () -> lab.feed(leader));
    }

    private void pausedFollower() throws Exception {
        int member = lab.follower(random.nextInt(2));
        run.fault("follower_paused", "SIGSTOP", seconds(), () -> lab.pause(member), () -> lab.resume(member));
    }

    private void stoppedFollower() throws Exception {
        int member = lab.follower(random.nextInt(2));
        run.fault("follower_stopped", "SIGTERM", seconds(), () -> lab.stop(member), () -> lab.startAgain(member));
    }

    private void killedLeader() throws Exception {
        int pause = 15 + random.nextInt(15);
        Act kill = () -> {
            int leader = lab.leader();
            lab.kill(leader);
            java.util.concurrent.TimeUnit.SECONDS.sleep(5);
            lab.startAgain(leader);
        };
        run.fault(
                "leader_killed",
                "kill -9 twice, " + pause + " s between, started again after 5 s",
                seconds(),
                ScoreLabRun.every(pause, 2, kill),
                () -> {});
    }

    private void longWays() throws Exception {
        int millis = between(20, 250);
        run.fault(
                "net_" + millis,
                millis + " ms between all members",
                seconds(),
                () -> lab.delay(millis),
                () -> lab.delay(0));
    }

    private void longWayToOne() throws Exception {
        int millis = between(80, 500);
        int member = lab.follower(random.nextInt(2));
        run.fault(
                "net_follower_" + millis,
                millis + " ms to one follower",
                seconds(),
                () -> lab.delayTo(member, millis),
                () -> lab.delayTo(member, 0));
    }

    private void noQuorum() throws Exception {
        int alone = random.nextInt(lab.size());
        run.fault(
                "quorum_lost",
                "all but one stopped",
                seconds(),
                () -> {
                    for (int i = 0; i < lab.size(); i++) {
                        if (i != alone) {
                            lab.stop(i);
                        }
                    }
                },
                lab::revive);
    }

    private void noSpace() throws Exception {
        run.fault("nospace", "the quota reached", seconds(), lab::fill, lab::repairSpace);
    }

    private void noFiles() throws Exception {
        int member = random.nextBoolean() ? lab.leader() : lab.follower(0);
        int spare = 3 + random.nextInt(12);
        run.fault(
                "files_exhausted",
                "a member cannot open another",
                seconds(),
                () -> lab.exhaustFiles(member, spare),
                () -> lab.freeFiles(member));
    }

    private void busy() throws Exception {
        int times = 2 + random.nextInt(3);
        ScoreLabClients[] more = new ScoreLabClients[1];
        run.harmless(
                "busy",
                times + " times the load",
                seconds(),
                () -> more[0] = new ScoreLabClients(lab.urls(), 6 * (times - 1)),
                () -> more[0].close());
    }

    private void idle() throws Exception {
        run.harmless(
                "idle",
                "no client traffic",
                seconds() + 20,
                () -> run.clients().idle(true),
                () -> run.clients().idle(false));
    }

    private void maintained() throws Exception {
        run.harmless(
                "maintained",
                "compaction, defragmentation of a follower, a snapshot",
                seconds(),
                () -> {
                    lab.compact();
                    lab.defragment(lab.follower(0));
                    lab.snapshot(lab.follower(1));
                },
                () -> {});
    }

    private void largeReads() throws Exception {
        int pause = between(200, 2000);
        String url = lab.url(random.nextInt(lab.size()));
        String everything = "{\"key\":\"AA==\",\"range_end\":\"AA==\"}";
        ScoreLabWork reads =
                new ScoreLabWork(() -> Http.post(url + "/v3/kv/range", "application/json", everything), pause);
        run.harmless(
                "large_reads", "all keys read at once, " + pause + " ms between", seconds(), reads::begin, reads::end);
    }

    private void leases() throws Exception {
        int pause = between(20, 200);
        ScoreLabWork grants = new ScoreLabWork(
                () -> Http.post(lab.url(0) + "/v3/lease/grant", "application/json", "{\"TTL\":5}"), pause);
        run.harmless(
                "leases",
                "leases of 5 s granted every " + pause + " ms, and expiring",
                seconds(),
                grants::begin,
                grants::end);
    }

    private void restarted() throws Exception {
        int member = lab.follower(random.nextInt(2));
        run.harmless(
                "follower_restart",
                "stopped and started again",
                seconds() + 10,
                () -> {
                    lab.stop(member);
                    lab.startAgain(member);
                },
                () -> {});
    }

    private void connected() throws Exception {
        int connections = between(200, 3000);
        int member = random.nextInt(lab.size());
        run.harmless(
                "connections",
                connections + " idle",
                seconds(),
                () -> lab.connect(member, connections),
                lab::disconnect);
    }
}
