package io.emberwatch.launcher;

import java.io.Serial;

/** Something that the command needs is not on this machine; the message says what and how to get it. */
final class MissingException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    MissingException(String message) {
        super(message);
    }
}
