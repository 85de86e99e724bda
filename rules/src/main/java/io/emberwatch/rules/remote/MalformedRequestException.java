package io.emberwatch.rules.remote;

import java.io.Serial;

/** Bytes that are no request of the protocol. */
final class MalformedRequestException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedRequestException(String message) {
        super(message);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
