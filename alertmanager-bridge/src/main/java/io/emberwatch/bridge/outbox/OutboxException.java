package io.emberwatch.bridge.outbox;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The outbox cannot be written or read now: the disk is full, locked or gone, or the service is stopping. */
public final class OutboxException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    OutboxException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
