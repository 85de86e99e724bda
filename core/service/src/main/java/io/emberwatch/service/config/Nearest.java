package io.emberwatch.service.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what somebody probably meant to write. */
final class Nearest {
    private Nearest() {}

    /** The known name that is at most a third of its length away (Levenshtein), or null. */
    static @Nullable String of(String written, Collection<String> known) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String name : known) {
            int distance = distance(written, name);
            if (distance < least && distance <= Math.max(1, name.length() / 3)) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
