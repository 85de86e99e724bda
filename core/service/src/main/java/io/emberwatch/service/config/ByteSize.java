package io.emberwatch.service.config;

import java.util.Locale;

/**
 * A number of bytes, written {@code 64MiB}, {@code 10kB} or {@code 4096}.
 *
 * @param bytes not negative
 */
public record ByteSize(long bytes) {
    private static final String UNITS = "kMGT";

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException(bytes + ": a size must not be negative");
        }
    }

    /** @throws IllegalArgumentException with the text and what was expected */
    public static ByteSize parse(String text) {
        String trimmed = text.trim();
        int end = 0;
        while (end < trimmed.length() && trimmed.charAt(end) >= '0' && trimmed.charAt(end) <= '9') {
            end++;
        }
        String unit = trimmed.substring(end).trim();
        long factor = factor(unit);
        if (end == 0 || factor == 0) {
            throw new IllegalArgumentException(text + ": expected a size such as 64MiB, 10kB or 4096");
        }
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(trimmed.substring(0, end)), factor));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(text + ": a size must be below 2^63 bytes", e);
        }
    }

    private static long factor(String unit) {
        if (unit.isEmpty() || unit.equals("B")) {
            return 1;
        }
        int power = UNITS.toLowerCase(Locale.ROOT).indexOf(Character.toLowerCase(unit.charAt(0))) + 1;
        return switch (unit.substring(1)) {
            case "iB" -> power == 0 ? 0 : 1L << (10 * power);
            case "B" -> power == 0 ? 0 : (long) Math.pow(1000, power);
            default -> 0;
        };
    }
}
