package io.emberwatch.model.text;

import java.io.Serial;

/** Text that does not follow its format; the message says what was found and what was expected. */
public final class ParseException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    /**
     * @param line from 1
     * @param column in bytes from 1, or 0 when the whole line is meant
     */
    public ParseException(int line, int column, String message) {
        super("line " + line + (column > 0 ? ", column " + column : "") + ": " + message);
        this.line = line;
        this.column = column;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
