package io.emberwatch.model.line;

import java.io.Serial;

/** A line that is refused, with where and why. */
public final class LineException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final LineFault fault;

    /** @param offset in bytes from the beginning of the text */
    public LineException(int offset, LineFault fault) {
        super("byte " + offset + ": " + fault.text());
        this.offset = offset;
        this.fault = fault;
    }

    public int offset() {
        return offset;
    }

    public LineFault fault() {
        return fault;
    }
}
