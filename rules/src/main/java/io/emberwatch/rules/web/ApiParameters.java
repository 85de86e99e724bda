package io.emberwatch.rules.web;

import io.emberwatch.model.text.Durations;
import io.emberwatch.model.text.FloatText;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.rules.query.Promql;
import io.emberwatch.rules.query.SyntaxException;
import io.emberwatch.service.http.Exchange;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads parameters as Prometheus reads them, with its messages for what it does not take. */
final class ApiParameters {
    /** The earliest and latest times that the store is asked for, where a request leaves them open. */
    static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE / 2);

    static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE / 2);

    private static final double MOST_SECONDS = Long.MAX_VALUE / 1000.0;

    private final Exchange exchange;
    private Runnable end = () -> {};

    ApiParameters(Exchange exchange) {
        this.exchange = exchange;
    }

    Exchange exchange() {
        return exchange;
    }

    /** Has something done when the answer is written, or will not be. */
    void atEnd(Runnable action) {
        end = action;
    }

    void end() {
        end.run();
    }

    /** The first value of a parameter, or the empty text. */
    String text(String name) {
        return Objects.requireNonNullElse(exchange.param(name), "");
    }

    List<String> texts(String name) {
        return exchange.params(name);
    }

    boolean isGiven(String name) {
        return !text(name).isEmpty();
    }

    String path() {
        return exchange.path();
    }

    Instant time(String name) throws ApiError {
        String text = text(name);
        Instant time = parseTime(text);
        if (time == null) {
            throw ApiError.badParameter(
                    name, "Invalid time value for '" + name + "': cannot parse \"" + text + "\" to a valid timestamp");
        }
        return time;
    }

    Instant time(String name, Instant fallback) throws ApiError {
        return isGiven(name) ? time(name) : fallback;
    }

    private static @Nullable Instant parseTime(String text) {
        try {
            double seconds = FloatText.parse(text);
            boolean inRange = Math.abs(seconds) < MOST_SECONDS;
            return inRange ? Instant.ofEpochMilli(Math.round(seconds * 1000)) : null;
        } catch (NumberFormatException e) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException notATime) {
                return null;
            }
        }
    }

    /** Seconds as a number, or a duration. */
    Duration duration(String name) throws ApiError {
        String text = text(name);
        try {
            return Duration.ofMillis(Math.round(FloatText.parse(text) * 1000));
        } catch (NumberFormatException e) {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException notADuration) {
                throw ApiError.badParameter(name, "cannot parse \"" + text + "\" to a valid duration");
            }
        }
    }

    Duration duration(String name, Duration fallback) throws ApiError {
        return isGiven(name) ? duration(name) : fallback;
    }

    /** A count, {@link Integer#MAX_VALUE} when it is not given or zero. */
    int limit(String name) throws ApiError {
        String text = text(name);
        try {
            int limit = text.isEmpty() ? 0 : Integer.parseInt(text);
            if (limit < 0) {
                throw ApiError.badParameter(name, "limit must be non-negative");
            }
            return limit == 0 ? Integer.MAX_VALUE : limit;
        } catch (NumberFormatException e) {
            throw ApiError.badParameter(name, "strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
    }

    List<List<Matcher>> selectors(String name) throws ApiError {
        List<List<Matcher>> selectors = new ArrayList<>();
        for (String selector : texts(name)) {
            try {
                selectors.add(Promql.parseSelector(selector));
            } catch (SyntaxException e) {
                throw ApiError.badParameter(name, String.valueOf(e.getMessage()));
            }
        }
        return selectors;
    }
}
