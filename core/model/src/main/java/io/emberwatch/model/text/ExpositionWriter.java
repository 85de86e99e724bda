package io.emberwatch.model.text;

import io.emberwatch.model.MetricFamily;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes metric families in a text format. Stateless; families are written in the order given. */
public final class ExpositionWriter {
    private ExpositionWriter() {}

    /**
     * Writes a whole exposition, {@code # EOF} included where the format has one. Does not close {@code out}.
     *
     * @throws IOException only when {@code out} does
     */
    public static void write(List<MetricFamily> families, TextFormat format, OutputStream out) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The exposition as a string, for command lines and tests. */
    public static String toText(List<MetricFamily> families, TextFormat format) {
        throw new UnsupportedOperationException();
    }
}
