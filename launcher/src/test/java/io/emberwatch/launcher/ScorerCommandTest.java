package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScorerCommandTest {
    private static final String MODEL = """
            name: shop
            prefix: shop
            members: [up]
            indicators:
              - {name: till, weight: 1, inputs: [till], knees: [{at: 1, score: 10}, {at: 2, score: 0}]}
            """;

    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void theShippedModelsAreInOrder() {
        Cli run = Cli.run("scorer", "check", "etcd", "etcd-seed", "host", "sensor");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).containsExactly("etcd: ok", "etcd-seed: ok", "host: ok", "sensor: ok");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void everyFaultOfAModelIsNamedWithItsPlace() throws Exception {
        Path bad = file("bad.yml", MODEL.replace("weight: 1", "weight: -1").replace("at: 2", "at: 0"));

        Cli run = Cli.run("scorer", "check", bad.toString());

        assertThat(run.exitCode()).isEqualTo(Emberwatch.USAGE);
        assertThat(run.err()).contains("bad.yml:5:").contains("0.0 is not positive");
    }

    @Test
    void aQueryThatCannotBeParsedIsAFaultOfTheModel() throws Exception {
        Path bad = file("bad.yml", MODEL.replace("[till]", "['rate(till)[1m']"));

        Cli run = Cli.run("scorer", "check", bad.toString());

        assertThat(run.exitCode()).isEqualTo(Emberwatch.USAGE);
        assertThat(run.err()).contains("shop: indicators.till[0]: ");
    }

    @Test
    void checkLooksIntoTheModelThatAConfigurationNames() throws Exception {
        Path model = file("shop.yml", MODEL.replace("knees", "knes"));
        Path config = file("emberwatch.yml", "scorer: {model: " + model + "}\n");

        Cli run = Cli.run("check", "--config", config.toString());

        assertThat(run.exitCode()).isEqualTo(Emberwatch.USAGE);
        assertThat(run.err()).contains("shop.yml:5:").contains("knes");
    }

    @Test
    void checkRefusesAWeightThatNoModelHas() throws Exception {
        Path config = file("emberwatch.yml", "scorer: {weights: {wall_fsync: 1}}\n");

        Cli run = Cli.run("check", "--config", config.toString());

        assertThat(run.exitCode()).isEqualTo(Emberwatch.USAGE);
        assertThat(run.err()).contains("has no indicator wall_fsync");
    }

    @Test
    void onceFailsWhenNothingAnswers() {
        Cli run = Cli.run("scorer", "--once", "--prometheus", "http://127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(Emberwatch.FAILED);
        assertThat(run.err()).contains("cannot read measurements");
        assertThat(run.out()).isEmpty();
    }
}
