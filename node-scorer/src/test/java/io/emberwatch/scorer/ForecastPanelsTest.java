package io.emberwatch.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The panels of the etcd dashboard that show what comes: they take weeks to have something to show, so a past is made up
 * for the scorer, and a real Prometheus is asked what it published.
 */
final class ForecastPanelsTest {
    private static final Instant NOW = Instant.parse("2026-03-04T14:02:30Z");
    private static final Duration STEP = Duration.ofMinutes(5);

    private static double usual(long second) {
        double hour = second % 86_400 / 3600.0;
        double noise = second / 300 * 7919 % 101 / 101.0 - 0.5;
        return 0.4 * StrictMath.exp(0.3 * StrictMath.sin(hour / 24 * 2 * Math.PI) + 0.1 * noise)
                + 0.01 * Math.max(0, (second - NOW.getEpochSecond()) / 3600.0 + 12);
    }

    private static String published() throws Exception {
        Outlook outlook = new Outlook(Models.load("etcd"), new Past(ForecastPanelsTest::usual));
        Outlook.View view = Outlook.View.NOTHING;
        for (int look = 12; look >= 0; look--) {
            view = outlook.look(NOW.minus(STEP.multipliedBy(look)));
        }
        assertThat(view.unanswered()).isEmpty();
        return ExpositionWriter.toText(view.families(), TextFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void everyQueryForWhatComesIsAnswered(@TempDir Path folder) throws Exception {
        ReplayPrometheus.assumeInstalled();
        String page = published();
        StringBuilder recorded = new StringBuilder();
        page.lines().forEach(line -> {
            if (line.startsWith("#")) {
                recorded.append(line.startsWith("# TYPE") ? line + "\n" : "");
            } else {
                recorded.append(line).append(' ').append(NOW.getEpochSecond()).append('\n');
            }
        });
        recorded.append("# EOF\n");
        TreeSet<String> asked = new TreeSet<>();
        try (ReplayPrometheus prometheus =
                ReplayPrometheus.of(Files.writeString(folder.resolve("page.om"), recorded), folder)) {
            for (JsonNode panel : new ObjectMapper()
                    .readTree(Files.readString(Path.of("../grafana/dashboards/etcd.json")))
                    .path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    String query = target.path("expr").asText();
                    if (query.matches("emberwatch_etcd_(forecast|anomaly|time_to).*")) {
                        asked.add(query.replaceAll("\\{.*", ""));
                        Instant at = query.endsWith("offset 1h") ? NOW.plus(Duration.ofHours(1)) : NOW;
                        String concrete = query.replace("$cluster", "c").replace("$instance", ".+");
                        QueryValue value =
                                prometheus.client().instant(concrete, at).value();
                        assertThat(value).isInstanceOf(QueryValue.Vector.class);
                        assertThat(((QueryValue.Vector) value).samples())
                                .as(concrete)
                                .isNotEmpty();
                    }
                }
            }
        }
        assertThat(asked)
                .containsExactlyElementsOf(List.of(
                        "emberwatch_etcd_anomaly_score",
                        "emberwatch_etcd_forecast",
                        "emberwatch_etcd_time_to_fd_limit_earliest_seconds",
                        "emberwatch_etcd_time_to_fd_limit_seconds",
                        "emberwatch_etcd_time_to_quota_earliest_seconds",
                        "emberwatch_etcd_time_to_quota_seconds"));
    }
}
