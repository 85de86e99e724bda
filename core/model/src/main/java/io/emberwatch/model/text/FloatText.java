package io.emberwatch.model.text;

/** Numbers as Go writes them ({@code strconv.FormatFloat} with the shortest digits that read back equal). */
public final class FloatText {
    private FloatText() {}

    /** Format {@code 'g'}, precision -1 with Go's {@code %v} exponent rule: exponent form below -4 and from 21 up. */
    public static String formatV(double value) {
        throw new UnsupportedOperationException();
    }

    /** {@code FormatFloat(v, 'f', -1, 64)}: never an exponent. The Prometheus query API prints values so. */
    public static String formatF(double value) {
        throw new UnsupportedOperationException();
    }

    /** {@code FormatFloat(v, 'e', -1, 64)}: always an exponent of at least two digits. */
    public static String formatE(double value) {
        throw new UnsupportedOperationException();
    }

    /** {@code FormatFloat(v, 'g', -1, 64)} as text format 0.0.4 of Go clients prints it. */
    public static String formatG(double value) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads a number as Go's {@code ParseFloat} does for the exposition formats: decimal and hexadecimal floats, {@code
     * NaN}, {@code Inf} with sign, any case; no underscores, no Java suffixes.
     *
     * @throws NumberFormatException with the text
     */
    public static double parse(String text) {
        throw new UnsupportedOperationException();
    }
}
