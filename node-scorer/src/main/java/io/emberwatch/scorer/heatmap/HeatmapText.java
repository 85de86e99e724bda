package io.emberwatch.scorer.heatmap;

import io.emberwatch.scorer.heatmap.Heatmap.Cell;
import io.emberwatch.scorer.heatmap.Heatmap.Column;
import io.emberwatch.scorer.heatmap.Heatmap.Slot;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** A heatmap without a picture: as a table, for a chat, for a terminal. */
public final class HeatmapText {
    private final Heatmap heatmap;

    public HeatmapText(Heatmap heatmap) {
        this.heatmap = heatmap;
    }

    /** One line an hour: when it began, its score or nothing, what happened. */
    public String csv() {
        StringBuilder text = new StringBuilder("hour,score,events\n");
        for (Column column : heatmap.columns()) {
            for (Slot slot : column.slots()) {
                for (Cell cell : slot.cells()) {
                    if (!slot.isFuture()) {
                        text.append(cell.label()).append(',');
                        text.append(cell.isKnown() ? String.format(Locale.ROOT, "%.2f", cell.score()) : "");
                        text.append(',')
                                .append(quoted(String.join("; ", cell.events())))
                                .append('\n');
                    }
                }
            }
        }
        return text.toString();
    }

    // As RFC 4180 has it.
    private static String quoted(String field) {
        return field.matches("[^\",\r\n]*") ? field : "\"" + field.replace("\"", "\"\"") + "\"";
    }

    /** One row of coloured squares a day, as chats show them without any picture. */
    public String markdown() {
        StringBuilder text = new StringBuilder("**")
                .append(heatmap.title())
                .append("** (")
                .append(heatmap.zone())
                .append(")\n");
        for (Column column : heatmap.columns()) {
            for (Slot slot : column.slots()) {
                text.append(square(slot));
            }
            text.append(" `").append(column.label()).append("`\n");
        }
        return text.append("🟩 9 to 10 🟨 7 to 9 🟧 4 to 7 🟥 below 4 ⬜ no score\n")
                .toString();
    }

    private static String square(Slot slot) {
        Optional<Cell> worst = worst(slot);
        if (worst.isEmpty()) {
            return slot.isFuture() ? "▫️" : "⬜";
        }
        double score = worst.get().score();
        return score >= 9 ? "🟩" : score >= 7 ? "🟨" : score >= 4 ? "🟧" : "🟥";
    }

    /** Coloured for a terminal of 24-bit colours, one row an hour. */
    public String ansi(Palette palette) {
        StringBuilder text = new StringBuilder(heatmap.title())
                .append(" (")
                .append(heatmap.zone())
                .append(")\n");
        for (int hour = 0; hour < Heatmap.HOURS; hour++) {
            text.append(String.format(Locale.ROOT, "%02d ", hour));
            for (Column column : heatmap.columns()) {
                Slot slot = column.slots().get(hour);
                Optional<Cell> worst = worst(slot);
                if (worst.isPresent()) {
                    Colour colour = palette.of(worst.get().score());
                    text.append(String.format(
                            Locale.ROOT, "\u001b[48;2;%d;%d;%dm  ", colour.red(), colour.green(), colour.blue()));
                    text.append("\u001b[0m");
                } else {
                    text.append(slot.isFuture() ? "  " : "░░");
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static Optional<Cell> worst(Slot slot) {
        return slot.cells().stream().filter(Cell::isKnown).min(Comparator.comparingDouble(Cell::score));
    }
}
