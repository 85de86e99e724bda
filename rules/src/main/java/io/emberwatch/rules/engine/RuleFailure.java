package io.emberwatch.rules.engine;

import java.io.Serial;

/** An evaluation of a rule that gave no result. */
final class RuleFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    RuleFailure(String message) {
        super(message);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
