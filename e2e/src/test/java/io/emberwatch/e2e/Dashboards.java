package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Asks a server every question of a dashboard, as Grafana does. */
final class Dashboards {
    private static final String WINDOW = "10m";
    private static final long WINDOW_SECONDS = 600;

    private Dashboards() {}

    /**
     * Asks what every panel of a dashboard asks.
     *
     * @return the queries that were refused or gave no number
     */
    static List<String> unanswered(String server, String dashboard, String cluster)
            throws IOException, InterruptedException {
        Path file = Program.home().resolve("grafana/dashboards/" + dashboard + ".json");
        List<String> unanswered = new ArrayList<>();
        for (JsonNode panel :
                new ObjectMapper().readTree(Files.readString(file)).path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String query = concrete(target.path("expr").asText(), cluster);
                JsonNode answer = Http.json(server + address(panel, target, query));
                boolean refused = !answer.path("status").asText().equals("success");
                boolean nothing = answer.at("/data/result").isEmpty();
                if (refused || nothing) {
                    unanswered.add(dashboard + ": " + panel.path("title").asText() + (refused ? " is refused" : "")
                            + ": " + query);
                }
            }
        }
        return unanswered;
    }

    private static String address(JsonNode panel, JsonNode target, String query) {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        long now = Instant.now().getEpochSecond();
        boolean folded = panel.path("interval").asText().equals("1d");
        if (target.path("instant").asBoolean() || folded) {
            return "/api/v1/query?time=" + now + "&query=" + encoded;
        }
        boolean hourly = panel.path("interval").asText().equals("1h");
        long window = hourly ? 7200 : WINDOW_SECONDS;
        return "/api/v1/query_range?start=" + (now - window) + "&end=" + now + "&step=" + (hourly ? 600 : 15)
                + "&query=" + encoded;
    }

    private static String concrete(String expr, String cluster) {
        // What there is to see is minutes old, so subqueries look closer than at hours.
        return expr.replaceAll(":(5m|1h)]", ":15s]")
                .replaceAll("\\$\\{?__rate_interval}?", "1m")
                .replaceAll("\\$\\{?__range}?", WINDOW)
                .replaceAll("\\$\\{?calc}?", "min")
                .replaceAll("\\$\\{?tz}?", "0")
                .replaceAll("\\$\\{?cluster}?", cluster)
                .replaceAll("\\$\\{?\\w+}?", ".+");
    }
}
