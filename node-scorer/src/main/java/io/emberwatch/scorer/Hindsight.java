package io.emberwatch.scorer;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.service.config.ConfigException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * What the scores were, or would have been under other models and weights, from what a source still holds.
 *
 * <p>Before a time is told about, the minutes before it are scored too, so that what a model holds back for a while is
 * held back here as it was then.
 */
public final class Hindsight {
    /** How long before a time the scoring begins, at the configured interval. */
    static final Duration WARM_UP = Duration.ofMinutes(2);

    /** The most times that one replay scores. */
    static final int MOST_STEPS = 100_000;

    private final ScorerConfig config;
    private final QuerySource source;

    public Hindsight(ScorerConfig config, QuerySource source) {
        this.config = config;
        this.source = source;
    }

    /**
     * The scores at a time with everything that they were made of, as text.
     *
     * @throws IOException when nothing is known, with the reason
     * @throws ConfigException with every fault of every model
     */
    public String explain(Instant at) throws IOException, ConfigException {
        StringBuilder text = new StringBuilder();
        List<String> troubles = new ArrayList<>();
        for (ScoreModel model : Models.loadAll(config.model(), config.weights())) {
            Scoreboard board = new Scoreboard(model, source, config.staleAfter());
            for (Instant before = at.minus(WARM_UP); before.isBefore(at); before = before.plus(config.interval())) {
                board.run(before);
            }
            board.lookAheadUntilKnown(at);
            Scoreboard.Run run = board.run(at);
            run.unanswered()
                    .forEach(
                            words -> text.append("not answered: ").append(words).append('\n'));
            if (!run.scored()) {
                troubles.add(run.trouble());
                continue;
            }
            board.scores(at).forEach(score -> cluster(model, score, text));
        }
        if (text.isEmpty()) {
            throw new IOException(String.join("; ", troubles));
        }
        return text.toString();
    }

    private static void cluster(ScoreModel model, Score score, StringBuilder text) {
        text.append(String.format(
                Locale.ROOT,
                "%s (%s): %s of 10, from %.1f to %.1f, confidence %.2f%n",
                score.cluster().isEmpty() ? "cluster" : score.cluster(),
                model.name(),
                shown(score.score()),
                score.range().low(),
                score.range().high(),
                score.confidence()));
        score.reasons().forEach(reason -> text.append("  ").append(reason).append('\n'));
        for (Score.MemberScore member : score.members()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n  %s: %s of 10, confidence %.2f%n",
                    member.name(),
                    shown(member.score()),
                    member.confidence()));
            member.reasons()
                    .forEach(reason -> text.append("    ").append(reason).append('\n'));
            for (int i = 0; i < member.components().size(); i++) {
                component(model.indicators().get(i), member.components().get(i), text);
            }
        }
        text.append('\n');
    }

    private static void component(ScoreModel.Indicator indicator, Score.Component component, StringBuilder text) {
        text.append(String.format(
                        Locale.ROOT,
                        "    %-20s %4s   weight %.3f   %-24s %s",
                        component.name(),
                        shown(component.score()),
                        component.share(),
                        component.input().isEmpty()
                                ? "absent"
                                : Reasons.value(component.input().getAsDouble(), indicator.unit()),
                        component.query())
                .stripTrailing());
        text.append('\n');
    }

    private static String shown(OptionalDouble score) {
        return score.isEmpty() ? "?" : String.format(Locale.ROOT, "%.1f", score.getAsDouble());
    }

    /**
     * The cluster scores from one time to another as lines of CSV, headed by {@link #CSV_HEAD}.
     *
     * @throws IOException when nothing is known at any time, with the reason
     * @throws ConfigException with every fault of every model
     */
    public void replay(Instant from, Instant to, Duration step, Consumer<String> lines)
            throws IOException, ConfigException {
        if (from.isAfter(to) || Duration.between(from, to).dividedBy(step) > MOST_STEPS) {
            throw new IOException("a replay goes forward and has at most " + MOST_STEPS + " steps");
        }
        boolean any = false;
        String trouble = "";
        for (ScoreModel model : Models.loadAll(config.model(), config.weights())) {
            Surveyor surveyor = new Surveyor(model, source);
            Scorer scorer = new Scorer(model);
            for (Instant at = from; !at.isAfter(to); at = at.plus(step)) {
                try {
                    for (Score score : scorer.score(surveyor.measure(at))) {
                        lines.accept(line(at, model, score));
                        any = true;
                    }
                } catch (QueryException e) {
                    trouble = String.valueOf(e.getMessage());
                }
            }
        }
        if (!any) {
            throw new IOException(trouble.isEmpty() ? "no members were found in that time" : trouble);
        }
    }

    /** What the columns of {@link #replay} are. */
    public static final String CSV_HEAD = "time,model,cluster,score,low,high,confidence,reason";

    private static String line(Instant at, ScoreModel model, Score score) {
        return String.format(
                Locale.ROOT,
                "%s,%s,%s,%s,%.2f,%.2f,%.2f,%s",
                at,
                quoted(model.name()),
                quoted(score.cluster()),
                score.score().isEmpty()
                        ? ""
                        : String.format(Locale.ROOT, "%.2f", score.score().getAsDouble()),
                score.range().low(),
                score.range().high(),
                score.confidence(),
                quoted(score.reasons().isEmpty() ? "" : score.reasons().get(0)));
    }

    private static String quoted(String text) {
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
