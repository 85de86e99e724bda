package io.emberwatch.rules.engine;

import io.emberwatch.model.flow.QueryException;
import java.io.Serial;

/** An evaluation of a rule that gave no result. */
final class RuleFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;

    RuleFailure(String message) {
        super(message);
        this.mayPass = false;
    }

    RuleFailure(QueryException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.mayPass = cause.kind().isRetryable();
    }

    /** Whether the same evaluation may succeed a moment later. */
    boolean mayPass() {
        return mayPass;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
