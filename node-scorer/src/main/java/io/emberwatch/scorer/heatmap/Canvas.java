package io.emberwatch.scorer.heatmap;

/** What a heatmap is drawn on. Lengths are units of which a phone is {@link HeatmapPicture#WIDTH} wide. */
interface Canvas {
    /** Where a text stands relative to its point, which is on its lower edge. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    void rectangle(double x, double y, double width, double height, Colour colour);

    /** A rectangle that says what it is when it is pointed at. */
    void cell(double x, double y, double width, double height, Colour colour, String words);

    /** A cell of slanted lines. */
    void hatched(double x, double y, double width, double height, Colour ground, Colour lines, String words);

    void dot(double x, double y, double radius, Colour colour);

    /** @param size the height of capital letters and a little more, in units */
    void text(double x, double y, double size, Anchor anchor, Colour colour, String text);
}
