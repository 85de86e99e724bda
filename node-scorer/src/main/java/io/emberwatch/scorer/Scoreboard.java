package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs one model and holds what is to be shown of every cluster: its score while that is fresh, afterwards only that
 * nothing is known of it.
 *
 * <p>A cluster that is not found any more while others are is shown as unknown for an hour and then forgotten.
 */
final class Scoreboard {
    /** How long a cluster that vanished is still spoken of. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    private final ScoreModel model;
    private final Surveyor surveyor;
    private final Scorer scorer;
    private final Duration staleAfter;
    private final Map<Labels, Seen> clusters = new TreeMap<>();

    private record Seen(Instant at, Score score) {}

    /**
     * How a run went.
     *
     * @param failure the reason as the metric has it, or empty when there are scores
     * @param trouble what is wrong, or empty
     * @param unanswered queries that failed while others were answered
     */
    record Run(String failure, String trouble, List<String> unanswered) {
        boolean scored() {
            return failure.isEmpty();
        }

        /** Whether the source answered; that it knows no members is no fault of the scorer's. */
        boolean answered() {
            return !failure.equals("query");
        }
    }

    Scoreboard(ScoreModel model, QuerySource source, Duration staleAfter) {
        this.model = model;
        this.staleAfter = staleAfter;
        surveyor = new Surveyor(model, source);
        scorer = new Scorer(model);
    }

    Run run(Instant at) {
        try {
            Measurements measured = surveyor.measure(at);
            List<Score> scores = scorer.score(measured);
            if (scores.isEmpty()) {
                return new Run(
                        "no_members",
                        "no members were found; the model " + model.name() + " looks for "
                                + model.members().get(0),
                        measured.unanswered());
            }
            clusters.values().removeIf(seen -> !at.isBefore(seen.at().plus(REMEMBERED)));
            scores.forEach(score -> clusters.put(score.labels(), new Seen(at, score)));
            return new Run("", "", measured.unanswered());
        } catch (QueryException e) {
            return new Run("query", "cannot read measurements: " + e.getMessage(), List.of());
        }
    }

    String model() {
        return model.name();
    }

    /** What is to be shown at a time, sorted by cluster. */
    List<Score> scores(Instant at) {
        List<Score> shown = new ArrayList<>();
        for (Seen seen : clusters.values()) {
            boolean stale = !at.isBefore(seen.at().plus(staleAfter));
            shown.add(stale ? seen.score().unknown("not measured since " + seen.at()) : seen.score());
        }
        return shown;
    }

    List<MetricFamily> families(List<Score> scores) {
        return ScoreFamilies.of(model, scores);
    }
}
