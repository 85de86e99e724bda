package io.emberwatch.rules;

import io.emberwatch.model.Labels;
import io.emberwatch.model.Sample;
import io.emberwatch.model.Utf8Order;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.rules.engine.RuleQueries;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.web.SeriesCatalog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What series a remote API has, found out by queries: those with a sample in the time asked for, a day at most. */
final class RemoteCatalog implements SeriesCatalog {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final String ANY = "{__name__!=\"\"}";

    private final QuerySource source;
    private final InstantSource clock;

    RemoteCatalog(QuerySource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public List<Labels> series(List<List<Matcher>> selectors, Instant from, Instant to) throws QueryException {
        TreeSet<Labels> found = new TreeSet<>();
        Instant now = clock.instant();
        Instant end = to.isAfter(now) ? now : to;
        Instant begin = from.isBefore(end.minus(LONGEST)) ? end.minus(LONGEST) : from;
        long range = Math.max(1, Duration.between(begin, end).toMillis());
        List<String> texts = selectors.isEmpty()
                ? List.of(ANY)
                : selectors.stream().map(RemoteCatalog::text).toList();
        for (String text : texts) {
            String expression = "last_over_time(" + text + "[" + range + "ms])";
            for (Sample sample : RuleQueries.samples(source.instant(expression, end))) {
                found.add(sample.labels());
            }
        }
        return List.copyOf(found);
    }

    private static String text(List<Matcher> matchers) {
        return matchers.stream().map(Matcher::toString).collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public List<String> labelNames(List<List<Matcher>> selectors, Instant from, Instant to) throws QueryException {
        TreeSet<String> names = new TreeSet<>(Utf8Order.INSTANCE);
        series(selectors, from, to)
                .forEach(labels -> names.addAll(labels.toMap().keySet()));
        return List.copyOf(names);
    }

    @Override
    public List<String> labelValues(String label, List<List<Matcher>> selectors, Instant from, Instant to)
            throws QueryException {
        TreeSet<String> values = new TreeSet<>(Utf8Order.INSTANCE);
        for (Labels labels : series(selectors, from, to)) {
            if (labels.has(label)) {
                values.add(labels.get(label));
            }
        }
        return List.copyOf(values);
    }
}
