package io.emberwatch.rules.template;

import java.io.Serial;

/** A template that does not parse, or that failed while it was expanded; worded as Go words it. */
public final class TemplateException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message);
    }

    /** The message, never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
