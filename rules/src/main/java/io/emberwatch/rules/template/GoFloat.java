package io.emberwatch.rules.template;

import io.emberwatch.model.text.FloatText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Floating-point numbers as Go's {@code strconv.FormatFloat} writes them with a precision: rounded half to even on the
 * exact binary value. {@link java.util.Formatter} rounds half up on the decimal digits and keeps trailing zeros.
 */
final class GoFloat {
    /** As many digits as it takes to read the same number back. */
    static final int SHORTEST = -1;

    /** More digits than any double has: 1074 after the point. */
    static final int MAX_PRECISION = 1100;

    private GoFloat() {}

    /**
     * Formats a number.
     *
     * @param verb {@code e}, {@code E}, {@code f}, {@code F}, {@code g} or {@code G}
     * @param precision digits after the point, for {@code g} significant digits; or {@link #SHORTEST}
     */
    static String format(double value, char verb, int precision) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        String text = precision == SHORTEST ? shortest(value, verb) : rounded(value, verb, precision);
        return Character.isUpperCase(verb) ? text.replace('e', 'E') : text;
    }

    /** A number to the base of two, exactly: {@code 0x1.8p+01} for {@code x}, {@code 6755399441055744p-51} for {@code b}. */
    static String binary(double value, char verb) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return format(value, 'g', SHORTEST);
        }
        if (verb == 'b') {
            long bits = Double.doubleToRawLongBits(value);
            int exponent = (int) ((bits >> 52) & 0x7ff);
            long hidden = exponent == 0 ? 0 : 1L << 52;
            long mantissa = (bits & ((1L << 52) - 1)) | hidden;
            int shift = Math.max(1, exponent) - 1075;
            return (bits < 0 ? "-" : "") + mantissa + "p" + (shift < 0 ? "" : "+") + shift;
        }
        String java = Double.toHexString(value);
        int p = java.indexOf('p');
        int exponent = Integer.parseInt(java.substring(p + 1));
        String digits = java.substring(0, p).replaceFirst("\\.0$", "");
        String text =
                digits + "p" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        return verb == 'X' ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String shortest(double value, char verb) {
        return switch (Character.toLowerCase(verb)) {
            case 'e' -> FloatText.formatE(value);
            case 'f' -> FloatText.formatF(value);
            default -> FloatText.formatG(value);
        };
    }

    private static String rounded(double value, char verb, int precision) {
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        BigDecimal exact = new BigDecimal(Math.abs(value));
        return sign
                + switch (Character.toLowerCase(verb)) {
                    case 'f' ->
                        exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
                    case 'e' -> scientific(exact, precision + 1, true);
                    default -> general(exact, Math.max(1, precision));
                };
    }

    private static String general(BigDecimal exact, int digits) {
        if (exact.signum() == 0) {
            return "0";
        }
        BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent >= digits) {
            return scientific(rounded, digits, false);
        }
        BigDecimal stripped = rounded.stripTrailingZeros();
        return stripped.setScale(Math.max(0, stripped.scale()), RoundingMode.UNNECESSARY)
                .toPlainString();
    }

    private static String scientific(BigDecimal exact, int digits, boolean keepZeros) {
        BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        StringBuilder mantissa = new StringBuilder(rounded.unscaledValue().toString());
        while (mantissa.length() < digits) {
            mantissa.append('0');
        }
        mantissa.setLength(digits);
        if (!keepZeros) {
            while (mantissa.length() > 1 && mantissa.charAt(mantissa.length() - 1) == '0') {
                mantissa.setLength(mantissa.length() - 1);
            }
        }
        if (mantissa.length() > 1) {
            mantissa.insert(1, '.');
        }
        int size = Math.abs(exponent);
        return mantissa.append('e')
                .append(exponent < 0 ? '-' : '+')
                .append(size < 10 ? "0" : "")
                .append(size)
                .toString();
    }
}
