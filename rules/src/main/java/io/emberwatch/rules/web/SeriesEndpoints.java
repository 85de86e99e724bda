package io.emberwatch.rules.web;

import io.emberwatch.model.flow.QueryException;
import io.emberwatch.rules.query.Matcher;
import io.emberwatch.service.http.Route;
import java.time.Instant;
import java.util.List;

/** {@code series}, {@code labels}, {@code label/…/values}. */
final class SeriesEndpoints {
    private final SeriesCatalog catalog;

    SeriesEndpoints(SeriesCatalog catalog) {
        this.catalog = catalog;
    }

    List<Route> routes(String base) {
        return List.of(
                ApiEndpoint.form(base + "series", this::series),
                ApiEndpoint.form(base + "labels", this::labels),
                ApiEndpoint.get(base + "label/*", parameters -> values(base + "label/", parameters)));
    }

    private ApiAnswer series(ApiParameters parameters) throws ApiError, QueryException {
        if (parameters.texts("match[]").isEmpty()) {
            throw ApiError.badData("no match[] parameter provided");
        }
        int limit = parameters.limit("limit");
        List<List<Matcher>> selectors = parameters.selectors("match[]");
        return ApiAnswer.limited(catalog.series(selectors, start(parameters), end(parameters)), limit, ApiJson::labels);
    }

    private ApiAnswer labels(ApiParameters parameters) throws ApiError, QueryException {
        int limit = parameters.limit("limit");
        List<List<Matcher>> selectors = parameters.selectors("match[]");
        return ApiAnswer.limited(
                catalog.labelNames(selectors, start(parameters), end(parameters)),
                limit,
                (json, name) -> json.writeString(name));
    }

    private ApiAnswer values(String base, ApiParameters parameters) throws ApiError, QueryException {
        String path = parameters.path();
        if (!path.startsWith(base) || !path.endsWith("/values")) {
            throw ApiError.badData("expected " + base + "NAME/values");
        }
        String label = unescaped(path.substring(base.length(), path.length() - "/values".length()));
        if (label.isEmpty()) {
            throw ApiError.badData("invalid label name: \"\"");
        }
        int limit = parameters.limit("limit");
        List<List<Matcher>> selectors = parameters.selectors("match[]");
        return ApiAnswer.limited(
                catalog.labelValues(label, selectors, start(parameters), end(parameters)),
                limit,
                (json, value) -> json.writeString(value));
    }

    private static Instant start(ApiParameters parameters) throws ApiError {
        return parameters.time("start", ApiParameters.EARLIEST);
    }

    private static Instant end(ApiParameters parameters) throws ApiError {
        return parameters.time("end", ApiParameters.LATEST);
    }

    /** A name as paths may hold it since Prometheus 3: {@code U__my_2e_label} is {@code my.label}. */
    static String unescaped(String name) {
        if (!name.startsWith("U__")) {
            return name;
        }
        StringBuilder out = new StringBuilder();
        int i = 3;
        while (i < name.length()) {
            char c = name.charAt(i);
            if (c != '_') {
                out.append(c);
                i++;
            } else if (name.startsWith("__", i)) {
                out.append('_');
                i += 2;
            } else {
                int close = name.indexOf('_', i + 1);
                String hex = close < 0 ? "" : name.substring(i + 1, close);
                if (!hex.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(hex, 16) > Character.MAX_CODE_POINT) {
                    return name;
                }
                out.appendCodePoint(Integer.parseInt(hex, 16));
                i = close + 1;
            }
        }
        return out.toString();
    }
}
