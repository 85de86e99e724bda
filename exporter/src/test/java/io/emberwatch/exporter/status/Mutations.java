package io.emberwatch.exporter.status;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Texts that were good before something happened to them, the same ones at every run. */
public final class Mutations {
    private static final List<String> PIECES = List.of(
            "",
            "\0",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\n",
            "-1",
            "1e999",
            "NaN",
            "99999999999999999999",
            "null",
            "\u00ff",
            "é");

    private Mutations() {}

    /** {@code count} texts made of {@code good}. */
    public static List<byte[]> of(String good, int count) {
        Random random = new Random(good.hashCode());
        return IntStream.range(0, count).mapToObj(i -> one(good, random)).toList();
    }

    private static byte[] one(String good, Random random) {
        String text = good;
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), at + random.nextInt(8));
            text = switch (random.nextInt(4)) {
                case 0 -> text.substring(0, at);
                case 1 -> text.substring(0, at) + text.substring(to);
                case 2 -> text.substring(0, to) + text.substring(at);
                default -> text.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + text.substring(to);
            };
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(3) == 0) {
            bytes = Arrays.copyOf(bytes, bytes.length);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
