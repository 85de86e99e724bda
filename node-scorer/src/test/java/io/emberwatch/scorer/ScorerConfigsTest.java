package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScorerConfigsTest {
    @TempDir
    private Path folder;

    private static ScorerConfig config(String text) throws ConfigException {
        return ConfigReader.parse("scorer.yml", text, ScorerConfig.class);
    }

    @Test
    void withNothingGivenItScoresEtcdEveryQuarterOfAMinute() {
        ScorerConfig config = ConfigReader.defaults(ScorerConfig.class);

        assertThat(config.model()).isEqualTo("etcd");
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.staleAfter()).isEqualTo(config.interval().multipliedBy(5));
        assertThat(config.textfile()).isNull();
        assertThat(config.prometheus()).isEmpty();
    }

    @Test
    void anIntervalThatIsTooShortAndAWeightThatIsNoneAreRefused() {
        assertThatThrownBy(() -> config("interval: 500ms"))
                .hasMessageContaining("scorer.yml:1:11: interval: at least 1s");
        assertThatThrownBy(() -> config("weights: {wal_fsync: -1}")).hasMessageContaining("wal_fsync must be a finite");
    }

    @Test
    void readsTheIniFileOfTheHeatmap() throws Exception {
        Path file = Files.writeString(folder.resolve("config.conf"), "[weights]\nwt_etcd_wal_fsync = 0.5\n");

        assertThat(ScorerConfigs.isIni(file)).isTrue();
        assertThat(ScorerConfigs.readIni(file).model()).isEqualTo("etcd-seed");
        assertThat(ScorerConfigs.readIni(file).weights()).containsEntry("wal_fsync", 0.5);
        assertThat(ScorerConfigs.isIni(Files.writeString(folder.resolve("a.yml"), "scorer: {model: etcd}\n")))
                .isFalse();
    }

    @Test
    void checksWhatTheConfigurationPointsTo() throws Exception {
        ScorerConfigs.check(config("model: etcd, host"));

        assertThatThrownBy(() -> ScorerConfigs.check(config("model: etcd, etcd-seed")))
                .isInstanceOf(IOException.class)
                .hasMessage("scorer.model: two models publish under the prefix emberwatch_etcd");
        assertThatThrownBy(() -> ScorerConfigs.check(config("weights: {wal: 1}")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no indicator wal");
        Path broken = Files.writeString(folder.resolve("broken.yml"), "name: 1\nprefix: a-b\n");
        assertThatThrownBy(() -> ScorerConfigs.checkModel(broken))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("members: is missing")
                .hasMessageContaining("indicators: is missing");
    }

    @Test
    void allWeightsZeroAreRefused() throws Exception {
        Path model = SmallModel.file(folder);

        assertThatThrownBy(() -> ScorerConfigs.check(config("{model: " + model + ", weights: {disk: 0, wires: 0}}")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("scorer.weights: model small: indicators: some weight must be above zero");
    }

    @Test
    void namesEveryQueryByItsPlace() throws Exception {
        assertThat(ScorerConfigs.queries(config("model: " + SmallModel.file(folder))))
                .containsEntry("small: members[0]", "present")
                .containsEntry("small: members[1]", "present_before")
                .containsEntry("small: leader", "leads")
                .containsEntry("small: vetoes.full", "full")
                .containsEntry("small: indicators.disk[1]", "disk_before")
                .hasSize(9);
    }
}
