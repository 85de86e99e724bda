package io.emberwatch.scorer.heatmap;

import java.time.ZoneId;
import java.util.List;
import java.util.Objects;

/**
 * The hours of some days, side by side.
 *
 * @param title what it is about
 * @param zone whose hours these are
 * @param columns from left to right
 */
public record Heatmap(String title, ZoneId zone, List<Column> columns) {
    static final int HOURS = 24;

    public Heatmap {
        columns = List.copyOf(columns);
    }

    /** A day, or a day of the week. */
    record Column(String label, boolean isLabelled, List<Slot> slots) {
        Column {
            slots = List.copyOf(slots);
            if (slots.size() != HOURS) {
                throw new IllegalArgumentException(slots.size() + " hours");
            }
        }
    }

    /**
     * One hour of the clock: nothing on the day that leaves it out, two cells on the day that has it twice.
     *
     * @param isFuture whether it is yet to come, at least in part
     */
    record Slot(List<Cell> cells, boolean isFuture) {
        Slot {
            cells = List.copyOf(cells);
        }
    }

    /**
     * One hour.
     *
     * @param label its beginning in words
     * @param score 0 to 10, NaN when none is known
     * @param events what happened in it, in words
     */
    record Cell(String label, double score, List<String> events) {
        Cell {
            Objects.requireNonNull(label);
            events = List.copyOf(events);
        }

        boolean isKnown() {
            return !Double.isNaN(score);
        }
    }
}
