package io.emberwatch.model.flow;

import java.io.Serial;

/** A query that got no answer. */
public final class QueryException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Why there is no answer, named as the Prometheus HTTP API's {@code errorType}. */
    public enum Kind {
        /** The expression or a parameter is wrong; asking again will not help. */
        BAD_DATA("bad_data", false),
        /** The expression cannot be evaluated on this data. */
        EXECUTION("execution", false),
        TIMEOUT("timeout", true),
        CANCELED("canceled", true),
        /** The source could not be reached or did not answer with a result. */
        UNAVAILABLE("unavailable", true),
        INTERNAL("internal", false);

        private final String text;
        private final boolean retryable;

        Kind(String text, boolean retryable) {
            this.text = text;
            this.retryable = retryable;
        }

        public String text() {
            return text;
        }

        /** Whether the same question may be answered later. */
        public boolean isRetryable() {
            return retryable;
        }
    }

    private final Kind kind;

    public QueryException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public QueryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
