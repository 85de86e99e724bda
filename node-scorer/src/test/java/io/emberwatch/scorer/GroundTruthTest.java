package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The scores against an hour of a real etcd cluster whose faults were made on purpose and are known, held by a real
 * Prometheus. The run was scraped every 5 s; the scorer looks every 15 s, at four positions against it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GroundTruthTest {
    private static final Path DOCUMENT = Path.of("../docs/scoring.md");
    private static final Path RULES = Path.of("../prometheus/rules/etcd-recording.yml");
    private static final String REWRITE = "emberwatch.docs";
    private static final String BEGIN = "<!-- written by GroundTruthTest -->\n";
    private static final String END = "<!-- end -->\n";

    private static final Duration DETECTION = Duration.ofSeconds(30);
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static final Set<String> CALM = Set.of("healthy", "idle", "healthy2", "fd_pressure");

    /** By phase, what must tell of the fault: components, a member that is down, or a veto's words. */
    private static final Map<String, Set<String>> EVIDENCE = Map.of(
            "slow_fsync_follower", Set.of("wal_fsync", "backend_commit"),
            "slow_fsync_leader", Set.of("wal_fsync", "backend_commit"),
            "cpu_starved_leader", Set.of("write_latency", "slow_apply", "heartbeat_failures"),
            "follower_stopped", Set.of("down"),
            "leader_killed", Set.of("down", "leader_changes", "it sees no leader"),
            "net_delay", Set.of("write_latency", "slow_apply", "peer_round_trip"),
            "quorum_lost", Set.of("down", "it sees no leader"),
            "db_fill", Set.of("database_quota", "a database in the cluster has reached its quota, writes are refused"),
            "nospace", Set.of("a database in the cluster has reached its quota, writes are refused"));

    private @Nullable RecordedRun recorded;
    private List<Replay> graded = List.of();
    private List<Replay> seed = List.of();
    private Path corpus = Path.of("");

    @BeforeAll
    void replay(@TempDir Path folder) throws Exception {
        String samples = System.getenv("EMBERWATCH_CORPUS");
        assumeTrue(samples != null, "EMBERWATCH_CORPUS is not set");
        ReplayPrometheus.assumeInstalled();
        corpus = Path.of(samples, "etcd");
        RecordedRun opened = new RecordedRun(corpus.resolve("raw.om.gz"), corpus.resolve("phases.csv"), folder);
        recorded = opened;
        graded = opened.replays("etcd", 7, 4, Map.of());
        seed = opened.replays("etcd-seed", 7, 4, recordingRules());
    }

    // The samples were recorded before any rules were; what a rule would have recorded is asked for in its place.
    private static Map<String, String> recordingRules() throws IOException {
        JsonNode file = new ObjectMapper().valueToTree(new Yaml().load(Files.readString(RULES)));
        Map<String, String> rules = new LinkedHashMap<>();
        file.path("groups")
                .forEach(group -> group.path("rules")
                        .forEach(rule -> rules.put(
                                rule.path("record").asText(), rule.path("expr").asText())));
        return rules;
    }

    @AfterAll
    void stop() {
        if (recorded != null) {
            recorded.close();
        }
    }

    private RecordedRun run() {
        return Objects.requireNonNull(recorded);
    }

    @Test
    void everyFaultIsSeenWithinHalfAMinuteAndNamed() {
        EVIDENCE.forEach((name, evidence) -> {
            for (Replay replay : graded) {
                assertThat(replay.seenAfter(run().phase(name), evidence))
                        .as(name)
                        .isNotNull()
                        .isLessThanOrEqualTo(DETECTION);
            }
        });
    }

    @Test
    void aClusterThatIsWellScoresAtLeastNineWhateverIsUnusualButHarmless() {
        assertThat(run().alarming(CALM, graded)).isEmpty();
    }

    @Test
    void noScoreIsGoodWhileClientsSuffer() {
        assertThat(run().suffering()).extracting(Phase::name).contains("cpu_starved_leader", "net_delay", "nospace");
        assertThat(run().blind(DETECTION, graded)).isEmpty();
    }

    @Test
    void faultsRankByWhatTheyCostTheClients() {
        for (Replay replay : graded) {
            assertThat(settled(replay, "healthy")).isGreaterThan(settled(replay, "slow_fsync_follower"));
            for (String worse : List.of("slow_fsync_leader", "cpu_starved_leader")) {
                assertThat(settled(replay, worse))
                        .as(worse)
                        .isLessThan(settled(replay, "slow_fsync_follower"))
                        .isGreaterThan(settled(replay, "net_delay"));
            }
            for (String worst : List.of("quorum_lost", "nospace")) {
                assertThat(settled(replay, worst))
                        .as(worst)
                        .isLessThan(settled(replay, "net_delay"))
                        .isLessThan(0.5);
            }
        }
    }

    private double settled(Replay replay, String phase) {
        return replay.median(run().phase(phase), SETTLED);
    }

    @Test
    void afterAFaultThatLeavesNothingBehindItIsWellWithinAHundredSeconds() {
        for (String name : List.of("recover1", "recover2", "recover4", "recover5", "recover7")) {
            for (Replay replay : graded) {
                assertThat(replay.wellAfter(run().phase(name)))
                        .as(name)
                        .isNotNull()
                        .isLessThan(Duration.ofSeconds(100));
            }
        }
    }

    @Test
    void thePublishedTableIsWhatComesOut() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END, begin);
        assertThat(end).as("the marks of the table in " + DOCUMENT).isGreaterThanOrEqualTo(begin);
        String table = table();
        if (System.getProperty(REWRITE, "").equals("rewrite")) {
            Files.writeString(DOCUMENT, document.substring(0, begin) + table + document.substring(end));
        } else {
            assertThat(document.substring(begin, end))
                    .as("rewrite it with -D" + REWRITE + "=rewrite")
                    .isEqualTo(table);
        }
    }

    private String table() throws IOException {
        Map<String, Set<String>> answers = seedAnswers();
        StringBuilder table = new StringBuilder();
        table.append("| state | what was done | writes take (median) | requests fail | the script of 2022 said ")
                .append("| `etcd-seed`, lowest | `etcd` saw it after | `etcd`, lowest | `etcd`, median |\n");
        table.append("|---|---|---|---|---|---|---|---|---|\n");
        for (Phase phase : run().phases()) {
            Set<String> evidence = EVIDENCE.get(phase.name());
            String put = Double.isNaN(phase.putMillis()) ? "–" : format("%.0f ms", phase.putMillis());
            table.append(String.join(
                            " | ",
                            "| " + phase.name(),
                            phase.detail(),
                            put,
                            phase.errors() == 0 ? "–" : format("%.1f %%", phase.errorShare() * 100),
                            String.join(", ", answers.getOrDefault(phase.name(), Set.of())),
                            format(
                                    "%.1f",
                                    seed.stream()
                                            .mapToDouble(replay -> replay.lowest(phase))
                                            .min()
                                            .orElseThrow()),
                            evidence == null ? "–" : seen(phase, evidence),
                            format(
                                    "%.1f",
                                    graded.stream()
                                            .mapToDouble(replay -> replay.lowest(phase))
                                            .min()
                                            .orElseThrow()),
                            format("%.1f", graded.get(0).median(phase, Duration.ZERO))))
                    .append(" |\n");
        }
        return table.toString();
    }

    private String seen(Phase phase, Set<String> evidence) {
        return graded.stream()
                .map(replay -> replay.seenAfter(phase, evidence))
                .map(delay -> delay == null ? "never" : delay.toSeconds() + "")
                .sorted(Comparator.comparingInt(String::length).thenComparing(text -> text))
                .collect(Collectors.joining(", ", "", " s"));
    }

    private Map<String, Set<String>> seedAnswers() throws IOException {
        Map<String, Set<String>> answers = new LinkedHashMap<>();
        for (String line : Files.readAllLines(corpus.resolve("seed_scorer_trace.csv"))) {
            String[] field = line.split(",", 3);
            if (!field[0].matches("\\d+")) {
                continue;
            }
            Instant at = Instant.ofEpochSecond(Long.parseLong(field[0]));
            String answer = field[1].equals("0") ? field[2].replaceAll("[^0-9.]", "") : "nothing";
            run().phases().stream()
                    .filter(phase -> phase.contains(at))
                    .findFirst()
                    .ifPresent(phase -> answers.computeIfAbsent(phase.name(), name -> new TreeSet<>())
                            .add(answer));
        }
        return answers;
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
