package io.emberwatch.scorer;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The scores that a model gives over a recorded run, one every 15 s. */
final class Replay {
    static final Duration INTERVAL = Duration.ofSeconds(15);

    private final NavigableMap<Instant, Score> scores = new TreeMap<>();

    static Replay of(ScoreModel model, QuerySource source, Instant start, Instant end) throws QueryException {
        Map<String, Replay> clusters = all(model, source, start, end);
        if (clusters.size() != 1) {
            throw new IllegalStateException(clusters.size() + " clusters");
        }
        return clusters.values().iterator().next();
    }

    /** Of every cluster that is found. */
    static Map<String, Replay> all(ScoreModel model, QuerySource source, Instant start, Instant end)
            throws QueryException {
        Map<String, Replay> replays = new TreeMap<>();
        Surveyor surveyor = new Surveyor(model, source);
        Scorer scorer = new Scorer(model);
        for (Instant at = start; !at.isAfter(end); at = at.plus(INTERVAL)) {
            Measurements measured = surveyor.measure(at);
            if (!measured.unanswered().isEmpty()) {
                throw new IllegalStateException(String.join("; ", measured.unanswered()));
            }
            for (Score score : scorer.score(measured)) {
                replays.computeIfAbsent(score.cluster(), name -> new Replay())
                        .scores
                        .put(at, score);
            }
        }
        return replays;
    }

    /** The known cluster scores of a phase from {@code delay} after its start, ascending. */
    double[] sorted(Phase phase, Duration delay) {
        return scores.subMap(phase.start().plus(delay), true, phase.end(), false).values().stream()
                .flatMapToDouble(score -> score.score().stream())
                .sorted()
                .toArray();
    }

    double lowest(Phase phase) {
        return sorted(phase, Duration.ZERO)[0];
    }

    /** The reasons of the lowest score of a phase. */
    String whyLowest(Phase phase) {
        return scores.subMap(phase.start(), true, phase.end(), false).values().stream()
                .filter(score -> score.score().isPresent())
                .min(Comparator.comparingDouble(score -> score.score().orElse(Scale.BEST)))
                .map(score -> String.join("; ", score.reasons()))
                .orElse("");
    }

    double highest(Phase phase, Duration delay) {
        double[] sorted = sorted(phase, delay);
        return sorted[sorted.length - 1];
    }

    double median(Phase phase, Duration delay) {
        double[] sorted = sorted(phase, delay);
        return sorted[sorted.length / 2];
    }

    /** How long after the phase's start the cluster scores below 9 and one of the components tells why, or null. */
    @Nullable
    Duration seenAfter(Phase phase, Set<String> evidence) {
        return scores.subMap(phase.start(), true, phase.end(), false).entrySet().stream()
                .filter(entry -> entry.getValue().score().orElse(10) < Scorer.WELL)
                .filter(entry -> entry.getValue().members().stream().anyMatch(member -> tells(member, evidence)))
                .map(entry -> Duration.between(phase.start(), entry.getKey()))
                .findFirst()
                .orElse(null);
    }

    /** How long after the phase's start the cluster scores below something, or null. */
    @Nullable
    Duration belowAfter(Phase phase, double score) {
        return scores.subMap(phase.start(), true, phase.end(), false).entrySet().stream()
                .filter(entry -> entry.getValue().score().orElse(10) < score)
                .map(entry -> Duration.between(phase.start(), entry.getKey()))
                .findFirst()
                .orElse(null);
    }

    private static boolean tells(Score.MemberScore member, Set<String> evidence) {
        return (evidence.contains("down") && !member.up())
                || member.reasons().stream().anyMatch(evidence::contains)
                || member.components().stream()
                        .anyMatch(component -> evidence.contains(component.name())
                                && component.score().orElse(Scale.BEST) < 8);
    }

    /** How long after the phase's start the cluster is at 9 or above to its end, or null. */
    @Nullable
    Duration wellAfter(Phase phase) {
        Instant since = null;
        for (var entry : scores.subMap(phase.start(), true, phase.end(), false).entrySet()) {
            OptionalDouble score = entry.getValue().score();
            if (score.isPresent() && score.getAsDouble() >= Scorer.WELL) {
                since = since == null ? entry.getKey() : since;
            } else {
                since = null;
            }
        }
        return since == null ? null : Duration.between(phase.start(), since);
    }
}
