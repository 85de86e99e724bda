package io.emberwatch.scorer;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs one model and holds what is to be shown of every cluster: its score while that is fresh, afterwards only that
 * nothing is known of it.
 *
 * <p>A cluster that is not found any more while others are is shown as unknown for an hour and then forgotten; one of which
 * no member was ever up, such as an address that turned out to be no member's, at once.
 */
final class Scoreboard {
    /** How long a cluster that vanished is still spoken of. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** What habits may look back at most. */
    private static final Duration LONGEST_PAST = Duration.ofDays(15);

    /** Time between two looks at limits and habits. */
    private static final Duration LOOKS = Duration.ofMinutes(5);

    private final ScoreModel model;
    private final Surveyor surveyor;
    private final Scorer scorer;
    private final Duration staleAfter;
    private final Outlook outlook;
    private Instant looked = Instant.EPOCH;
    private volatile Outlook.View view = Outlook.View.NOTHING;
    private final Map<Labels, Seen> clusters = new TreeMap<>();

    private record Seen(Instant at, Score score, boolean everUp) {}

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
        outlook = new Outlook(model, source);
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
            scores.forEach(score -> clusters.merge(
                    score.labels(),
                    new Seen(at, score, score.members().stream().anyMatch(Score.MemberScore::up)),
                    (before, now) -> new Seen(now.at(), now.score(), before.everUp() || now.everUp())));
            clusters.values()
                    .removeIf(seen -> !at.isBefore(seen.at().plus(REMEMBERED))
                            || (!seen.everUp() && seen.at().isBefore(at)));
            return new Run("", "", measured.unanswered());
        } catch (QueryException e) {
            return new Run("query", "cannot read measurements: " + e.getMessage(), List.of());
        }
    }

    boolean looksAhead() {
        return !outlook.isEmpty();
    }

    /** Whether it is time to look ahead: every five minutes, and while some of the past is unread. */
    boolean isLookDue(Instant at) {
        return outlook.isBehind() || Grid.step(at, LOOKS) > Grid.step(looked, LOOKS);
    }

    /** Looks at limits and habits; may take a while and run beside {@link #run}, but not beside itself. */
    List<String> lookAhead(Instant at) {
        looked = at;
        Outlook.View seen = outlook.look(at);
        view = seen;
        return seen.unanswered();
    }

    /** Looks at limits alone. */
    List<String> lookAtLimits(Instant at) {
        Outlook.View seen = outlook.lookAtLimits(at);
        view = seen;
        return seen.unanswered();
    }

    /** Looks until the whole past is read, as many times as that takes. */
    void lookAheadUntilKnown(Instant at) {
        for (int days = 0; days <= LONGEST_PAST.toDays(); days += HabitWatch.DAYS_A_LOOK) {
            lookAhead(at);
        }
    }

    String model() {
        return model.name();
    }

    /** What is to be shown at a time, sorted by cluster. */
    List<Score> scores(Instant at) {
        Map<Labels, Map<String, List<String>>> told = new HashMap<>();
        view.reasons()
                .forEach((member, words) -> told.computeIfAbsent(member.cluster(), name -> new HashMap<>())
                        .put(member.name(), words));
        List<Score> shown = new ArrayList<>();
        for (Seen seen : clusters.values()) {
            boolean stale = !at.isBefore(seen.at().plus(staleAfter));
            Score score = stale ? seen.score().unknown("not measured since " + seen.at()) : seen.score();
            Map<String, List<String>> more = told.getOrDefault(score.labels(), Map.of());
            shown.add(more.isEmpty() ? score : score.telling(more));
        }
        return shown;
    }

    List<MetricFamily> families(List<Score> scores) {
        List<MetricFamily> families = new ArrayList<>(ScoreFamilies.of(model, scores));
        families.addAll(view.families());
        return families;
    }
}
