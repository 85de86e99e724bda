package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was, seen from later: the disk of a small cluster is slow from five past on. */
final class HindsightTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant SLOW = NOON.plus(Duration.ofMinutes(5));

    @TempDir
    private Path folder;

    private Hindsight hindsight(String more, Map<String, ToDoubleFunction<Instant>> answers) throws Exception {
        ScorerConfig config =
                ConfigReader.parse("scorer.yml", "model: " + SmallModel.file(folder) + "\n" + more, ScorerConfig.class);
        QuerySource source = new Timeline(answers);
        return new Hindsight(config, source);
    }

    private static Map<String, ToDoubleFunction<Instant>> recorded() {
        return Map.of(
                "present", at -> 1,
                "leads", at -> 1,
                "disk", at -> at.isBefore(SLOW) ? 0.001 : 0.1,
                "wires", at -> 0);
    }

    @Test
    void explainTellsWhatAScoreWasMadeOfAtThatTime() throws Exception {
        Hindsight hindsight = hindsight("", recorded());

        assertThat(hindsight.explain(NOON)).contains("c (small): 10.0 of 10", "m0: 10.0 of 10, confidence 1.00");
        assertThat(hindsight.explain(SLOW))
                .contains("c (small): 5.0 of 10, from 5.0 to 5.0, confidence 1.00")
                .containsPattern("disk +5\\.0 +weight 0\\.600 +100 ms +disk\n")
                .containsPattern("wires +10\\.0 +weight 0\\.400 ");
    }

    @Test
    void replayTellsTheScoresOfATimeUnderOtherWeights() throws Exception {
        Map<String, ToDoubleFunction<Instant>> torn = Map.of(
                "present", at -> 1, "leads", at -> 1, "disk", at -> 0.001, "wires", at -> at.isBefore(SLOW) ? 0 : 2);
        List<String> asTheyWere = new ArrayList<>();
        hindsight("", torn).replay(SLOW.minusSeconds(60), SLOW, Duration.ofSeconds(60), asTheyWere::add);
        List<String> otherwise = new ArrayList<>();
        hindsight("weights: {wires: 0.2}\n", torn)
                .replay(SLOW.minusSeconds(60), SLOW, Duration.ofSeconds(60), otherwise::add);

        assertThat(asTheyWere).hasSize(2);
        assertThat(asTheyWere.get(0)).startsWith("2026-03-01T12:04:00Z,small,c,10.00,10.00,10.00,1.00");
        assertThat(asTheyWere.get(1))
                .startsWith("2026-03-01T12:05:00Z,small,c,6.00,")
                .contains("wires");
        assertThat(otherwise.get(1)).startsWith("2026-03-01T12:05:00Z,small,c,7.50,");
    }

    @Test
    void whereNothingIsKnownTheReasonIsTold() throws Exception {
        Hindsight hindsight = hindsight("", Map.of());

        assertThatThrownBy(() -> hindsight.explain(NOON))
                .isInstanceOf(IOException.class)
                .hasMessage("no members were found; the model small looks for present");
        assertThatThrownBy(() -> hindsight.replay(NOON, SLOW, Duration.ofSeconds(15), line -> {}))
                .hasMessage("no members were found in that time");
        assertThatThrownBy(() -> hindsight.replay(SLOW, NOON, Duration.ofSeconds(15), line -> {}))
                .hasMessageContaining("a replay goes forward");
    }
}
