package io.emberwatch.rules.scrape;

import java.io.Serial;
import java.util.regex.Pattern;

/** Why a scrape brought nothing; the message is the target's last error. */
final class ScrapeFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE = 500;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

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
        super(clean(message));
        this.kind = kind;
    }

    ScrapeFailure(Kind kind, String message, Throwable cause) {
        super(clean(message), cause);
        this.kind = kind;
    }

    // A target decides what stands in some of these messages; they go to logs and to the page.
    private static String clean(String message) {
        String line = CONTROL.matcher(message).replaceAll("\uFFFD");
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
    }

    Kind kind() {
        return kind;
    }
}
