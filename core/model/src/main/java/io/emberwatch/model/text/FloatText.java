package io.emberwatch.model.text;

/** Numbers as Go writes them ({@code strconv.FormatFloat} with the shortest digits that read back equal). */
public final class FloatText {
    // Go prints the shortest digits plainly for decimal exponents from -4 to 5 (strconv/ftoa.go, verb 'g').
    private static final int LEAST_PLAIN = -4;
    private static final int LEAST_LARGE = 6;
    private static final int LONGEST_PLAIN = 400;
    private static final int LONGEST_QUOTE = 60;

    private FloatText() {}

    /**
     * As Go's {@code %v} prints a float64, hence {@code {{ $value }}} in an alert template: the same as {@link #formatG}.
     */
    public static String formatV(double value) {
        return formatG(value);
    }

    /** {@code FormatFloat(v, 'f', -1, 64)}: never an exponent. The Prometheus query API prints values so. */
    public static String formatF(double value) {
        return format(value, -LONGEST_PLAIN, LONGEST_PLAIN);
    }

    /** {@code FormatFloat(v, 'e', -1, 64)}: always an exponent of at least two digits. */
    public static String formatE(double value) {
        return format(value, LONGEST_PLAIN, LONGEST_PLAIN);
    }

    /**
     * {@code FormatFloat(v, 'g', -1, 64)} as text format 0.0.4 of Go clients prints it: an exponent of at least two
     * digits when the decimal exponent is below -4 or from 6 up, {@code 1e+06} but {@code 999999}.
     */
    public static String formatG(double value) {
        return format(value, LEAST_PLAIN, LEAST_LARGE);
    }

    private static String format(double value, int from, int to) {
        TextBuffer text = new TextBuffer(24);
        text.putGeneral(value, from, to);
        return text.toString();
    }

    /**
     * Reads a number as Go's {@code ParseFloat} does for the exposition formats: decimal and hexadecimal floats, {@code
     * NaN}, {@code Inf} with sign, any case; no underscores, no Java suffixes. A hexadecimal float needs its binary
     * exponent ({@code 0x1p-2}). What is too large for a double is refused, what is too small is zero.
     *
     * @throws NumberFormatException with the text
     */
    public static double parse(String text) {
        if (isDecimal(text) || isHexadecimal(text)) {
            double value = Double.parseDouble(text);
            if (Double.isInfinite(value)) {
                throw new NumberFormatException(quoted(text) + " is too large for a 64-bit float");
            }
            return value;
        }
        return word(text);
    }

    private static double word(String text) {
        if (text.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        boolean signed = text.startsWith("+") || text.startsWith("-");
        String unsigned = signed ? text.substring(1) : text;
        if (unsigned.equalsIgnoreCase("inf") || unsigned.equalsIgnoreCase("infinity")) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        throw new NumberFormatException(quoted(text) + " is not a number");
    }

    /** The text in quotation marks for a message, cut where it is long. */
    static String quoted(String text) {
        return '"' + (text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text) + '"';
    }

    private static boolean isDecimal(String text) {
        int at = skipSign(text, 0);
        int whole = skipDigits(text, at, 10);
        int end = whole;
        int digits = whole - at;
        if (end < text.length() && text.charAt(end) == '.') {
            end = skipDigits(text, whole + 1, 10);
            digits += end - whole - 1;
        }
        return digits > 0 && isExponentOrEnd(text, end, 'e', false);
    }

    private static boolean isHexadecimal(String text) {
        int at = skipSign(text, 0);
        if (!text.regionMatches(true, at, "0x", 0, 2)) {
            return false;
        }
        int start = at + 2;
        int whole = skipDigits(text, start, 16);
        int end = whole;
        int digits = whole - start;
        if (end < text.length() && text.charAt(end) == '.') {
            end = skipDigits(text, whole + 1, 16);
            digits += end - whole - 1;
        }
        return digits > 0 && isExponentOrEnd(text, end, 'p', true);
    }

    private static boolean isExponentOrEnd(String text, int at, char mark, boolean required) {
        if (at == text.length()) {
            return !required;
        }
        if ((text.charAt(at) | 0x20) != mark) {
            return false;
        }
        int digits = skipSign(text, at + 1);
        int end = skipDigits(text, digits, 10);
        return end > digits && end == text.length();
    }

    private static int skipSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? at + 1 : at;
    }

    private static int skipDigits(String text, int from, int radix) {
        int at = from;
        while (at < text.length() && text.charAt(at) < 0x80 && Character.digit(text.charAt(at), radix) >= 0) {
            at++;
        }
        return at;
    }
}
