package io.emberwatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.emberwatch.e2e.ScoreLabRun.Kind;
import io.emberwatch.e2e.ScoreLabRun.Phase;
import io.emberwatch.e2e.ScoreLabRun.Seen;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A labelled run as a table: who saw which state when, and who was alarmed without a reason. */
final class ScoreLabTable {
    private static final double WELL = 9;
    private static final int STOOD = 10;

    private ScoreLabTable() {}

    static String of(ScoreLabRun run) throws IOException {
        StringBuilder text = new StringBuilder(
                "| state | what was done | writes take | fail | script of 2022, lowest | sees it after | mixin would alert after"
                        + " | `etcd`, lowest | sees it after |\n|---|---|---|---|---|---|---|---|---|\n");
        Map<String, Duration> waits = waits(run.prometheusUrl());
        for (Phase phase : run.phases()) {
            ScoreLabClients.Service service = phase.service();
            long asked = Math.max(1, service.answered() + service.failed());
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                    phase.name(),
                    phase.detail(),
                    Double.isNaN(service.median()) ? "–" : String.format(Locale.ROOT, "%.0f ms", service.median()),
                    service.failed() == 0
                            ? "–"
                            : String.format(Locale.ROOT, "%.1f %%", 100.0 * service.failed() / asked),
                    score(run.script(), phase),
                    seconds(fresh(run.script(), phase)),
                    mixin(run.prometheusUrl(), phase, waits),
                    score(run.ours(), phase),
                    phase.kind() == Kind.AFTER ? "" : seconds(fresh(run.ours(), phase))));
        }
        text.append('\n');
        reds(text, "the script of 2022", run.script(), run.phases());
        reds(text, "`etcd`", run.ours(), run.phases());
        return text.toString();
    }

    // What was below before the state began was not told by it.
    private static @Nullable Duration fresh(List<Seen> series, Phase phase) {
        Duration after = ScoreLabRun.below(series, phase, WELL);
        boolean before = series.stream()
                .filter(seen -> seen.at().isBefore(phase.start()))
                .reduce((first, second) -> second)
                .filter(seen -> seen.score() < WELL)
                .isPresent();
        return before && phase.kind() == Kind.FAULT && after != null ? Duration.ZERO : after;
    }

    private static String score(List<Seen> series, Phase phase) {
        double lowest = ScoreLabRun.lowest(series, phase, Duration.ZERO);
        return Double.isNaN(lowest) ? "nothing" : String.format(Locale.ROOT, "%.1f", lowest);
    }

    private static String seconds(@Nullable Duration duration) {
        return duration == null ? "–" : duration.isZero() ? "before" : duration.toSeconds() + " s";
    }

    private static void reds(StringBuilder text, String who, List<Seen> series, List<Phase> phases) {
        int episodes = 0;
        double days = 0;
        for (Phase phase : phases) {
            if (phase.kind() == Kind.HARMLESS) {
                days += Duration.between(phase.start(), phase.end()).toMillis() / 86_400_000.0;
                episodes += episodes(series, phase);
            }
        }
        text.append(String.format(
                Locale.ROOT,
                "- %s: %d false reds in %.0f minutes of harmless states, %.0f a day%n",
                who,
                episodes,
                days * 1440,
                episodes / days));
    }

    private static int episodes(List<Seen> series, Phase phase) {
        int episodes = 0;
        boolean red = false;
        for (Seen seen : series) {
            if (!seen.at().isBefore(phase.start()) && seen.at().isBefore(phase.end())) {
                boolean now = seen.score() < WELL;
                episodes += now && !red ? 1 : 0;
                red = now;
            }
        }
        return episodes;
    }

    // When an alert's condition becomes true, and how much longer it would have to stay so.
    private static String mixin(String prometheus, Phase phase, Map<String, Duration> waits) throws IOException {
        String query = URLEncoder.encode("ALERTS{origin=\"mixin\"}", StandardCharsets.UTF_8);
        JsonNode series = Http.json(prometheus + "/api/v1/query_range?query=" + query + "&step=5&start="
                        + (phase.start().getEpochSecond() - STOOD) + "&end="
                        + phase.end().getEpochSecond())
                .path("data")
                .path("result");
        String best = "–";
        Duration shortest = Duration.ofDays(1);
        for (JsonNode one : series) {
            String name = one.path("metric").path("alertname").asText();
            Instant first =
                    Instant.ofEpochSecond(one.path("values").get(0).get(0).asLong());
            if (first.isBefore(phase.start())) {
                continue; // it stood before, for something else
            }
            Duration total = Duration.between(phase.start(), first).plus(waits.getOrDefault(name, Duration.ZERO));
            if (total.compareTo(shortest) < 0) {
                shortest = total;
                best = total.toMinutes() + " min (" + name.replace("Mixin", "") + ")";
            }
        }
        return best;
    }

    private static Map<String, Duration> waits(String prometheus) throws IOException {
        Map<String, Duration> waits = new HashMap<>();
        for (JsonNode group :
                Http.json(prometheus + "/api/v1/rules").path("data").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                waits.put(
                        rule.path("name").asText(),
                        Duration.ofSeconds(rule.path("duration").asLong()));
            }
        }
        return waits;
    }

    /** What the scorer owes and did not give. */
    static List<String> failings(ScoreLabRun run, Duration limit) {
        List<String> failings = new ArrayList<>();
        for (Phase phase : run.phases()) {
            Duration seen = ScoreLabRun.below(run.ours(), phase, WELL);
            if (phase.kind() == Kind.FAULT && (seen == null || seen.compareTo(limit) > 0)) {
                failings.add(phase.name() + " is seen after " + seen);
            }
            double lowest = ScoreLabRun.lowest(run.ours(), phase, Duration.ZERO);
            if (phase.kind() == Kind.HARMLESS && lowest < WELL) {
                failings.add(phase.name() + " scores " + lowest);
            }
            double highest = ScoreLabRun.highest(run.ours(), phase, limit);
            if (phase.clientsSuffer() && phase.kind() == Kind.FAULT && highest >= 8) {
                failings.add("clients suffer in " + phase.name() + " and the score is " + highest);
            }
        }
        return failings;
    }
}
