package io.emberwatch.bridge.outbox;

import java.io.IOException;
import java.io.Serial;

/** Another process has the outbox. */
public final class OutboxHeldException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    OutboxHeldException(String message) {
        super(message);
    }
}
