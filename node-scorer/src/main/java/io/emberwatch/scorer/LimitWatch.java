package io.emberwatch.scorer;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.scorer.Measurements.Member;
import io.emberwatch.scorer.forecast.Trend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells when something that grows reaches its limit. */
final class LimitWatch {
    /** Beyond this nothing is told: no trend of hours holds for so long. */
    static final Duration FARTHEST = Duration.ofDays(90);

    /** Nearer than this it is said in words. */
    private static final Duration SOON = Duration.ofDays(1);

    private final ScoreModel.Limit limit;
    private final List<String> labels;
    private final QuerySource source;

    LimitWatch(ScoreModel.Limit limit, List<String> labels, QuerySource source) {
        this.limit = limit;
        this.labels = labels;
        this.source = source;
    }

    /**
     * When the limit is reached.
     *
     * @param seconds from now at the pace of the trend; infinite when it is not
     * @param earliest from now at the fastest pace that the trend allows
     * @param latest from now at the slowest
     */
    record Reach(double seconds, double earliest, double latest) {
        // Growth that may as well be none is no growth.
        boolean isSoon() {
            return seconds <= SOON.toSeconds() && latest < Double.POSITIVE_INFINITY;
        }
    }

    String name() {
        return limit.name();
    }

    Map<Member, Reach> look(Instant at) throws QueryException {
        long to = Grid.step(at, limit.step());
        long from = to - limit.back().toMillis() / limit.step().toMillis();
        Map<Member, Reach> reached = new TreeMap<>();
        Grid.read(source, limit.query(), labels, limit.step(), from, to).forEach((member, values) -> {
            Trend trend = Trend.of(values);
            double seconds = seconds(trend, trend.slope());
            if (!Double.isNaN(seconds)) {
                reached.put(member, new Reach(seconds, seconds(trend, trend.high()), seconds(trend, trend.low())));
            }
        });
        return reached;
    }

    private double seconds(Trend trend, double pace) {
        double seconds = trend.stepsUntil(limit.limit(), pace) * limit.step().toSeconds();
        return seconds > FARTHEST.toSeconds() ? Double.POSITIVE_INFINITY : seconds;
    }

    String words(Reach reach) {
        if (reach.seconds() == 0) {
            return limit.words() + " now";
        }
        return limit.words() + " in " + span(reach.seconds()) + " (" + span(reach.earliest()) + " to "
                + span(reach.latest()) + ")";
    }

    private static String span(double seconds) {
        return Span.words(Duration.ofSeconds(Math.round(seconds)));
    }
}
