package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A labelled run: a cluster goes through states while a real Prometheus scrapes it every 5 s, the scorer scores it, the
 * script of 2022 is followed beside it, and the alerts of etcd's mixin are evaluated.
 */
final class ScoreLabRun implements AutoCloseable {
    /** What a state is. */
    enum Kind {
        FAULT,
        HARMLESS,
        /** After a fault; what still shows of it is its echo. */
        AFTER
    }

    /** One state, and how clients were served in it. */
    record Phase(
            Instant start,
            Instant end,
            String name,
            Kind kind,
            String detail,
            int leaderBefore,
            int leaderAfter,
            ScoreLabClients.Service service) {
        boolean clientsSuffer() {
            long asked = service.answered() + service.failed();
            return service.median() > 40 || (asked > 0 && service.failed() > 0.01 * asked);
        }

        String csv() {
            return String.format(
                    Locale.ROOT,
                    "%d,%d,%s,%s,%d,%d,%d,%d,%.2f,%.2f,%s",
                    start.getEpochSecond(),
                    end.getEpochSecond(),
                    name,
                    detail.replace(',', ';'),
                    leaderBefore,
                    leaderAfter,
                    service.answered(),
                    service.failed(),
                    service.median(),
                    service.slowest(),
                    kind.name().toLowerCase(Locale.ROOT));
        }
    }

    /** A score at a time; NaN for none. */
    record Seen(Instant at, double score, String why) {}

