package io.emberwatch.bridge.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.bridge.Samples;
import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.model.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same routes and the same labels, given to Alertmanager's own tool: it must name the same receivers. */
class AmtoolRoutesTest {
    private static final Path AMTOOL = Path.of("/usr/bin/amtool");
    private static final List<String> NAMES = List.of("severity", "team", "cluster", "path");
    private static final List<String> VALUES =
            List.of("critical", "warning", "db", "web", "prod-1", "a,b", "naïve", "x.y", "x-y", "a b");
    private static final List<String> PATTERNS = List.of(
            ".*", ".+", "critical|warning", "prod-.*", "x.y", "x\\\\.y", "(?i)DB", "[a-d]+", "", "a,b|c", ".{2}");
    private static final List<String> OPERATORS = List.of("=", "!=", "=~", "!~");
    private static final int TREES = 6;
    private static final int LABEL_SETS = 10;

    @TempDir
    Path folder;

    @Test
    void whereAlertmanagerSendsAnAlertThereTheBridgeDoes() throws Exception {
        assumeTrue(Files.isExecutable(AMTOOL), "amtool is not installed");
        Random random = new Random(25);
        int held = 0;
        for (int tree = 0; tree < TREES; tree++) {
            List<RouteConfig> routes = routes(random, 3);
            Path config = Files.writeString(folder.resolve(tree + ".yml"), yaml(routes));
            for (int i = 0; i < LABEL_SETS; i++) {
                Labels labels = labels(random);
                Notification notification = new Notification(
                        "any", "", Labels.EMPTY, List.of(Samples.alert(true, labels, Labels.EMPTY)), 0, "", "");
                List<String> ours = new Routes(routes, List.of("default")).channels(notification);
                assertThat(ours)
                        .as(labels + " in\n" + Files.readString(config))
                        .containsExactlyElementsOf(amtool(config, labels));
                held += ours.equals(List.of("default")) ? 0 : 1;
            }
        }
        assertThat(held).as("most alerts meet a route").isGreaterThan(TREES * LABEL_SETS / 3);
    }

    private static List<RouteConfig> routes(Random random, int depth) {
        List<RouteConfig> routes = new ArrayList<>();
        int count = depth == 3 ? 4 : random.nextInt(depth + 1);
        for (int i = 0; i < count; i++) {
            List<String> matchers = new ArrayList<>();
            for (int j = 0; j <= random.nextInt(2); j++) {
                matchers.add(matcher(random));
            }
            routes.add(new RouteConfig(
                    null,
                    matchers,
                    random.nextInt(4) == 0 ? List.of() : List.of("r" + random.nextInt(8)),
                    random.nextBoolean(),
                    routes(random, depth - 1)));
        }
        return routes;
    }

    private static String matcher(Random random) {
        String operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
        List<String> values = operator.endsWith("~") ? PATTERNS : VALUES;
        String value = values.get(random.nextInt(values.size()));
        boolean bare = value.matches("[a-zA-Z0-9.-]+") && random.nextBoolean();
        return NAMES.get(random.nextInt(NAMES.size()))
                + (random.nextBoolean() ? " " : "")
                + operator
                + (bare ? value : "\"" + value + "\"");
    }

    private static Labels labels(Random random) {
        Labels.Builder labels = Labels.builder().set("alertname", "Ill");
        for (String name : NAMES) {
            if (random.nextInt(4) > 0) {
                labels.set(name, VALUES.get(random.nextInt(VALUES.size())));
            }
        }
        return labels.build();
    }

    private static String yaml(List<RouteConfig> routes) {
        StringBuilder yaml = new StringBuilder("receivers:\n- name: default\n");
        for (int i = 0; i < 8; i++) {
            yaml.append("- name: r").append(i).append('\n');
        }
        yaml.append("route:\n  receiver: default\n");
        append(yaml, routes, "  ");
        return yaml.toString();
    }

    private static void append(StringBuilder yaml, List<RouteConfig> routes, String indent) {
        if (!routes.isEmpty()) {
            yaml.append(indent).append("routes:\n");
        }
        for (RouteConfig route : routes) {
            yaml.append(indent).append("- continue: ").append(route.andNext()).append('\n');
            if (!route.channels().isEmpty()) {
                yaml.append(indent)
                        .append("  receiver: ")
                        .append(route.channels().get(0))
                        .append('\n');
            }
            yaml.append(indent).append("  matchers:\n");
            route.matchers()
                    .forEach(matcher ->
                            yaml.append(indent).append("  - '").append(matcher).append("'\n"));
            append(yaml, route.routes(), indent + "  ");
        }
    }

    private static List<String> amtool(Path config, Labels labels) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(AMTOOL.toString(), "config", "routes", "test", "--config.file=" + config));
        for (int i = 0; i < labels.size(); i++) {
            command.add(labels.name(i) + "=\"" + labels.value(i) + "\"");
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return List.copyOf(new TreeSet<>(List.of(output.split(","))));
    }
}
