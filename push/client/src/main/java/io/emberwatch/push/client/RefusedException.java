package io.emberwatch.push.client;

import java.io.IOException;
import java.io.Serial;

/** The other side will not have some of the lines, and asking again changes nothing. The others were sent. */
public final class RefusedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int lines;

    /** @param lines how many were refused; at least one */
    public RefusedException(int lines, String message) {
        super(message);
        this.lines = lines;
    }

    public int lines() {
        return lines;
    }
}
