package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The models of hosts and sensors, asked of a real Prometheus that holds ten minutes of two of each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OtherModelsTest {
    private static final long START = 1_790_000_000;
    private static final int SECONDS = 600;
    private static final int STEP = 5;

    private final StringBuilder page = new StringBuilder();
    private @Nullable ReplayPrometheus prometheus;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        hosts();
        sensors();
        prometheus = ReplayPrometheus.of(Files.writeString(folder.resolve("page.om"), page + "# EOF\n"), folder);
    }

    @AfterAll
    void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    private void series(String series, IntToDoubleFunction valueAtSecond) {
        for (int second = 0; second <= SECONDS; second += STEP) {
            page.append(String.format(
                    Locale.ROOT, "%s %f %d%n", series, valueAtSecond.applyAsDouble(second), START + second));
        }
    }

    private void hosts() {
        for (String host : List.of("well", "full")) {
            boolean full = host.equals("full");
            String own = "instance=\"" + host + "\"";
            series("up{job=\"host\"," + own + "}", t -> 1);
            for (int cpu = 0; cpu < 2; cpu++) {
                String label = "{cpu=\"" + cpu + "\"," + own + ",mode=\"";
                series("node_cpu_seconds_total" + label + "idle\"}", t -> t * 0.6);
                series("node_cpu_seconds_total" + label + "iowait\"}", t -> t * 0.02);
                series("node_cpu_seconds_total" + label + "steal\"}", t -> 0);
            }
            series("node_load5{" + own + "}", t -> 1.2);
            series("node_memory_MemTotal_bytes{" + own + "}", t -> 16e9);
            series("node_memory_MemAvailable_bytes{" + own + "}", t -> full ? 0.8e9 : 8e9);
            series("node_filesystem_size_bytes{fstype=\"ext4\"," + own + ",mountpoint=\"/\"}", t -> 100e9);
            series("node_filesystem_avail_bytes{fstype=\"ext4\"," + own + ",mountpoint=\"/\"}", t -> full ? 2e9 : 50e9);
            series("node_filesystem_size_bytes{fstype=\"tmpfs\"," + own + ",mountpoint=\"/run\"}", t -> 1e9);
            series("node_filesystem_avail_bytes{fstype=\"tmpfs\"," + own + ",mountpoint=\"/run\"}", t -> 0);
            series("node_filefd_allocated{" + own + "}", t -> 2000);
            series("node_filefd_maximum{" + own + "}", t -> 1e6);
        }
    }

    private void sensors() {
        for (String sensor : List.of("well", "stuck")) {
            boolean stuck = sensor.equals("stuck");
            String own = "{instance=\"edge\",sensor=\"" + sensor + "\"}";
            series("emberwatch_exporter_sensor_up" + own, t -> 1);
            series("emberwatch_exporter_sensor_last_line_timestamp_seconds" + own, t -> START + t - 0.5);
            series("emberwatch_exporter_sensor_lines_total" + own, t -> t);
            series("emberwatch_exporter_sensor_defects_total" + own, t -> 0);
            series(
                    "emberwatch_exporter_sensor_errors_total{error=\"error.cpu_load\",instance=\"edge\",sensor=\""
                            + sensor + "\"}",
                    t -> 0);
            series("emberwatch_exporter_sensor_restarts_total" + own, t -> 0);
            series("sensor_ticks_total" + own, t -> t);
            series("sensor_cpu_load" + own, t -> 5.5);
            series("sensor_random_value_repeats" + own, t -> stuck ? 5 : 1);
            series("sensor_random_value" + own, t -> stuck ? 5e6 : 4e6 + (t * 1_234_567L) % 4_000_000);
        }
    }

    private Score score(String model) throws Exception {
        ScoreModel loaded = Models.load(model);
        Measurements measured = new Surveyor(
                        loaded, Objects.requireNonNull(prometheus).client())
                .measure(Instant.ofEpochSecond(START + SECONDS));
        assertThat(measured.unanswered()).isEmpty();
        List<Score> scores = new Scorer(loaded).score(measured);
        assertThat(scores).hasSize(1);
        return scores.get(0);
    }

    private static Map<String, Double> members(Score score) {
        return score.members().stream()
                .collect(Collectors.toMap(
                        Score.MemberScore::name, member -> member.score().orElse(Double.NaN)));
    }

    @Test
    void aMachineWhoseDiskIsFullTellsSoAndTakesItsGroupDown() throws Exception {
        Score score = score("host");

        assertThat(members(score)).containsEntry("well", 10.0);
        assertThat(members(score).get("full")).isLessThan(3);
        assertThat(score.confidence()).isEqualTo(1);
        assertThat(score.score()).hasValue(members(score).get("full"));
        assertThat(score.reasons())
                .singleElement()
                .asString()
                .startsWith("full scores 2.0: the fullest filesystem is 98 %, good up to 80 %, 2.0 of 10");
    }

    @Test
    void aSensorThatRepeatsItselfTellsSo() throws Exception {
        Score score = score("sensor");

        assertThat(score.cluster()).isEqualTo("edge");
        assertThat(members(score)).containsEntry("well", 10.0);
        assertThat(members(score).get("stuck")).isLessThan(5);
        assertThat(score.confidence()).isEqualTo(1);
        assertThat(score.members().get(0).reasons())
                .contains(
                        "the most frequent value in half a minute is 5 times, good up to 2 times, 1.3 of 10 (0.087 of 0.1 lost to repeats)");
    }

    @Test
    void everyQueryOfEveryModelIsOneThatPrometheusUnderstands() throws Exception {
        for (String name : Models.SHIPPED) {
            for (String query : Models.load(name).queries().values()) {
                Objects.requireNonNull(prometheus).client().instant(query, Instant.ofEpochSecond(START));
            }
        }
    }
}
