package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ModelsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("shipped")
    void shippedModelsLoadAndCarryTheirName(String name) throws Exception {
        assertThat(Models.load(name).name()).isEqualTo(name);
    }

    private static List<String> shipped() {
        return Models.SHIPPED;
    }

    @Test
    void theModelInTheDocumentationIsOne() throws Exception {
        String document = Files.readString(Path.of("../docs/scoring.md"));
        int begin = document.indexOf("```yaml\nname: ") + "```yaml\n".length();
        String text = document.substring(begin, document.indexOf("```", begin));

        ScoreModel model =
                Models.load(Files.writeString(folder.resolve("shop.yml"), text).toString());

        assertThat(model.labels()).containsExactly("region", "instance");
        assertThat(model.indicators()).extracting(ScoreModel.Indicator::name).containsExactly("checkout", "errors");
    }

    @Test
    void readsAModelFromAFile() throws Exception {
        ScoreModel model = Models.loadAll(SmallModel.file(folder).toString(), Map.of("disk", 2.5))
                .get(0);

        assertThat(model.indicators()).extracting(ScoreModel.Indicator::weight).containsExactly(2.5, 0.4);
        assertThat(model.indicators().get(0).knees()).hasSize(2);
    }

    @Test
    void aNameThatIsNeitherModelNorFileIsRefusedWithTheNamesThatAre() {
        assertThatThrownBy(() -> Models.load("etcs"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("etcs is neither a file nor one of the shipped models etcd, etcd-seed");
    }

    @Test
    void aWeightForAnUnknownIndicatorIsRefused() {
        assertThatThrownBy(() -> Models.loadAll("etcd", Map.of("wal_sync", 1.0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model etcd has no indicator wal_sync");
    }

    @Test
    void everyFaultOfAModelIsReportedWithItsPlace() throws Exception {
        assertThat(faults("""
                name: broken
                prefix: broken
                members: []
                colour: red
                cluster: best
                vetoes:
                  - {name: a, query: a, score: 11}
                indicators:
                  - {name: a, weight: -1, inputs: [a]}
                  - {name: b, weight: 1, severity: 2, inputs: [b]}
                  - {name: c, weight: 1, inputs: []}
                  - name: d
                    weight: 1
                    inputs: [d]
                    knees: [{at: 2, score: 10}, {at: 1, score: 0}]
                  - name: e
                    weight: 1
                    inputs: [e]
                    steps: [{above: 2, score: 5}, {above: 2, score: 0}]
                  - {name: f, weight: 1, inputs: [f], knees: [{at: 0, score: 10}], steps: [{above: 1, score: -1}]}
                """))
                .contains(
                        "4:1 colour",
                        "5:10 cluster",
                        "7:32 vetoes[0].score",
                        "9:23 indicators[0].weight",
                        "10:36 indicators[1].severity",
                        "11:34 indicators[2].inputs",
                        "15:12 indicators[3].knees",
                        "19:12 indicators[4].steps",
                        "20:52 indicators[5].knees[0].at",
                        "20:94 indicators[5].steps[0].score");
    }

    @Test
    void faultsOfTheWholeModelAreReportedAtTheirKeys() throws Exception {
        assertThat(faults("name: a\nprefix: a\nmembers: []\nindicators: [{name: a, weight: 1, inputs: [a]}]\n"))
                .containsExactly("3:10 members");
        assertThat(faults("""
                name: a
                prefix: a
                members: [up]
                indicators:
                  - {name: a, weight: 1, inputs: [a]}
                  - {name: a, weight: 1, inputs: [b]}
                """)).containsExactly("5:3 indicators");
    }

    @Test
    void faultsOfLimitsAndHabitsAreReportedAtTheirKeys() throws Exception {
        assertThat(faults(SmallModel.TEXT + """
                limits:
                  - {name: a, words: a, query: a, limit: 1, step: 10s}
                  - {name: b, words: b, query: b, limit: 1, back: 10m}
                habits:
                  - {name: c, words: c, query: c, back: 2d}
                  - {name: d, words: d, query: d, step: 7m}
                """))
                .containsExactly(
                        "22:51 limits[0].step", "23:51 limits[1].back", "25:41 habits[0].back", "26:41 habits[1].step");
    }

    private List<String> faults(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("model.yml"), text);
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> Models.load(file.toString()));
        return refused.problems().stream()
                .map(problem -> problem.line() + ":" + problem.column() + " " + problem.path())
                .toList();
    }
}
