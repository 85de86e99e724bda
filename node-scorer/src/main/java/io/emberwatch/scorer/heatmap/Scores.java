package io.emberwatch.scorer.heatmap;

import io.emberwatch.scorer.heatmap.Heatmap.Cell;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What many cells come to. */
final class Scores {
    static final int BEST = 10;

    private Scores() {}

    /** The lowest of them and when it was. */
    static String summary(List<Cell> cells) {
        return cells.stream()
                .filter(Cell::isKnown)
                .min(Comparator.comparingDouble(Cell::score))
                .map(cell -> String.format(Locale.ROOT, "lowest %.1f, %s", cell.score(), brief(cell.label())))
                .orElse("nothing is known");
    }

    // "Mon 3 Nov 2026 02:00 Z" to "Mon 3 Nov 02:00"
    private static String brief(String label) {
        return label.replaceAll(" \\d{4} (\\d\\d:\\d\\d) \\S+$", " $1");
    }
}
