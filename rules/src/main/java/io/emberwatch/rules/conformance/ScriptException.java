package io.emberwatch.rules.conformance;

import java.io.Serial;

/** A script that is not in the promqltest format. */
final class ScriptException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int line;

    /** @param line counted from 1 */
    ScriptException(int line, String message) {
        super(message);
        this.line = line;
    }

    int line() {
        return line;
    }
}
