package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings without which the panels of the hourly heatmap would show something else than the scores. */
final class HeatmapPanelsTest {
    private static List<JsonNode> panels(String dashboard, String type) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        new ObjectMapper()
                .readTree(Files.readString(Path.of("../grafana/dashboards", dashboard + ".json")))
                .path("panels")
                .forEach(panel -> {
                    if (panel.path("type").asText().equals(type)) {
                        found.add(panel);
                    }
                });
        assertThat(found).as(type).isNotEmpty();
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd-heatmap", "etcd-heatmap-colour-blind"})
    void thePluginGetsWholeHoursOfOneSeriesAScaleFromZeroAndAPaletteOfItsOwn(String dashboard) throws IOException {
        for (JsonNode panel : panels(dashboard, "marcusolsson-hourly-heatmap-panel")) {
            JsonNode defaults = panel.at("/fieldConfig/defaults");
            assertThat(defaults.path("min").asDouble())
                    .as("0 would mean that the least value shown is the worst colour")
                    .isGreaterThan(0)
                    .isLessThan(1e-6);
            assertThat(defaults.path("max").asDouble()).isEqualTo(10);
            assertThat(defaults.at("/custom/colorPalette").asText()).startsWith("interpolate");
            assertThat(panel.path("interval").asText()).isEqualTo("1h");
            assertThat(panel.path("targets")).hasSize(1);
            assertThat(panel.at("/targets/0/expr").asText()).contains("offset -1h");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd-heatmap", "etcd-heatmap-colour-blind"})
    void theCorePanelShowsTheWorstScoreOfAllAndRedIsBad(String dashboard) throws IOException {
        for (JsonNode panel : panels(dashboard, "heatmap")) {
            JsonNode options = panel.path("options");
            assertThat(options.path("calculate").asBoolean(true)).isFalse();
            assertThat(options.at("/filterValues/le").asDouble())
                    .as("what is not above it is hidden")
                    .isNegative();
            assertThat(options.at("/color/reverse").asBoolean())
                    .as("RdYlGn is made for more being worse")
                    .isEqualTo(options.at("/color/scheme").asText().equals("RdYlGn"));
            assertThat(options.at("/color/min").asDouble(-1)).isZero();
            assertThat(options.at("/color/max").asDouble()).isEqualTo(10);
        }
    }
}
