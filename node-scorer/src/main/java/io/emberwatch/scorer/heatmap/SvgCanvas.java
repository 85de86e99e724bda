package io.emberwatch.scorer.heatmap;

import java.util.Locale;

/** Draws into an SVG document, as wide as it is given room. */
final class SvgCanvas implements Canvas {
    private static final double LINES = 4;

    private final StringBuilder text = new StringBuilder();
    private boolean isHatchKnown;

    SvgCanvas(double width, double height, String title) {
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(number(width))
                .append(' ')
                .append(number(height))
                .append("\" width=\"100%\" role=\"img\" font-family=\"system-ui, sans-serif\">\n<title>")
                .append(escaped(title))
                .append("</title>\n");
    }

    String document() {
        return text + "</svg>\n";
    }

    @Override
    public void rectangle(double x, double y, double width, double height, Colour colour) {
        open(x, y, width, height, colour.hex());
        text.append("/>\n");
    }

    @Override
    public void cell(double x, double y, double width, double height, Colour colour, String words) {
        open(x, y, width, height, colour.hex());
        text.append("><title>").append(escaped(words)).append("</title></rect>\n");
    }

    @Override
    public void hatched(double x, double y, double width, double height, Colour ground, Colour lines, String words) {
        if (!isHatchKnown) {
            isHatchKnown = true;
            text.append(String.format(
                    Locale.ROOT,
                    "<defs><pattern id=\"hatch\" width=\"%1$s\" height=\"%1$s\" patternUnits=\"userSpaceOnUse\""
                            + " patternTransform=\"rotate(45)\"><rect width=\"%1$s\" height=\"%1$s\" fill=\"%2$s\"/>"
                            + "<rect width=\"1\" height=\"%1$s\" fill=\"%3$s\"/></pattern></defs>\n",
                    number(LINES),
                    ground.hex(),
                    lines.hex()));
        }
        open(x, y, width, height, "url(#hatch)");
        text.append("><title>").append(escaped(words)).append("</title></rect>\n");
    }

    private void open(double x, double y, double width, double height, String fill) {
        text.append("<rect x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" width=\"")
                .append(number(width))
                .append("\" height=\"")
                .append(number(height))
                .append("\" fill=\"")
                .append(fill)
                .append('"');
    }

    @Override
    public void dot(double x, double y, double radius, Colour colour) {
        text.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\" pointer-events=\"none\"/>%n",
                number(x),
                number(y),
                number(radius),
                colour.hex()));
    }

    @Override
    public void text(double x, double y, double size, Anchor anchor, Colour colour, String words) {
        text.append(String.format(
                Locale.ROOT,
                "<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                number(x),
                number(y),
                number(size),
                anchor.name().toLowerCase(Locale.ROOT),
                colour.hex(),
                escaped(words)));
    }

    private static String number(double value) {
        double rounded = Math.round(value * 100) / 100.0;
        return rounded == Math.rint(rounded) ? String.valueOf((long) rounded) : String.valueOf(rounded);
    }

    // Control characters have no place in XML, not even escaped.
    private static String escaped(String words) {
        return words.replaceAll("[\\p{Cntrl}\ufffe\uffff]", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