    /** What is done to a cluster. */
    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }

    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(Long.getLong("emberwatch.lab.calm", 240));
    private static final int SETTLING_SECONDS = 20;
    private static final int STEADY = 16;
    private static final double CALM = 9.3; // an hour with many changes of leader leaves half a point out
    private static final Act NOTHING = () -> {};

    private final Path folder;
    private final ScoreLab lab;
    private final ScoreLabClients clients;
    private final ServerProcess prometheus;
    private final ServerProcess scorer;
    private final String prometheusUrl;
    private final String scorerUrl;
    private final List<Phase> phases = new ArrayList<>();
    private final List<Seen> ours = new CopyOnWriteArrayList<>();
    private final List<Seen> script = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private ScoreLabRun(Path folder, ScoreLab lab, int interval, List<String> scorerArguments) throws Exception {
        this.folder = folder;
        this.lab = lab;
        clients = new ScoreLabClients(lab.urls(), 6);
        int prometheusPort = Peers.freePort();
        int scorerPort = Peers.freePort();
        prometheusUrl = "http://127.0.0.1:" + prometheusPort;
        scorerUrl = "http://127.0.0.1:" + scorerPort;
        prometheus = startPrometheus(prometheusPort, scorerPort, interval);
        Peers.await("prometheus answers", Duration.ofSeconds(30), () -> Http.isOk(prometheusUrl + "/-/ready"));
        List<String> arguments =
                new ArrayList<>(List.of("scorer", "--prometheus=" + prometheusUrl, "--listen=127.0.0.1:" + scorerPort));
        arguments.addAll(scorerArguments);
        scorer = Program.start("scorer", folder, arguments.toArray(String[]::new));
        Peers.await("scorer answers", Duration.ofSeconds(30), () -> Http.isOk(scorerUrl + "/-/healthy"));
        lab.undisturbed(prometheus.pid());
        lab.undisturbed(scorer.pid());
        Thread watcher = new Thread(this::watch, "watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** @param interval of scrapes and rules in seconds */
    static ScoreLabRun start(Path folder, int size, int interval, String... scorerArguments) throws Exception {
        Files.createDirectories(folder);
        ScoreLab lab = ScoreLab.start(folder.resolve("etcd"), size);
        try {
            return new ScoreLabRun(folder, lab, interval, List.of(scorerArguments));
        } catch (Exception | Error failed) {
            lab.close();
            throw failed;
        }
    }

    private ServerProcess startPrometheus(int port, int scorerPort, int interval) throws IOException {
        String members = IntStream.range(0, lab.size())
                .mapToObj(i -> "      - {targets: ['%s'], labels: {cluster: lab, instance: etcd-%d}}"
                        .formatted(lab.target(i), i))
                .collect(Collectors.joining("\n"));
        Path rules = Program.home().resolve("prometheus/rules/etcd-recording.yml");
        Path mixin = Path.of("src/test/resources/io/emberwatch/e2e/etcd-mixin-alerts.yml");
        Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: %ds, evaluation_interval: %ds, scrape_timeout: %ds}
                rule_files: ['%s', '%s']
                scrape_configs:
                  - job_name: etcd
                    static_configs:
                %s
                  - job_name: scorer
                    honor_labels: true
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(
                        interval,
                        interval,
                        Math.max(1, interval - 1),
                        rules.toAbsolutePath(),
                        mixin.toAbsolutePath(),
                        members,
                        scorerPort));
        return ServerProcess.start(
                "prometheus",
                folder,
                List.of(
                        Peers.program("/usr/bin/prometheus", "prometheus"),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port));
    }

    ScoreLab lab() {
        return lab;
    }

    ScoreLabClients clients() {
        return clients;
    }

    String prometheusUrl() {
        return prometheusUrl;
    }

    String scorerUrl() {
        return scorerUrl;
    }

    List<Phase> phases() {
        return phases;
    }

    List<Seen> ours() {
        return ours;
    }

    List<Seen> script() {
        return script;
    }

    // The scorer is asked every second, so that its own interval is all that delays it.
    private void watch() {
        for (int second = 0; !ended; second++) {
            Instant now = Instant.now();
            try {
                JsonNode cluster =
                        Http.json(scorerUrl + "/api/v1/scores").path("clusters").path(0);
                double score =
                        cluster.path("score").isNumber() ? cluster.path("score").asDouble() : Double.NaN;
                ours.add(new Seen(now, score, cluster.path("reasons").path(0).asText()));
                if (second % 15 == 0) {
                    script.add(new Seen(now, ScoreLabScript.score(prometheusUrl), ""));
                }
                TimeUnit.MILLISECONDS.sleep(1000);
            } catch (IOException notNow) {
                ours.add(new Seen(now, Double.NaN, String.valueOf(notNow.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** A fault and what comes after it: until the cluster is well again, so that the next is not hidden by it. */
    void fault(String name, String detail, int seconds, Act begin, Act end) throws Exception {
        lab.compact(); // or the history of half an hour fills the database by itself
        phase(name, Kind.FAULT, detail, seconds, begin, end);
        int gone = lab.revive();
        phase(
                "after_" + name,
                Kind.AFTER,
                gone == 0 ? "" : gone + " started again",
                SETTLING_SECONDS,
                () -> awaitWell(SETTLED_WITHIN),
                NOTHING);
    }

    /** A harmless state, begun when the cluster is well. */
    void harmless(String name, String detail, int seconds, Act begin, Act end) throws Exception {
        lab.compact();
        awaitWell(SETTLED_WITHIN);
        phase(name, Kind.HARMLESS, detail, seconds, begin, end);
    }

    private void awaitWell(Duration limit) throws InterruptedException {
        Instant end = Instant.now().plus(limit);
        int well = 0;
        while (well < STEADY && Instant.now().isBefore(end)) {
            TimeUnit.SECONDS.sleep(1);
            well = !ours.isEmpty() && ours.get(ours.size() - 1).score() >= CALM ? well + 1 : 0;
        }
    }

    void phase(String name, Kind kind, String detail, int seconds) throws Exception {
        phase(name, kind, detail, seconds, NOTHING, NOTHING);
    }

    void phase(String name, Kind kind, String detail, int seconds, Act begin, Act end) throws Exception {
        clients.service();
        int leader = lab.leader();
        Instant start = Instant.now();
        try {
            begin.run();
            long left =
                    Duration.between(Instant.now(), start.plusSeconds(seconds)).toMillis();
            TimeUnit.MILLISECONDS.sleep(Math.max(0, left));
        } finally {
            Phase done = new Phase(start, Instant.now(), name, kind, detail, leader, -1, clients.service());
            phases.add(done);
            write();
            end.run();
        }
    }

    /** Repeats an act until the phase is over. */
    static Act every(int seconds, int times, Act act) {
        return () -> {
            for (int i = 0; i < times; i++) {
                act.run();
                TimeUnit.SECONDS.sleep(seconds);
            }
        };
    }

    private void write() throws IOException {
        List<String> lines = new ArrayList<>(
                List.of("start_unix,end_unix,phase,detail,leader_start,leader_end,ok,err,put_p50_ms,put_p99_ms,kind"));
        phases.forEach(phase -> lines.add(phase.csv()));
        Files.write(folder.resolve("phases.csv"), lines);
        write(ours, "scores.csv");
        write(script, "script.csv");
    }

    private void write(List<Seen> series, String name) throws IOException {
        List<String> lines = new ArrayList<>(List.of("time,score,why"));
        series.forEach(seen -> lines.add(seen.at() + "," + seen.score() + ",\"" + seen.why() + "\""));
        Files.write(folder.resolve(name), lines);
    }

    /** Writes what the scorer's queries read as an OpenMetrics page with times, from which a run can be scored again. */
    void record() throws IOException {
        ScoreLabPage.write(prometheusUrl, phases.get(0).start(), Instant.now(), folder.resolve("page.om.gz"));
    }

    /** The lowest of a series within a phase from a delay on, NaN without any. */
    static double lowest(List<Seen> series, Phase phase, Duration delay) {
        return within(series, phase, delay).stream()
                .mapToDouble(Seen::score)
                .filter(score -> !Double.isNaN(score))
                .min()
                .orElse(Double.NaN);
    }

    static double highest(List<Seen> series, Phase phase, Duration delay) {
        return within(series, phase, delay).stream()
                .mapToDouble(Seen::score)
                .filter(score -> !Double.isNaN(score))
                .max()
                .orElse(Double.NaN);
    }

    private static List<Seen> within(List<Seen> series, Phase phase, Duration delay) {
        Instant from = phase.start().plus(delay);
        return series.stream()
                .filter(seen -> !seen.at().isBefore(from) && seen.at().isBefore(phase.end()))
                .toList();
    }

    /** How long after the start of a phase a series fell below a score, or null when it did not. */
    static @Nullable Duration below(List<Seen> series, Phase phase, double score) {
        return within(series, phase, Duration.ZERO).stream()
                .filter(seen -> seen.score() < score)
                .map(seen -> Duration.between(phase.start(), seen.at()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() throws Exception {
        ended = true;
        clients.close();
        scorer.close();
        prometheus.close();
        lab.close();
    }
}
