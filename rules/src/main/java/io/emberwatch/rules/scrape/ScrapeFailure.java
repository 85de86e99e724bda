package io.emberwatch.rules.scrape;

import java.io.Serial;

/** Why a scrape brought nothing; the message is the target's last error. */
final class ScrapeFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What kind of failure, for the counters. */
    enum Kind {
        /** No answer, or one that says no. */
        FETCH,
        BODY_SIZE,
        SAMPLE_LIMIT,
        LABEL_LIMIT,
        /** The page does not follow its format. */
        PARSE,
        TARGET_LIMIT
    }

    private final Kind kind;

    ScrapeFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    ScrapeFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
