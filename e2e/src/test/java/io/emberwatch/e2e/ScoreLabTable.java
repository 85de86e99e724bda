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
                "| state | what was done | writes take | requests fail | script, lowest | script sees it after"
                        + " | mixin would alert after | `etcd` sees it after | `etcd`, lowest | well again after |\n"
                        + "|---|---|---|---|---|---|---|---|---|---|\n");
        Map<String, Duration> waits = waits(run.prometheusUrl());
        List<Phase> phases = run.phases();
        int alerting = 0;
        for (int i = 0; i < phases.size(); i++) {
            Phase phase = phases.get(i);
            if (phase.kind() == Kind.AFTER) {
                continue;
            }
            Alerting mixin = mixin(run.prometheusUrl(), phase, waits);
            alerting += phase.kind() == Kind.HARMLESS && !mixin.name().isEmpty() ? 1 : 0;
            boolean followed = i + 1 < phases.size() && phases.get(i + 1).kind() == Kind.AFTER;
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                    phase.name(),
                    phase.detail(),
                    millis(phase),
                    failing(phase),
                    score(run.script(), phase),
                    seconds(fresh(run.script(), phase)),
                    mixin,
                    seconds(fresh(run.ours(), phase)),
                    score(run.ours(), phase),
                    followed ? seconds(wellAgain(run.ours(), phases.get(i + 1))) : ""));
        }
        text.append('\n');
        seen(text, "the script of 2022", run.script(), phases);
        seen(text, "`etcd`", run.ours(), phases);
        reds(text, "the script of 2022", run.script(), phases);
        reds(text, "`etcd`", run.ours(), phases);
        text.append("- the mixin: a condition came true in ").append(alerting).append(" harmless states\n");
        return text.toString();
    }

    private static String millis(Phase phase) {
        double median = phase.service().median();
        return Double.isNaN(median) ? "–" : String.format(Locale.ROOT, "%.0f ms", median);
    }

    private static String failing(Phase phase) {
        ScoreLabClients.Service service = phase.service();
        long asked = Math.max(1, service.answered() + service.failed());
        return service.failed() == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100.0 * service.failed() / asked);
    }

    // How long it still was below within what came after a state; nothing when it never was.
    private static @Nullable Duration wellAgain(List<Seen> series, Phase after) {
        return series.stream()
                .filter(one -> !one.at().isBefore(after.start()) && one.at().isBefore(after.end()))
                .filter(one -> one.score() < WELL)
                .map(one -> Duration.between(after.start(), one.at()).plusSeconds(1))
                .reduce((first, second) -> second)
                .orElse(null);
    }

    private static void seen(StringBuilder text, String who, List<Seen> series, List<Phase> phases) {
        List<Duration> delays = new ArrayList<>();
        int faults = 0;
        int before = 0;
        for (Phase phase : phases) {
            if (phase.kind() == Kind.FAULT) {
                faults++;
                Duration after = fresh(series, phase);
                if (after != null && after.isZero()) {
                    before++;
                } else if (after != null) {
                    delays.add(after);
                }
            }
        }
        delays.sort(null);
        text.append(String.format(
                Locale.ROOT,
                "- %s saw %d of %d faults, after %s in the median and %s at most, and was red before %d%n",
                who,
                delays.size(),
                faults,
                delays.isEmpty() ? "–" : seconds(delays.get(delays.size() / 2)),
                delays.isEmpty() ? "–" : seconds(delays.get(delays.size() - 1)),
                before));
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
        return duration == null ? "–" : duration.isZero() ? "red before" : duration.toSeconds() + " s";
    }

    private static void reds(StringBuilder text, String who, List<Seen> series, List<Phase> phases) {
        int episodes = 0;
        double days = 0;
        double least = Double.POSITIVE_INFINITY;
        for (Phase phase : phases) {
            if (phase.kind() == Kind.HARMLESS) {
                days += Duration.between(phase.start(), phase.end()).toMillis() / 86_400_000.0;
                episodes += episodes(series, phase);
                double lowest = ScoreLabRun.lowest(series, phase, Duration.ZERO);
                least = Double.isNaN(lowest) ? least : Math.min(least, lowest);
            }
        }
        if (days == 0) {
            return;
        }
        text.append(String.format(
                Locale.ROOT,
                "- %s: %d false reds in %.0f minutes of harmless states, %.0f a day, the least score %s%n",
                who,
                episodes,
                days * 1440,
                episodes / days,
                Double.isInfinite(least) ? "–" : String.format(Locale.ROOT, "%.1f", least)));
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

    /** The alert that would be the first; no name when no condition came true. */
    private record Alerting(String name, Duration after) {
        @Override
        public String toString() {
            return name.isEmpty() ? "–" : after.toMinutes() + " min, " + name.replace("Mixin", "");
        }
    }

    // When an alert's condition becomes true, and how much longer it would have to stay so.
    private static Alerting mixin(String prometheus, Phase phase, Map<String, Duration> waits) throws IOException {
        String query = URLEncoder.encode("ALERTS{origin=\"mixin\"}", StandardCharsets.UTF_8);
        JsonNode series = Http.json(prometheus + "/api/v1/query_range?query=" + query + "&step=5&start="
                        + (phase.start().getEpochSecond() - STOOD) + "&end="
                        + phase.end().getEpochSecond())
                .path("data")
                .path("result");
        Alerting best = new Alerting("", Duration.ofDays(1));
        for (JsonNode one : series) {
            String name = one.path("metric").path("alertname").asText();
            Instant first =
                    Instant.ofEpochSecond(one.path("values").get(0).get(0).asLong());
            if (first.isBefore(phase.start())) {
                continue; // it stood before, for something else
            }
            Duration total = Duration.between(phase.start(), first).plus(waits.getOrDefault(name, Duration.ZERO));
            if (total.compareTo(best.after()) < 0) {
                best = new Alerting(name, total);
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
