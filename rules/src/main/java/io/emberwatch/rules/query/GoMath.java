package io.emberwatch.rules.query;

import java.util.Arrays;

/** Arithmetic where Go's {@code math} package differs from Java's, after the FreeBSD sources that both descend from. */
final class GoMath {
    private static final double LN2 = Math.log(2);
    private static final double LARGE = 0x1p28;
    private static final double SMALL = 0x1p-28;

    private GoMath() {}

    /** As {@link Math#pow}, but 1 to any power and -1 to an infinite one are 1. */
    static double pow(double x, double y) {
        if (x == 1 || (x == -1 && Double.isInfinite(y))) {
            return 1;
        }
        return Math.pow(x, y);
    }

    /** As {@link Math#max}, but an infinity wins over NaN. */
    static double max(double x, double y) {
        if (x == Double.POSITIVE_INFINITY || y == Double.POSITIVE_INFINITY) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(x, y);
    }

    /** As {@link Math#min}, but an infinity wins over NaN. */
    static double min(double x, double y) {
        if (x == Double.NEGATIVE_INFINITY || y == Double.NEGATIVE_INFINITY) {
            return Double.NEGATIVE_INFINITY;
        }
        return Math.min(x, y);
    }

    /** The logarithm to base 2, exact for powers of two. */
    static double log2(double x) {
        if (!(x > 0) || Double.isInfinite(x)) {
            return Math.log(x);
        }
        int exponent = Math.getExponent(x);
        if (exponent < Double.MIN_EXPONENT) {
            return log2(x * 0x1p54) - 54;
        }
        double fraction = Math.scalb(x, -exponent);
        return fraction == 1 ? exponent : Math.log(fraction) / LN2 + exponent;
    }

    static double asinh(double x) {
        double a = Math.abs(x);
        double result;
        if (a < SMALL || Double.isNaN(x) || Double.isInfinite(x)) {
            return x;
        } else if (a > LARGE) {
            result = Math.log(a) + LN2;
        } else if (a > 2) {
            result = Math.log(2 * a + 1 / (Math.sqrt(a * a + 1) + a));
        } else {
            result = Math.log1p(a + a * a / (1 + Math.sqrt(1 + a * a)));
        }
        return Math.copySign(result, x);
    }

    static double acosh(double x) {
        if (!(x >= 1)) {
            return Double.NaN;
        }
        if (x >= LARGE) {
            return Math.log(x) + LN2;
        }
        if (x > 2) {
            return Math.log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
        }
        double t = x - 1;
        return Math.log1p(t + Math.sqrt(2 * t + t * t));
    }

    static double atanh(double x) {
        double a = Math.abs(x);
        if (!(a <= 1)) {
            return Double.NaN;
        }
        double result;
        if (a < SMALL) {
            result = a;
        } else if (a < 0.5) {
            result = 0.5 * Math.log1p(2 * a + 2 * a * a / (1 - a));
        } else {
            result = 0.5 * Math.log1p(2 * a / (1 - a));
        }
        return Math.copySign(result, x);
    }

    static double sign(double x) {
        return x < 0 ? -1 : x > 0 ? 1 : x;
    }

    /**
     * The φ-quantile of values, linear between the two nearest.
     *
     * @param values sorted in place, only the first {@code size} count
     */
    static double quantile(double q, double[] values, int size) {
        if (size == 0 || Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        sortNanFirst(values, size);
        double rank = q * (size - 1);
        int lower = Math.max(0, (int) Math.floor(rank));
        int upper = Math.min(size - 1, lower + 1);
        double weight = rank - Math.floor(rank);
        return values[lower] * (1 - weight) + values[upper] * weight;
    }

    /** Sorts ascending; {@link java.util.Arrays#sort} would put NaN last. */
    private static void sortNanFirst(double[] values, int size) {
        int nans = 0;
        for (int i = 0; i < size; i++) {
            if (Double.isNaN(values[i])) {
                double kept = values[nans];
                values[nans++] = values[i];
                values[i] = kept;
            }
        }
        Arrays.sort(values, nans, size);
    }
}
