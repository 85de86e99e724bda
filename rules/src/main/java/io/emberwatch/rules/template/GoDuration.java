package io.emberwatch.rules.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A span of time, printed as Go's {@code time.Duration}: {@code 1h30m0s}. */
record GoDuration(long nanos) {
    /** Calls a method of Go's type, or gives null when there is none of that name. */
    @Nullable
    Object call(String method, List<Object> args) {
        return switch (method) {
            case "Hours" -> nanos / 3.6e12;
            case "Minutes" -> nanos / 6e10;
            case "Seconds" -> nanos / 1e9;
            case "Milliseconds" -> nanos / 1_000_000;
            case "Microseconds" -> nanos / 1_000;
            case "Nanoseconds" -> nanos;
            case "Abs" -> new GoDuration(Math.abs(nanos));
            case "String" -> toString();
            default -> null;
        };
    }

    @Override
    public String toString() {
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        double size = Math.abs((double) nanos);
        if (size < 1e9) {
            if (size < 1e3) {
                return sign + Math.abs(nanos) + "ns";
            }
            return size < 1e6 ? sign + fraction(size / 1e3) + "µs" : sign + fraction(size / 1e6) + "ms";
        }
        long seconds = Math.abs(nanos / 1_000_000_000);
        long rest = Math.abs(nanos % 1_000_000_000);
        StringBuilder text = new StringBuilder(sign);
        if (seconds >= 3600) {
            text.append(seconds / 3600).append('h');
        }
        if (seconds >= 60) {
            text.append(seconds / 60 % 60).append('m');
        }
        text.append(seconds % 60);
        if (rest != 0) {
            String digits = Long.toString(1_000_000_000 + rest).substring(1);
            text.append('.').append(digits.replaceAll("0+$", ""));
        }
        return text.append('s').toString();
    }

    private static String fraction(double value) {
        return GoFloat.format(value, 'f', GoFloat.SHORTEST);
    }
}
