package io.emberwatch.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MigrationTest {
    private static final Path SAMPLES = Path.of("src/test/resources/upstream");

    @TempDir
    private Path folder;

    record Whole(PushConfig push) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "router.yaml",
                "aggregator.yaml",
                "onoff.yaml",
                "influxdb-udp.yaml",
                "mattermost.yaml",
                "email.yaml"
            })
    void theNewFileSaysWhatTheOldOneSaid(String name) throws Exception {
        Path file = SAMPLES.resolve(name);
        String yaml = Migration.of(List.of(file));
        assertThat(ConfigReader.parse("new", yaml, Whole.class).push()).isEqualTo(UpstreamFile.read(file));
    }

    @Test
    void severalFilesBecomeOne() throws Exception {
        Path router = copy("router.yaml", "localhost:9092");
        Path mattermost = copy("mattermost.yaml", "localhost:9092");
        Path email = copy("email.yaml", "localhost:9092");
        PushConfig config = ConfigReader.parse("new", Migration.of(List.of(router, mattermost, email)), Whole.class)
                .push();
        assertThat(config.router()).isEqualTo(UpstreamFile.read(router).router());
        assertThat(config.notifications().mattermost())
                .isEqualTo(UpstreamFile.read(mattermost).notifications().mattermost());
        assertThat(config.notifications().email())
                .isEqualTo(UpstreamFile.read(email).notifications().email());
    }

    @Test
    void whatDoesNotGoTogetherIsSaid() throws Exception {
        Path one = copy("router.yaml", "a:1");
        Path two = copy("onoff.yaml", "b:2");
        assertThatThrownBy(() -> Migration.of(List.of(one, one, two)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("its brokers are a:1")
                .hasMessageContaining("its brokers are b:2")
                .hasMessageContaining("another file has this component already");
    }

    private Path copy(String name, String brokers) throws Exception {
        String text = Files.readString(SAMPLES.resolve(name))
                .replaceAll("bootstrap.servers: .*", "bootstrap.servers: " + brokers);
        return Files.writeString(folder.resolve(name), text);
    }
}
