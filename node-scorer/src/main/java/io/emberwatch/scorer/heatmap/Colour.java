package io.emberwatch.scorer.heatmap;

import java.util.Locale;

/** A colour in sRGB, each part 0 to 255. */
record Colour(int red, int green, int blue) {
    private static final int BYTE = 8;
    private static final int MASK = 0xff;

    static Colour of(int rgb) {
        return new Colour((rgb >> (2 * BYTE)) & MASK, (rgb >> BYTE) & MASK, rgb & MASK);
    }

    /** The colour that is so far on the way to another, 0 to 1. */
    Colour towards(Colour other, double share) {
        return new Colour(
                between(red, other.red, share), between(green, other.green, share), between(blue, other.blue, share));
    }

    private static int between(int from, int to, double share) {
        return (int) Math.round(from + share * (to - from));
    }

    String hex() {
        return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }

    /** How bright it is to the eye, 0 to 1, as WCAG 2 defines relative luminance. */
    double luminance() {
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    private static double linear(int part) {
        double share = part / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    /** How much one stands out from the other, 1 to 21 (WCAG 2.2). */
    double contrast(Colour other) {
        double brighter = Math.max(luminance(), other.luminance());
        double darker = Math.min(luminance(), other.luminance());
        return (brighter + 0.05) / (darker + 0.05);
    }
}
