package io.emberwatch.exporter.graphite;

import java.io.Serial;

/** A pickle that is not read, with why. */
final class PickleException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    PickleException(String message) {
        super(message);
    }
}
