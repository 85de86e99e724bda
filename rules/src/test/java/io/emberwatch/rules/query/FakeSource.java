package io.emberwatch.rules.query;

import io.emberwatch.model.Series;
import io.emberwatch.rules.query.SeriesNotation.Row;
import java.util.ArrayList;
import java.util.List;

/** Series written in the notation of test series, one point a minute from the epoch on. */
final class FakeSource implements SeriesSource {
    private static final long MINUTE = 60_000;

    /** What was asked for. */
    record Question(List<Matcher> matchers, long mint, long maxt, boolean latest) {}

    private final List<Series> series = new ArrayList<>();
    private final List<Question> questions = new ArrayList<>();

    static FakeSource of(String... lines) {
        FakeSource source = new FakeSource();
        for (String line : lines) {
            source.add(line);
        }
        return source;
    }

    void add(String line) {
        try {
            Row row = SeriesNotation.parse(line);
            series.add(row.toSeries(0, MINUTE));
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(line, e);
        }
    }

    void removeFirst() {
        series.remove(0);
    }

    List<Question> questions() {
        return questions;
    }

    @Override
    public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) {
        questions.add(new Question(matchers, mintMillis, maxtMillis, false));
        return matching(matchers);
    }

    @Override
    public List<Series> latest(List<Matcher> matchers, long mintMillis, long maxtMillis) {
        questions.add(new Question(matchers, mintMillis, maxtMillis, true));
        return matching(matchers);
    }

    private List<Series> matching(List<Matcher> matchers) {
        return series.stream()
                .filter(s -> matchers.stream().allMatch(m -> m.matches(s.labels())))
                .toList();
    }
}
