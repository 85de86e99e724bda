package io.emberwatch.scorer.heatmap;

import io.emberwatch.scorer.heatmap.Canvas.Anchor;
import io.emberwatch.scorer.heatmap.Heatmap.Cell;
import io.emberwatch.scorer.heatmap.Heatmap.Column;
import io.emberwatch.scorer.heatmap.Heatmap.Slot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Draws a heatmap: hours from top to bottom, days from left to right, made for the width of a phone. */
public final class HeatmapPicture {
    static final double WIDTH = 390;
    static final double HEIGHT = 414;

    private static final double LEFT = 28;
    private static final double TOP = 28;
    private static final double GRID_WIDTH = WIDTH - LEFT - 8;
    private static final double CELL_HEIGHT = 13;
    private static final double GRID_HEIGHT = Heatmap.HOURS * CELL_HEIGHT;
    private static final double TEXT = 11;
    private static final double LEGEND = TOP + GRID_HEIGHT + 28;
    private static final double LEGEND_BOX = 14;
    private static final double LABEL_WIDTH = 44;
    private static final int HOURS_PER_LABEL = 3;
    private static final double GAP = 1;
    private static final double SMALL = 9;
    private static final int LARGE_TITLE = 40;
    private static final int LONGEST_TITLE = 58;

    /** From this width on a cell has its score written in it. */
    private static final double ROOM = 26;

    private final Heatmap heatmap;
    private final Palette palette;
    private final Theme theme;

    public HeatmapPicture(Heatmap heatmap, Palette palette, Theme theme) {
        this.heatmap = heatmap;
        this.palette = palette;
        this.theme = theme;
    }

    /** As an SVG document that needs nothing else; what each cell is shows when it is pointed at. */
    public byte[] svg() {
        SvgCanvas canvas = new SvgCanvas(WIDTH, HEIGHT, heatmap.title());
        draw(canvas);
        return canvas.document().getBytes(StandardCharsets.UTF_8);
    }

    /** As a PNG of twice as many pixels as a phone is wide in points. */
    public byte[] png() {
        PngCanvas canvas = new PngCanvas(WIDTH, HEIGHT, 2);
        draw(canvas);
        return canvas.png();
    }

    void draw(Canvas canvas) {
        canvas.rectangle(0, 0, WIDTH, HEIGHT, theme.ground());
        title(canvas);
        for (int hour = 0; hour < Heatmap.HOURS; hour += HOURS_PER_LABEL) {
            double y = TOP + hour * CELL_HEIGHT + CELL_HEIGHT - 2;
            canvas.text(LEFT - 5, y, TEXT, Anchor.END, theme.ink(), String.format(Locale.ROOT, "%02d", hour));
        }
        double width = GRID_WIDTH / heatmap.columns().size();
        double free = 0;
        for (int i = 0; i < heatmap.columns().size(); i++) {
            Column column = heatmap.columns().get(i);
            double x = LEFT + i * width;
            for (int hour = 0; hour < Heatmap.HOURS; hour++) {
                slot(canvas, column.slots().get(hour), x, TOP + hour * CELL_HEIGHT, width);
            }
            double end = x + Math.max(width, LABEL_WIDTH);
            if (column.isLabelled() && x >= free && end <= WIDTH) {
                double y = TOP + GRID_HEIGHT + TEXT + 3;
                if (width >= LABEL_WIDTH) {
                    canvas.text(x + width / 2, y, TEXT, Anchor.MIDDLE, theme.ink(), column.label());
                } else {
                    canvas.rectangle(x, TOP + GRID_HEIGHT, 1, 4, theme.ink());
                    canvas.text(x + 2, y, TEXT, Anchor.START, theme.ink(), column.label());
                }
                free = end;
            }
        }
        legend(canvas);
    }

