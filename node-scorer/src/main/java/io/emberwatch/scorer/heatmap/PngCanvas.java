package io.emberwatch.scorer.heatmap;

/** Draws into pixels without any font of the system: what is on a server without a screen is not known. */
final class PngCanvas implements Canvas {
    private static final int HATCH = 8;
    private static final int HATCH_LINE = 2;

    private final int width;
    private final int height;
    private final int scale;
    private final byte[] pixels;

    /** @param scale pixels per unit */
    PngCanvas(double width, double height, int scale) {
        this.width = (int) Math.round(width * scale);
        this.height = (int) Math.round(height * scale);
        this.scale = scale;
        pixels = new byte[3 * this.width * this.height];
    }

    byte[] png() {
        return Png.of(width, height, pixels);
    }

    Colour at(int x, int y) {
        int index = 3 * (y * width + x);
        return new Colour(pixels[index] & 0xff, pixels[index + 1] & 0xff, pixels[index + 2] & 0xff);
    }

    private void set(int x, int y, Colour colour) {
        if (x >= 0 && x < width && y >= 0 && y < height) {
            int index = 3 * (y * width + x);
            pixels[index] = (byte) colour.red();
            pixels[index + 1] = (byte) colour.green();
            pixels[index + 2] = (byte) colour.blue();
        }
    }

    private int scaled(double length) {
        return (int) Math.round(length * scale);
    }

    @Override
    public void rectangle(double x, double y, double w, double h, Colour colour) {
        for (int row = scaled(y); row < scaled(y + h); row++) {
            for (int column = scaled(x); column < scaled(x + w); column++) {
                set(column, row, colour);
            }
        }
    }

    @Override
    public void cell(double x, double y, double w, double h, Colour colour, String words) {
        rectangle(x, y, w, h, colour);
    }

    @Override
    public void hatched(double x, double y, double w, double h, Colour ground, Colour lines, String words) {
        for (int row = scaled(y); row < scaled(y + h); row++) {
            for (int column = scaled(x); column < scaled(x + w); column++) {
                set(column, row, Math.floorMod(column + row, HATCH) < HATCH_LINE ? lines : ground);
            }
        }
    }

    @Override
    public void dot(double x, double y, double radius, Colour colour) {
        int reach = scaled(radius);
        for (int row = -reach; row <= reach; row++) {
            for (int column = -reach; column <= reach; column++) {
                if (row * row + column * column <= reach * reach) {
                    set(scaled(x) + column, scaled(y) + row, colour);
                }
            }
        }
    }

    @Override
    public void text(double x, double y, double size, Anchor anchor, Colour colour, String words) {
        String text = PixelFont.shown(words);
        int dot = Math.max(1, (int) Math.floor(size * scale / (PixelFont.HEIGHT + 1)));
        int length = dot * (text.length() * (PixelFont.WIDTH + 1) - 1);
        int left = scaled(x) - (anchor == Anchor.START ? 0 : anchor == Anchor.MIDDLE ? length / 2 : length);
        int top = scaled(y) - dot * PixelFont.HEIGHT;
        for (int i = 0; i < text.length(); i++) {
            glyph(text.charAt(i), left + i * dot * (PixelFont.WIDTH + 1), top, dot, colour);
        }
    }

    private void glyph(char letter, int left, int top, int dot, Colour colour) {
        for (int row = 0; row < PixelFont.ROWS; row++) {
            for (int column = 0; column < PixelFont.WIDTH; column++) {
                if (PixelFont.isInked(letter, column, row)) {
                    for (int pixel = 0; pixel < dot * dot; pixel++) {
                        set(left + column * dot + pixel % dot, top + row * dot + pixel / dot, colour);
                    }
                }
            }
        }
    }
}
