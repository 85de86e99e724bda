package io.emberwatch.scorer.heatmap;

import java.util.List;

/** What colour a score has. */
public enum Palette {
    /** From red over yellow to green. */
    RED_GREEN,
    /** From orange over grey to blue: told apart by who does not see red or green, on light ground and on dark. */
    COLOUR_BLIND;

    private record Stop(double score, Colour colour) {}

    private static final List<Stop> REDS_AND_GREENS = List.of(
            new Stop(0, Colour.of(0xcc1f2d)),
            new Stop(4, Colour.of(0xe8623a)),
            new Stop(7, Colour.of(0xf9b45c)),
            new Stop(8, Colour.of(0xfee08b)),
            new Stop(9, Colour.of(0xa6d96a)),
            new Stop(10, Colour.of(0x1a9850)));

    private static final List<Stop> ORANGES_AND_BLUES = List.of(
            new Stop(0, Colour.of(0xb35806)),
            new Stop(4, Colour.of(0xe08214)),
            new Stop(7, Colour.of(0xfdc87a)),
            new Stop(8, Colour.of(0xe3e3e3)),
            new Stop(9, Colour.of(0x9ec5e3)),
            new Stop(10, Colour.of(0x2b7bba)));

    /** The colour of a score; below 0 and above 10 as there. */
    Colour of(double score) {
        List<Stop> stops = this == RED_GREEN ? REDS_AND_GREENS : ORANGES_AND_BLUES;
        Stop before = stops.get(0);
        double bounded = Math.max(score, before.score());
        for (Stop stop : stops.subList(1, stops.size())) {
            if (bounded <= stop.score()) {
                double share = (bounded - before.score()) / (stop.score() - before.score());
                return before.colour().towards(stop.colour(), share);
            }
            before = stop;
        }
        return before.colour();
    }
}
