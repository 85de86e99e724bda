package io.emberwatch.scorer.heatmap;

import java.util.Locale;

/** Capital letters, digits and a few signs of five by seven dots; small letters are shown as capitals. */
final class PixelFont {
    static final int WIDTH = 5;
    static final int HEIGHT = 7;

    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -_.,:/()+%?=";

    // A glyph is seven rows from top to bottom, each a digit of base 32 whose bits are the row's dots from left to
    // right.
    private static final String GLYPHS =
            "EHJLPHE 4C4444E EH1248V V2421HE 26AIV22 VGU11HE 68GUHHE V124888 EHHEHHE EHHF12C "
                    + "EHHVHHH UHHUHHU EHGGGHE SIHHHIS VGGUGGV VGGUGGG EHGNHHF HHHVHHH E44444E 72222IC "
                    + "HIKOKIH GGGGGGV HRLLHHH HHPLJHH EHHHHHE UHHUGGG EHHHLID UHHUKIH FGGE11U V444444 "
                    + "HHHHHHE HHHHHA4 HHHLLLA HHA4AHH HHHA444 V1248GV "
                    + "0000000 000E000 000000V 00000CC 0000C48 0CC0CC0 01248G0 2488842 8422248 044V440 OP248J3 EH12404 00V0V00";

    private static final String UNKNOWN = "VHHHHHV";

    private PixelFont() {}

    static boolean isInked(char letter, int column, int row) {
        int index = LETTERS.indexOf(String.valueOf(letter).toUpperCase(Locale.ROOT));
        int start = index * (HEIGHT + 1);
        String glyph = index < 0 ? UNKNOWN : GLYPHS.substring(start, start + HEIGHT);
        int dots = Character.digit(glyph.charAt(row), 32);
        return ((dots >> (WIDTH - 1 - column)) & 1) == 1;
    }
}
