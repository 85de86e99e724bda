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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server every question of a dashboard, as Grafana does. */
final class Dashboards {
    private static final String WINDOW = "10m";
    private static final long WINDOW_SECONDS = 600;
    private static final Pattern VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");

    private Dashboards() {}

    /**
     * Asks what every panel of a dashboard asks.
     *
     * @return the queries that were refused or gave no number
     */
    static List<String> unanswered(String server, String dashboard, String cluster)
            throws IOException, InterruptedException {
        List<String> unanswered = new ArrayList<>();
        for (JsonNode panel :
                new ObjectMapper().readTree(Files.readString(file(dashboard))).path("panels")) {
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

    /**
     * Asks for the values of every variable and for the moments of every annotation of a dashboard.
     *
     * @return the questions that gave nothing
     */
    static List<String> unansweredAround(String server, String dashboard, String cluster)
            throws IOException, InterruptedException {
        JsonNode all = new ObjectMapper().readTree(Files.readString(file(dashboard)));
        List<String> unanswered = new ArrayList<>();
        for (JsonNode variable : all.at("/templating/list")) {
            Matcher asked = VALUES.matcher(variable.at("/query/query").asText());
            if (variable.path("type").asText().equals("query")
                    && !(asked.matches()
                            && !Http.json(server + "/api/v1/label/" + asked.group(2) + "/values?match[]="
                                            + encoded(concrete(asked.group(1), cluster)))
                                    .path("data")
                                    .isEmpty())) {
                unanswered.add(dashboard + ": $" + variable.path("name").asText() + ": " + variable.path("query"));
            }
        }
        for (JsonNode annotation : all.at("/annotations/list")) {
            String query = concrete(annotation.path("expr").asText(), cluster);
            if (!query.isEmpty()
                    && Http.json(server + range(query, WINDOW_SECONDS, 15, 0))
                            .at("/data/result")
                            .isEmpty()) {
                unanswered.add(dashboard + ": " + annotation.path("name").asText() + ": " + query);
            }
        }
        return unanswered;
    }

    private static Path file(String dashboard) {
        return Program.home().resolve("grafana/dashboards/" + dashboard + ".json");
    }

    private static String address(JsonNode panel, JsonNode target, String query) {
        boolean folded = panel.path("interval").asText().equals("1d");
        if (target.path("instant").asBoolean() || folded) {
            return "/api/v1/query?time=" + now() + "&query=" + encoded(query);
        }
        boolean hourly = panel.path("interval").asText().equals("1h");
        // What was told for an hour ahead is looked at ahead: until "now+1h".
        long ahead = query.endsWith("offset 1h") ? 3600 : 0;
        return range(query, hourly ? 7200 : WINDOW_SECONDS, hourly ? 600 : 15, ahead);
    }

    private static String range(String query, long window, int step, long ahead) {
        long end = now() + ahead;
        return "/api/v1/query_range?start=" + (end - window) + "&end=" + end + "&step=" + step + "&query="
                + encoded(query);
    }

    // Whole seconds, and not before what has just been scraped.
    private static long now() {
        return Instant.now().getEpochSecond() + 1;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
