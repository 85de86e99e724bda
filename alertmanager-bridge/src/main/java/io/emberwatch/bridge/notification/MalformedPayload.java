package io.emberwatch.bridge.notification;

import java.io.Serial;

/** A body that is not an Alertmanager webhook of version 4; the message says what is wrong and where. */
public final class MalformedPayload extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public MalformedPayload(String message) {
        super(message);
    }
}
