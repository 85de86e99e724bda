package io.emberwatch.e2e;

import io.emberwatch.e2e.RandomQuery.Words;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Ways to write the same number, length or name, some of which only Prometheus 3 knows. */
final class RandomSpelling {
    private static final List<Words> NUMBERS = List.of(
            both("2"),
            both("0.5"),
            both(".25"),
            both("1e1"),
            both("0x1F"),
            both("017"),
            both("1E-2"),
            both("+3"),
            both("-3"),
            new Words("1_000", "1000", false),
            new Words("0x_ff", "255", false),
            new Words("5m", "300", false),
            new Words("1h30m", "5400", false),
            new Words("250ms", "0.25", false),
            new Words("1_0.5", "10.5", false));

    private final Random random;

    RandomSpelling(Random random) {
        this.random = random;
    }

    private static Words both(String text) {
        return new Words(text, text, false);
    }

    private String any(String... of) {
        return of[random.nextInt(of.length)];
    }

    Words number() {
        return NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    /** A length such as {@code 5m}, mostly as it is. */
    Words length(String plain) {
        if (random.nextInt(4) > 0) {
            return both(plain);
        }
        String seconds = Long.toString(seconds(plain));
        return new Words(
                any(
                        seconds,
                        seconds + ".0",
                        "2 * " + plain + " / 2",
                        "(" + plain + " + 3s) - 3",
                        "max_of(" + plain + ", 1s)",
                        "min_of(" + seconds + ", 1d)",
                        "-(-" + plain + ")",
                        plain + " % 10d",
                        "1 * " + plain + " ^ 1",
                        "step() * 0 + " + plain),
                plain,
                false);
    }

    /** What follows {@code offset}. */
    Words offset(String plain) {
        if (random.nextInt(4) > 0) {
            return both(plain);
        }
        boolean negative = plain.startsWith("-");
        String size = negative ? plain.substring(1) : plain;
        String sign = negative ? "-" : "";
        return new Words(
                any(sign + seconds(size), sign + "(" + size + " + 0s)", "(" + sign + "2 * " + size + " / 2)"),
                plain,
                false);
    }

    private static long seconds(String plain) {
        long seconds = 0;
        long number = 0;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (Character.isDigit(c)) {
                number = 10 * number + c - '0';
            } else {
                seconds += number * (c == 'm' ? 60 : 1);
                number = 0;
            }
        }
        return seconds;
    }

    /** A selector of a metric by name. */
    Words selector(String name, List<String> matchers) {
        String inside = String.join(any(",", ", "), matchers) + (matchers.isEmpty() ? "" : any("", "", ","));
        String plain = name + (inside.isEmpty() ? any("", "", "{}") : "{" + inside + "}");
        return switch (random.nextInt(8)) {
            case 0 ->
                new Words(
                        "{" + any("\"" + name + "\"", "'" + name + "'", "`" + name + "`")
                                + (inside.isEmpty() ? "" : ", " + inside) + "}",
                        plain,
                        false);
            case 1 -> both("{__name__=\"" + name + "\"" + (inside.isEmpty() ? "" : "," + inside) + "}");
            default -> both(plain);
        };
    }

    /** A keyword in any case of its letters. */
    String keyword(String word) {
        return random.nextInt(6) == 0 ? word.toUpperCase(Locale.ROOT) : word;
    }
}