    // A long name is written smaller, one that is longer still without its middle.
    private void title(Canvas canvas) {
        String title = heatmap.title();
        if (title.length() > LONGEST_TITLE) {
            int end = title.length() - LONGEST_TITLE / 2;
            title = title.substring(0, LONGEST_TITLE / 2 - 3) + "..." + title.substring(end);
        }
        double size = title.length() > LARGE_TITLE ? SMALL : TEXT + 1;
        canvas.text(LEFT, TOP - 10, size, Anchor.START, theme.ink(), title);
    }

    private void slot(Canvas canvas, Slot slot, double x, double y, double width) {
        double gap = width > 4 * GAP ? GAP : 0;
        double height = CELL_HEIGHT - GAP;
        if (slot.isFuture()) {
            return;
        }
        if (slot.cells().isEmpty()) {
            canvas.cell(x, y, width - gap, height, theme.faint(), "the clock leaves this hour out");
            return;
        }
        double part = (width - gap) / slot.cells().size();
        for (int i = 0; i < slot.cells().size(); i++) {
            cell(canvas, slot.cells().get(i), x + i * part, y, part, height);
        }
    }

    private void cell(Canvas canvas, Cell cell, double x, double y, double width, double height) {
        StringBuilder words = new StringBuilder(cell.label()).append(": ");
        words.append(cell.isKnown() ? String.format(Locale.ROOT, "%.1f of 10", cell.score()) : "no score");
        cell.events().forEach(event -> words.append(", ").append(event));
        Colour ink = inkOn(cell.isKnown() ? palette.of(cell.score()) : theme.ground());
        if (cell.isKnown()) {
            canvas.cell(x, y, width, height, palette.of(cell.score()), words.toString());
            if (width >= ROOM) {
                String score = String.format(Locale.ROOT, cell.score() >= 9.95 ? "%.0f" : "%.1f", cell.score());
                canvas.text(x + width / 2, y + height - 2.5, SMALL, Anchor.MIDDLE, ink, score);
            }
        } else {
            canvas.hatched(x, y, width, height, theme.ground(), theme.hatch(), words.toString());
        }
        if (!cell.events().isEmpty()) {
            double middle = width >= ROOM ? x + width - 3 : x + width / 2;
            canvas.dot(middle, y + height / 2, Math.min(2, width / 3), ink);
        }
    }

    private static Colour inkOn(Colour ground) {
        Colour dark = Theme.LIGHT.ink();
        Colour bright = Theme.DARK.ink();
        return dark.contrast(ground) >= bright.contrast(ground) ? dark : bright;
    }

    private void legend(Canvas canvas) {
        double y = LEGEND;
        for (int score = 0; score <= Scores.BEST; score++) {
            canvas.rectangle(LEFT + score * LEGEND_BOX, y, LEGEND_BOX, 10, palette.of(score));
            if (score % 5 == 0) {
                double middle = LEFT + score * LEGEND_BOX + LEGEND_BOX / 2;
                canvas.text(middle, y + 10 + TEXT + 2, TEXT, Anchor.MIDDLE, theme.ink(), String.valueOf(score));
            }
        }
        double x = LEFT + (Scores.BEST + 1) * LEGEND_BOX + 12;
        canvas.hatched(x, y, LEGEND_BOX, 10, theme.ground(), theme.hatch(), "no score");
        canvas.text(x + LEGEND_BOX + 4, y + 9, TEXT, Anchor.START, theme.ink(), "no score");
        canvas.dot(x + 90, y + 5, 2, theme.ink());
        canvas.text(x + 96, y + 9, TEXT, Anchor.START, theme.ink(), "event");
        canvas.text(x, y + 10 + TEXT + 2, TEXT, Anchor.START, theme.ink(), Scores.summary(cells()));
        canvas.text(LEFT, y + 10 + 2 * TEXT + 5, TEXT, Anchor.START, theme.ink(), "hours of " + heatmap.zone());
    }

    private List<Cell> cells() {
        return heatmap.columns().stream()
                .flatMap(column -> column.slots().stream())
                .flatMap(slot -> slot.cells().stream())
                .toList();
    }
}
