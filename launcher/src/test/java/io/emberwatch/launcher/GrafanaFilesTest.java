package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.SyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The dashboards of {@code grafana/} hold the rules of Grafana's dashboard linter, as far as they apply, and some more.
 * grafana/README.md tells which.
 */
final class GrafanaFilesTest {
    private static final Path DASHBOARDS = Path.of("../grafana/dashboards");
    private static final Path RUNBOOKS = Path.of("../docs/runbooks");
    private static final int COLUMNS = 24;
    private static final Set<String> DESCRIBED =
            Set.of("stat", "table", "timeseries", "gauge", "heatmap", "status-history", "state-timeline", "bargauge");
    // Of Grafana's identifiers of units, those in use.
    private static final Set<String> UNITS =
            Set.of("none", "short", "percentunit", "s", "bytes", "Bps", "ops", "pps", "cpm", "percent");
    private static final Pattern COUNTER = Pattern.compile("(?<![\\w:])(\\w+_total)(?!\\w)\\{?[^}\\[]*}?(\\[)?");
    // What dashboards are about; the instance may be left out, for what is summed up over all.
    private static final Set<String> CHOOSING = Set.of("cluster", "sensor", "job");
    // Brokers are scraped by jobs of their own.
    private static final Pattern OF_BROKERS = Pattern.compile("\\bkafka_");
    private static final Pattern RATE = Pattern.compile("\\bi?rate\\(.*?\\[([^]]+)]");

    @Test
    void everyDashboardHoldsTheRules() throws IOException {
        Map<String, JsonNode> dashboards = dashboards();
        List<String> faults = new ArrayList<>();
        dashboards.forEach((name, dashboard) -> check(name, dashboard, faults));

        assertThat(dashboards).hasSizeGreaterThanOrEqualTo(8);
        assertThat(faults).isEmpty();
        assertThat(dashboards.values().stream()
                        .map(dashboard -> dashboard.path("uid").asText()))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyAlertOnEtcdHostsAndSensorsIsOnePanelsLink() throws IOException {
        Set<String> linked = new HashSet<>();
        for (JsonNode dashboard : dashboards().values()) {
            for (JsonNode panel : dashboard.path("panels")) {
                panel.path("links").forEach(link -> linked.add(link.path("url").asText()));
            }
        }
        List<String> missing = new ArrayList<>();
        for (String file : List.of("etcd-alerts", "etcd-forecast-alerts", "host-alerts", "sensor-alerts")) {
            for (Object group :
                    (List<?>) yaml("../prometheus/rules/" + file + ".yml").get("groups")) {
                for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
                    Object alert = ((Map<?, ?>) rule).get("alert");
                    if (alert != null && !linked.contains("${runbooks}/" + alert)) {
                        missing.add(alert.toString());
                    }
                }
            }
        }

        assertThat(linked).hasSizeGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    @Test
    void provisioningNamesAllThatGrafanaAsksFor() throws IOException {
        Map<String, Object> sources = yaml("../grafana/provisioning/datasources/emberwatch.yaml");
        Map<String, Object> providers = yaml("../grafana/provisioning/dashboards/emberwatch.yaml");

        assertThat(sources).containsEntry("apiVersion", 1).containsOnlyKeys("apiVersion", "datasources");
        assertThat((List<?>) sources.get("datasources"))
                .allSatisfy(source -> assertThat(((Map<?, ?>) source).keySet())
                        .asString()
                        .contains("name", "uid", "type", "access", "url"));
        assertThat(providers).containsEntry("apiVersion", 1).containsOnlyKeys("apiVersion", "providers");
    }

    private static void check(String name, JsonNode dashboard, List<String> faults) {
        Set<String> variables = new HashSet<>(Set.of("__rate_interval", "__range", "__interval", "__from", "__to"));
        for (JsonNode variable : dashboard.at("/templating/list")) {
            variables.add(variable.path("name").asText());
            if (variable.path("type").asText().equals("query")) {
                require(variable.path("refresh").asInt() == 2, faults, name, "variables follow the time range");
                require(variable.at("/datasource/uid").asText().equals("${datasource}"), faults, name, "variable");
                checkValues(name, variable.at("/query/query").asText(), faults);
            }
        }
        JsonNode source = dashboard.at("/templating/list/0");
        require(source.path("name").asText().equals("datasource"), faults, name, "the data source comes first");
        require(source.path("label").asText().equals("Prometheus data source"), faults, name, "its label");
        require(!dashboard.path("editable").asBoolean(true), faults, name, "is not editable");
        require(dashboard.path("schemaVersion").asInt() == 39, faults, name, "schemaVersion");
        require(dashboard.at("/time/from").asText().startsWith("now-"), faults, name, "no fixed time");
        boolean[][] taken = new boolean[200][COLUMNS];
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            String where = name + ": " + panel.path("title").asText();
            require(ids.add(panel.path("id").asInt()), faults, where, "its id is its own");
            place(panel.path("gridPos"), taken, where, faults);
            if (!panel.path("type").asText().equals("row")) {
                check(where, panel, variables, faults);
            }
        }
    }

