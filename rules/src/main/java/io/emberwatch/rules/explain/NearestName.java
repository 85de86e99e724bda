package io.emberwatch.rules.explain;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names that somebody may have meant who wrote another. */
final class NearestName {
    private static final int MOST = 3;
    private static final int LONGEST = 256;

    private NearestName() {}

    private record Candidate(String name, int distance) {}

    /**
     * The nearest of known names, up to three, the nearest first: those that a few letters tell from the one written, or
     * that contain it or are contained in it.
     */
    static List<String> of(String written, Collection<String> known) {
        int bound = Math.max(2, written.length() / 4);
        return known.stream()
                .filter(name -> !name.equals(written))
                .map(name -> new Candidate(name, distance(written, name)))
                .filter(candidate -> candidate.distance() <= bound
                        || (written.length() >= 4
                                && (candidate.name().contains(written) || written.contains(candidate.name()))))
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(MOST)
                .map(Candidate::name)
                .toList();
    }

    /** How many letters must be put in, left out, changed or swapped with their neighbour. */
    static int distance(String a, String b) {
        if (a.length() > LONGEST || b.length() > LONGEST) {
            return LONGEST;
        }
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
