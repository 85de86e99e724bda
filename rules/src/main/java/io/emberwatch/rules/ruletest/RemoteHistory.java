package io.emberwatch.rules.ruletest;

import io.emberwatch.model.Series;
import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.model.flow.QueryValue;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.SeriesSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The stored samples of a remote API as a source of series, read an hour ahead at a time. Of one thread.
 *
 * <p>The API does not hand out stale markers, so a series that ended lives on for the look-back of five minutes.
 */
public final class RemoteHistory implements SeriesSource {
    private static final Duration AHEAD = Duration.ofHours(1);

    private record Block(long mint, long maxt, List<Series> series) {}

    private final QuerySource source;
    private final long end;
    private final Map<String, Block> blocks = new HashMap<>();

    /** @param end nothing after this time is asked for */
    public RemoteHistory(QuerySource source, Instant end) {
        this.source = source;
        this.end = end.toEpochMilli();
    }

    @Override
    public List<Series> select(List<Matcher> matchers, long mintMillis, long maxtMillis) throws QueryException {
        String selector = matchers.stream().map(Matcher::toString).collect(Collectors.joining(",", "{", "}"));
        Block known = blocks.get(selector);
        if (known != null && known.mint() <= mintMillis && known.maxt() >= maxtMillis) {
            return known.series();
        }
        long ahead = Math.min(end, maxtMillis + AHEAD.toMillis());
        Block block = read(selector, mintMillis, Math.max(maxtMillis, ahead));
        blocks.put(selector, block);
        return block.series();
    }

    private Block read(String selector, long mint, long maxt) throws QueryException {
        String expression = selector + "[" + (maxt - mint + 1) + "ms]";
        QueryValue value =
                source.instant(expression, Instant.ofEpochMilli(maxt)).value();
        return new Block(mint, maxt, value instanceof QueryValue.Matrix matrix ? matrix.series() : List.of());
    }
}
