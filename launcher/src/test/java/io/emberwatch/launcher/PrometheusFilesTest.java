package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What {@code prometheus/} ships, judged by the tools of the servers that load it, and by our own. */
final class PrometheusFilesTest {
    private static final Path SHIPPED = Path.of("../prometheus");
    private static final Path RUNBOOKS = Path.of("../docs/runbooks");

    @Test
    void promtoolAcceptsTheConfigurationAndTheRules() throws Exception {
        run(
                "/usr/bin/promtool",
                List.of("check", "config", SHIPPED.resolve("prometheus.yml").toString()));
        run("/usr/bin/promtool", with(List.of("check", "rules"), "rules"));
    }

    @Test
    void everyRuleTestPassesWithPromtoolAndWithOurs() throws Exception {
        run("/usr/bin/promtool", with(List.of("test", "rules"), "tests"));

        String[] ours = with(List.of("rules", "test"), "tests").toArray(String[]::new);
        assertThat(Emberwatch.execute(ours)).isEqualTo(Emberwatch.OK);
    }

    @Test
    void amtoolAcceptsTheRouting() throws Exception {
        String file = SHIPPED.resolve("alertmanager.yml").toString();
        run("/usr/bin/amtool", List.of("check-config", file));

        String routed = run(
                "/usr/bin/amtool",
                List.of("config", "routes", "test", "--config.file=" + file, "severity=critical", "cluster=prod"));
        assertThat(routed.trim()).endsWith("emberwatch-critical");
    }

    @Test
    void everyAlertTellsWhatItMeansAndIsShownToFireAndNotToFire() throws Exception {
        Map<String, List<Boolean>> shown = new HashMap<>();
        for (Map<String, Object> file : load("tests")) {
            for (Map<String, Object> test : maps(file.get("tests"))) {
                for (Map<String, Object> alert : maps(test.getOrDefault("alert_rule_test", List.of()))) {
                    boolean fires = !maps(alert.get("exp_alerts")).isEmpty();
                    shown.computeIfAbsent((String) alert.get("alertname"), name -> new ArrayList<>())
                            .add(fires);
                }
            }
        }
        List<String> faults = new ArrayList<>();
        Set<String> alerts = new TreeSet<>();
        for (Map<String, Object> file : load("rules")) {
            for (Map<String, Object> group : maps(file.get("groups"))) {
                for (Map<String, Object> rule : maps(group.get("rules"))) {
                    String name = (String) rule.get("alert");
                    if (name != null) {
                        alerts.add(name);
                        faults.addAll(faults(name, rule, shown.getOrDefault(name, List.of())));
                    }
                }
            }
        }
        assertThat(faults).isEmpty();
        try (Stream<Path> runbooks = Files.list(RUNBOOKS)) {
            assertThat(runbooks.map(file -> file.getFileName().toString().replace(".md", "")))
                    .as("runbooks of alerts that there are")
                    .isSubsetOf(alerts);
        }
    }

    private static List<String> faults(String name, Map<String, Object> rule, List<Boolean> shown) {
        List<String> faults = new ArrayList<>();
        Map<?, ?> labels = (Map<?, ?>) rule.get("labels");
        Map<?, ?> annotations = (Map<?, ?>) rule.get("annotations");
        if (!Set.of("critical", "warning", "info", "none").contains(labels.get("severity"))) {
            faults.add(name + " has no severity");
        }
        if (annotations.get("summary") == null || annotations.get("description") == null) {
            faults.add(name + " has no summary or no description");
        }
        if (!("/runbooks/" + name).equals(annotations.get("runbook_url"))
                || !Files.isRegularFile(RUNBOOKS.resolve(name + ".md"))) {
            faults.add(name + " has no runbook");
        }
        if (!shown.contains(true)) {
            faults.add(name + " is not shown to fire");
        }
        // What always fires is the sign that alerts get through.
        if (!shown.contains(false) && !"none".equals(labels.get("severity"))) {
            faults.add(name + " is not shown not to fire");
        }
        return faults;
    }

    private static List<Map<String, Object>> load(String folder) throws IOException {
        List<Map<String, Object>> files = new ArrayList<>();
        for (String file : with(List.of(), folder)) {
            files.add(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(Path.of(file))));
        }
        return files;
    }

    @SuppressWarnings("unchecked") // a list of mappings, or the test fails
    private static List<Map<String, Object>> maps(Object yaml) {
        return (List<Map<String, Object>>) yaml;
    }

    private static List<String> with(List<String> command, String folder) throws IOException {
        List<String> arguments = new ArrayList<>(command);
        try (Stream<Path> files = Files.list(SHIPPED.resolve(folder))) {
            files.sorted().forEach(file -> arguments.add(file.toString()));
        }
        return arguments;
    }

    private static String run(String program, List<String> arguments) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(program)), program + " is not here: skipped");
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
