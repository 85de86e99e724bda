package io.emberwatch.rules.web;

import java.util.List;

/**
 * A successful answer.
 *
 * @param body writes {@code data}
 */
record ApiAnswer(ApiJson.Body body, List<String> warnings, List<String> infos) {
    private static final String INFO = "PromQL info: ";

    static ApiAnswer of(ApiJson.Body body) {
        return new ApiAnswer(body, List.of(), List.of());
    }

    /** An answer with the annotations of a query, whose texts tell whether they are warnings or infos. */
    static ApiAnswer annotated(ApiJson.Body body, List<String> annotations) {
        return new ApiAnswer(
                body,
                annotations.stream().filter(text -> !text.startsWith(INFO)).toList(),
                annotations.stream().filter(text -> text.startsWith(INFO)).toList());
    }

    /** A list of which no more than {@code limit} items are shown, with a warning when there are more. */
    static <T> ApiAnswer limited(List<T> items, int limit, ItemWriter<T> writer) {
        boolean cut = items.size() > limit;
        List<T> shown = cut ? items.subList(0, limit) : items;
        ApiJson.Body body = json -> {
            json.writeStartArray();
            for (T item : shown) {
                writer.write(json, item);
            }
            json.writeEndArray();
        };
        return new ApiAnswer(body, cut ? List.of("results truncated due to limit") : List.of(), List.of());
    }

    /** Writes one item of a list. */
    @FunctionalInterface
    interface ItemWriter<T> {
        void write(com.fasterxml.jackson.core.JsonGenerator json, T item) throws java.io.IOException;
    }
}
