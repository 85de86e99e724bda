package io.emberwatch.service.http;

import java.io.Serial;

/** A request that gets a 4xx or 5xx answer; the message is shown to the client, so it holds no secret. */
public final class HttpError extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpError(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
