package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight episodes of two minutes: in every second one the disk is slow; the wires are noisy whatever is. */
final class TuningTest {
    private static final long START = Instant.parse("2026-03-01T12:00:00Z").getEpochSecond();
    private static final int LENGTH = 120;
    private static final String MODEL = """
            name: two
            prefix: two
            members: [present]
            cluster: worst
            indicators:
              - {name: disk, weight: %s, inputs: [disk], knees: [{at: 0.01, score: 10}, {at: 1, score: 0}]}
              - {name: wires, weight: %s, inputs: [wires], knees: [{at: 1, score: 10}, {at: 100, score: 0}]}
            """;

    @TempDir
    private Path folder;

    private static boolean fault(Instant at) {
        return (at.getEpochSecond() - START) / LENGTH % 2 == 1;
    }

    private static double noise(Instant at) {
        return at.getEpochSecond() / 15 * 7919 % 101;
    }

    private String tuned(String diskWeight, String wiresWeight) throws Exception {
        Path model = Files.writeString(folder.resolve("two.yml"), MODEL.formatted(diskWeight, wiresWeight));
        StringBuilder labels = new StringBuilder("start,end,name,kind\n");
        for (int i = 0; i < 8; i++) {
            String kind = i % 2 == 1 ? "fault" : "harmless";
            labels.append("%d,%d,%s %d,%s\n"
                    .formatted(START + (long) i * LENGTH, START + (long) (i + 1) * LENGTH, kind, i, kind));
        }
        labels.append("%d,%d,echo,after\n".formatted(START, START + 15));
        Map<String, ToDoubleFunction<Instant>> answers =
                Map.of("present", at -> 1, "disk", at -> fault(at) ? 0.1 : 0.001, "wires", TuningTest::noise);
        return tune(model, Files.writeString(folder.resolve("labels.csv"), labels), answers);
    }

    private static String tune(Path model, Path labels, Map<String, ToDoubleFunction<Instant>> answers)
            throws Exception {
        ScorerConfig config = ConfigReader.parse("scorer.yml", "model: " + model + "\n", ScorerConfig.class);
        return new Tuning(config, new Timeline(answers)).tune(labels);
    }

    @Test
    void weightsThatTellFaultsApartBetterAreFoundAndShownOnWhatTheyWereNotMadeFrom() throws Exception {
        String text = tuned("0.1", "0.9");

        assertThat(text)
                .containsPattern("told apart +0\\.[5-8]\\d+ +1\\.000\n")
                .containsPattern("told apart, on episodes not tuned on +0\\.[5-8]\\d+ +1\\.000\n")
                .containsPattern("fault fault 1 +(not seen|seen after \\d+ s) +seen after 0 s\n")
                .contains("\nweights:\n")
                .doesNotContain("echo", "-");
    }

    @Test
    void goodWeightsAreKept() throws Exception {
        assertThat(tuned("0.99", "0.01"))
                .contains("Keep the model's own weights")
                .doesNotContain("weights:\n");
    }

    @Test
    void labelsThatCannotBeReadAreNamedWithTheirLine() throws Exception {
        Path model = Files.writeString(folder.resolve("two.yml"), MODEL.formatted("1", "1"));
        Path bad = Files.writeString(folder.resolve("bad.csv"), "start,end,name,kind\n1,2,a,fault\n9,2,b,harmless\n");
        Path one = Files.writeString(folder.resolve("one.csv"), "start,end,name,kind\n1,2,a,fault\n");
        Path none = Files.writeString(folder.resolve("none.csv"), "from,to\n1,2\n");
        Path well =
                Files.writeString(folder.resolve("well.csv"), "start,end,name,kind\n1,20,a,fault\n20,40,b,harmless\n");

        assertThatThrownBy(() -> tune(model, bad, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.csv:3: it ends before it begins");
        assertThatThrownBy(() -> tune(model, one, Map.of())).hasMessageContaining("one harmless state are needed");
        assertThatThrownBy(() -> tune(model, none, Map.of())).hasMessageContaining("none.csv:1: no column start");
        assertThatThrownBy(() -> tune(model, well, Map.of())).hasMessage("a: no members were found in that time");
    }
}
