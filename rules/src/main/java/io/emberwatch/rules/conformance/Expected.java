package io.emberwatch.rules.conformance;

import com.google.re2j.Pattern;
import io.emberwatch.model.Labels;
import io.emberwatch.rules.query.SeriesNotation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the result of an evaluation should be. Filled while a script is read. */
final class Expected {
    /** What kind of outcome a line {@code expect …} speaks of. */
    enum Outcome {
        ORDERED,
        FAIL,
        WARN,
        NO_WARN,
        INFO,
        NO_INFO
    }

    /**
     * What a message should be.
     *
     * @param message the whole message, or null
     * @param pattern found in the message, or null; nothing of both accepts any
     */
    record Text(@Nullable String message, @Nullable Pattern pattern) {
        static final Text ANY = new Text(null, null);

        boolean accepts(String actual) {
            if (message != null) {
                return message.equals(actual);
            }
            return pattern == null || pattern.matcher(actual).find();
        }

        @Override
        public String toString() {
            return message != null ? message : pattern == null ? "any message" : "/" + pattern + "/";
        }
    }

    private final Map<Outcome, List<Text>> outcomes = new EnumMap<>(Outcome.class);
    private final Map<Labels, SeriesNotation.Row> rows = new LinkedHashMap<>();
    private @Nullable Double scalar;
    private @Nullable String text;
    private @Nullable Times matrix;

    void expect(Outcome outcome, Text message) {
        outcomes.computeIfAbsent(outcome, o -> new ArrayList<>()).add(message);
    }

    void expect(SeriesNotation.Row row) {
        rows.remove(row.labels());
        rows.put(row.labels(), row);
    }

    void expect(double value) {
        scalar = value;
    }

    void expect(String value) {
        text = value;
    }

    /** The result is a range vector, its values at these times. */
    void expectMatrix(Times times) {
        matrix = times;
    }

    boolean expects(Outcome outcome) {
        return outcomes.containsKey(outcome);
    }

    List<Text> texts(Outcome outcome) {
        return outcomes.getOrDefault(outcome, List.of());
    }

    /** The rows in their order. */
    Map<Labels, SeriesNotation.Row> rows() {
        return rows;
    }

    @Nullable
    Double scalar() {
        return scalar;
    }

    @Nullable
    String text() {
        return text;
    }

    @Nullable
    Times matrix() {
        return matrix;
    }

    boolean hasHistograms() {
        return rows.values().stream().anyMatch(SeriesNotation.Row::histograms);
    }
}
