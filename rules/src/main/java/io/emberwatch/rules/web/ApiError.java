package io.emberwatch.rules.web;

import io.emberwatch.model.flow.QueryException;
import java.io.Serial;

/** An answer that says no: status code, {@code errorType} and text of the Prometheus API. */
final class ApiError extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;

    private ApiError(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    static ApiError badData(String message) {
        return new ApiError(400, "bad_data", message);
    }

    static ApiError badParameter(String name, String message) {
        return badData("invalid parameter \"" + name + "\": " + message);
    }

    static ApiError of(QueryException e) {
        int status = switch (e.kind()) {
            case BAD_DATA -> 400;
            case EXECUTION -> 422;
            case CANCELED -> 499;
            case TIMEOUT, UNAVAILABLE -> 503;
            case INTERNAL -> 500;
        };
        return new ApiError(status, e.kind().text(), String.valueOf(e.getMessage()));
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
