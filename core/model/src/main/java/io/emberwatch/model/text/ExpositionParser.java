package io.emberwatch.model.text;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricType;
import java.util.List;

/** Reads an exposition in a text format. */
public final class ExpositionParser {
    private ExpositionParser() {}

    /** What a page says, in its order. */
    public interface Handler {
        /** A TYPE line. */
        void type(String family, MetricType type);

        /** A HELP line, unescaped. */
        void help(String family, String help);

        /** A UNIT line. */
        void unit(String family, String unit);

        /**
         * A sample line.
         *
         * @param stored the sample's labels, {@code __name__} included
         * @param timestampMillis or {@link io.emberwatch.model.MetricPoint#NO_TIMESTAMP}
         */
        void sample(Labels stored, double value, long timestampMillis);
    }

    /**
     * Reads a page strictly: the first fault ends the reading.
     *
     * @param page UTF-8
     */
    public static void parse(byte[] page, TextFormat format, Handler handler) throws ParseException {
        throw new UnsupportedOperationException();
    }

    /** Reads a page into families, in the order of their first line; names as in {@link MetricFamily}. */
    public static List<MetricFamily> parseFamilies(byte[] page, TextFormat format) throws ParseException {
        throw new UnsupportedOperationException();
    }
}
