package io.emberwatch.exporter.host;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code /proc/<pid>/mountinfo} (proc(5)).
 *
 * @param point where it is mounted, octal escapes resolved
 */
record Mount(String device, String point, String type, boolean readOnly) {
    /** The mount, or null when the line is not one. */
    static @Nullable Mount parse(String line) {
        String[] words = line.split(" ", -1);
        int separator = Arrays.asList(words).indexOf("-");
        if (separator < 6 || separator + 3 >= words.length) {
            return null;
        }
        List<String> options = List.of((words[5] + "," + words[separator + 3]).split(",", -1));
        boolean readOnly = options.contains("ro") || options.contains("emergency_ro");
        return new Mount(unescape(words[separator + 2]), unescape(words[4]), words[separator + 1], readOnly);
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        byte[] from = text.getBytes(StandardCharsets.UTF_8);
        byte[] to = new byte[from.length];
        int length = 0;
        for (int i = 0; i < from.length; i++) {
            if (from[i] == '\\' && i + 3 < from.length && from[i + 1] >= '0' && from[i + 1] <= '3') {
                to[length++] = (byte) ((from[i + 1] - '0') * 64 + (from[i + 2] - '0') * 8 + (from[i + 3] - '0'));
                i += 3;
            } else {
                to[length++] = from[i];
            }
        }
        return new String(to, 0, length, StandardCharsets.UTF_8);
    }
}
