package io.emberwatch.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.model.flow.QuerySource;
import io.emberwatch.scorer.heatmap.Heatmap;
import io.emberwatch.scorer.heatmap.HeatmapPicture;
import io.emberwatch.scorer.heatmap.HeatmapReader;
import io.emberwatch.scorer.heatmap.HeatmapRequest;
import io.emberwatch.scorer.heatmap.HeatmapText;
import io.emberwatch.scorer.heatmap.Palette;
import io.emberwatch.scorer.heatmap.Theme;
import io.emberwatch.service.http.Exchange;
import io.emberwatch.service.http.HttpError;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The heatmap over HTTP: {@code ?cluster=C&days=30&tz=Europe/Berlin&palette=colour_blind&theme=dark&calc=mean&by=weekday},
 * all of it optional.
 *
 * <p>A month is a large question, so an answer is kept for {@link #FRESH}, and {@link #KEPT} answers at most.
 */
final class HeatmapEndpoint {
    static final Duration FRESH = Duration.ofSeconds(30);
    static final int KEPT = 16;

    private static final int DAYS = 30;

    private final HeatmapReader reader;
    private final InstantSource clock;
    private final Map<HeatmapRequest, Kept> kept = new LinkedHashMap<>();

    private record Kept(Instant at, Heatmap heatmap) {}

    HeatmapEndpoint(QuerySource source, InstantSource clock) {
        reader = new HeatmapReader(source);
        this.clock = clock;
    }

    void svg(Exchange exchange) throws IOException, HttpError {
        exchange.respond(200, "image/svg+xml; charset=utf-8", picture(exchange).svg());
    }

    void png(Exchange exchange) throws IOException, HttpError {
        exchange.respond(200, "image/png", picture(exchange).png());
    }

    void csv(Exchange exchange) throws IOException, HttpError {
        exchange.respond(
                200,
                "text/csv; charset=utf-8",
                new HeatmapText(heatmap(exchange)).csv().getBytes(UTF_8));
    }

    void markdown(Exchange exchange) throws IOException, HttpError {
        exchange.respond(
                200,
                "text/markdown; charset=utf-8",
                new HeatmapText(heatmap(exchange)).markdown().getBytes(UTF_8));
    }

    private HeatmapPicture picture(Exchange exchange) throws HttpError {
        Palette palette = one(exchange, "palette", Palette.values(), Palette.RED_GREEN);
        Theme theme = one(exchange, "theme", Theme.values(), Theme.LIGHT);
        return new HeatmapPicture(heatmap(exchange), palette, theme);
    }

    private Heatmap heatmap(Exchange exchange) throws HttpError {
        HeatmapRequest request = request(exchange);
        Instant now = clock.instant();
        synchronized (kept) {
            kept.values().removeIf(old -> !now.isBefore(old.at().plus(FRESH)));
            Kept known = kept.get(request);
            if (known != null) {
                return known.heatmap();
            }
        }
        try {
            Heatmap heatmap = reader.read(request, now);
            synchronized (kept) {
                if (kept.size() < KEPT) {
                    kept.put(request, new Kept(now, heatmap));
                }
            }
            return heatmap;
        } catch (QueryException e) {
            boolean unknown = e.kind() == QueryException.Kind.BAD_DATA;
            throw new HttpError(unknown ? 404 : 503, String.valueOf(e.getMessage()));
        }
    }

    private static HeatmapRequest request(Exchange exchange) throws HttpError {
        String metric = exchange.param("metric");
        try {
            return new HeatmapRequest(
                    metric == null ? HeatmapRequest.DEFAULT_METRIC : metric,
                    exchange.param("cluster"),
                    days(exchange.param("days")),
                    zone(exchange.param("tz")),
                    one(exchange, "by", HeatmapRequest.Columns.values(), HeatmapRequest.Columns.DAY),
                    one(exchange, "calc", HeatmapRequest.Calculation.values(), HeatmapRequest.Calculation.MIN));
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, String.valueOf(e.getMessage()));
        }
    }

    private static int days(@Nullable String text) throws HttpError {
        try {
            return text == null ? DAYS : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new HttpError(400, "days: expected 1 to " + HeatmapRequest.MOST_DAYS + ", found " + text);
        }
    }

    private static ZoneId zone(@Nullable String text) throws HttpError {
        try {
            return text == null ? ZoneOffset.UTC : ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new HttpError(400, "tz: expected a zone such as Europe/Berlin, found " + text);
        }
    }

    private static <T extends Enum<T>> T one(Exchange exchange, String name, T[] choices, T otherwise)
            throws HttpError {
        String text = exchange.param(name);
        if (text == null) {
            return otherwise;
        }
        StringBuilder names = new StringBuilder();
        for (T choice : choices) {
            String own = choice.name().toLowerCase(Locale.ROOT);
            if (own.equals(text)) {
                return choice;
            }
            names.append(names.length() == 0 ? "" : " or ").append(own);
        }
        throw new HttpError(400, name + ": expected " + names + ", found " + text);
    }
}
