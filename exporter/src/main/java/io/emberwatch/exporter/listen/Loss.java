package io.emberwatch.exporter.listen;

import java.util.Locale;

/** Why a part of what was received never made a whole frame. */
public enum Loss {
    /** A frame that is longer than allowed. */
    TOO_LONG,
    /** A frame whose connection broke off or stood still before its end. */
    CUT_OFF,
    /** A frame that could not be kept until its end, as unfinished ones fill all the memory there is for them. */
    NO_ROOM;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The reason as a label value. */
    public String label() {
        return label;
    }
}