    private static void check(String where, JsonNode panel, Set<String> variables, List<String> faults) {
        require(panel.at("/datasource/uid").asText().equals("${datasource}"), faults, where, "data source");
        if (DESCRIBED.contains(panel.path("type").asText())) {
            require(!panel.path("title").asText().isEmpty(), faults, where, "a title");
            require(!panel.path("description").asText().isEmpty(), faults, where, "a description");
        }
        String unit = panel.at("/fieldConfig/defaults/unit").asText();
        require(UNITS.contains(unit), faults, where, "a unit that Grafana has: " + unit);
        require(!panel.path("targets").isEmpty(), faults, where, "something to show");
        for (JsonNode target : panel.path("targets")) {
            String expr = target.path("expr").asText();
            require(!target.path("legendFormat").asText().isEmpty(), faults, where, "a legend");
            checkVariables(where, expr, variables, faults);
            require(
                    OF_BROKERS.matcher(expr).find()
                            || CHOOSING.stream()
                                    .filter(variables::contains)
                                    .allMatch(variable -> expr.contains("\"$" + variable + "\"")),
                    faults,
                    where,
                    "a query of what was chosen: " + expr);
            checkQuery(where, expr, faults);
        }
        for (JsonNode link : panel.path("links")) {
            String url = link.path("url").asText();
            if (url.startsWith("${runbooks}/")) {
                String runbook = url.substring("${runbooks}/".length());
                require(Files.isRegularFile(RUNBOOKS.resolve(runbook + ".md")), faults, where, "runbook " + runbook);
            } else {
                require(url.startsWith("/d/emberwatch-"), faults, where, "links to a dashboard of ours");
            }
        }
    }

    private static void checkValues(String name, String values, List<String> faults) {
        Matcher asked = Pattern.compile("label_values\\((.*), (\\w+)\\)").matcher(values);
        require(asked.matches(), faults, name, "a variable of values of a label: " + values);
        if (asked.matches()) {
            parse(name, asked.group(1), faults);
        }
    }

    private static void checkVariables(String where, String expr, Set<String> variables, List<String> faults) {
        Matcher used = Pattern.compile("\\$\\{?(\\w+)").matcher(expr);
        while (used.find()) {
            require(variables.contains(used.group(1)), faults, where, "variable " + used.group(1));
        }
    }

    private static void checkQuery(String where, String expr, List<String> faults) {
        Matcher rate = RATE.matcher(expr);
        while (rate.find()) {
            // A minute is what a stat of a sensor, measured each second, is about.
            require(
                    rate.group(1).equals("$__rate_interval") || rate.group(1).equals("1m"),
                    faults,
                    where,
                    "rates over $__rate_interval");
        }
        Matcher counter = COUNTER.matcher(expr);
        while (counter.find()) {
            require(counter.group(2) != null, faults, where, counter.group(1) + " only as a rate or an increase");
        }
        parse(where, expr, faults);
    }

    private static void parse(String where, String expr, List<String> faults) {
        String concrete = expr.replaceAll("\\$\\{?__rate_interval}?", "1m")
                .replaceAll("\\$\\{?__range}?", "6h")
                .replaceAll("\\$\\{?calc}?", "min")
                .replaceAll("\\$\\{?tz}?", "2")
                .replaceAll("\\$\\{?\\w+}?", ".+");
        try {
            Promql.parse(concrete);
        } catch (SyntaxException e) {
            faults.add(where + ": " + concrete + ": " + e.getMessage());
        }
    }

    private static void place(JsonNode place, boolean[][] taken, String where, List<String> faults) {
        for (int y = place.path("y").asInt();
                y < place.path("y").asInt() + place.path("h").asInt();
                y++) {
            for (int x = place.path("x").asInt();
                    x < place.path("x").asInt() + place.path("w").asInt();
                    x++) {
                if (x >= COLUMNS || taken[y][x]) {
                    faults.add(where + ": overlaps another panel or leaves the page");
                    return;
                }
                taken[y][x] = true;
            }
        }
    }

    private static void require(boolean holds, List<String> faults, String where, String what) {
        if (!holds) {
            faults.add(where + ": " + what);
        }
    }

    private static Map<String, JsonNode> dashboards() throws IOException {
        Map<String, JsonNode> dashboards = new TreeMap<>();
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            for (Path file : files.toList()) {
                dashboards.put(file.getFileName().toString(), new ObjectMapper().readTree(Files.readString(file)));
            }
        }
        return dashboards;
    }

    private static Map<String, Object> yaml(String file) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(Path.of(file)));
    }
}
