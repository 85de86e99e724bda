package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.emberwatch.service.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart as Helm itself reads it. */
final class HelmChartTest {
    private static final Path CHART = Path.of("../helm/emberwatch");

    private static TemplateCommand everything() {
        return new Helm(CHART)
                .template()
                .withKubeVersion("1.30.0")
                .set("rules.enabled", "true")
                .set("push.enabled", "true");
    }

    @Test
    void lintsStrictly() {
        assertThat(new Helm(CHART).lint().strict().call().isFailed()).isFalse();
    }

    @Test
    void rendersAllFiveServices() {
        String rendered = everything().call();

        List<String> workloads = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(rendered)) {
            if (document instanceof java.util.Map<?, ?> object
                    && List.of("DaemonSet", "Deployment", "StatefulSet").contains(object.get("kind"))) {
                workloads.add(String.valueOf(((java.util.Map<?, ?>) object.get("metadata")).get("name")));
            }
        }
        assertThat(workloads)
                .extracting(name -> name.substring(name.lastIndexOf('-') + 1))
                .containsExactlyInAnyOrder("exporter", "rules", "scorer", "bridge", "push");
    }

    @Test
    void theConfigurationThatItRendersIsOneThatTheProgramReads() throws Exception {
        String rendered = everything().call();
        String config = null;
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(rendered)) {
            if (document instanceof java.util.Map<?, ?> object && "ConfigMap".equals(object.get("kind"))) {
                config = String.valueOf(((java.util.Map<?, ?>) object.get("data")).get("emberwatch.yml"));
            }
        }

        EmberwatchConfig read = ConfigReader.parse("emberwatch.yml", String.valueOf(config), EmberwatchConfig.class);

        assertThat(read.exporter().host().procfs()).isEqualTo(Path.of("/host/proc"));
        assertThat(read.scorer().prometheus()).hasSize(1);
    }

    @Test
    void refusesValuesThatItDoesNotKnow() {
        assertThatThrownBy(() -> new Helm(CHART)
                        .template()
                        .withKubeVersion("1.30.0")
                        .set("brigde.enabled", "true")
                        .call())
                .hasMessageContaining("brigde");
    }

    @Test
    void theChartIsOfTheProgramsVersion() throws Exception {
        assertThat(Files.readString(CHART.resolve("Chart.yaml"))).contains("appVersion: " + BuildVersion.text());
    }
}
