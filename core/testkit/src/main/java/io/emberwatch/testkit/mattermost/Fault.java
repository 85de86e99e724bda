package io.emberwatch.testkit.mattermost;

import java.time.Duration;

/**
 * How one request goes wrong.
 *
 * @param kind what the client sees
 * @param status the HTTP status of an {@link Kind#ANSWER}
 * @param posted whether the message is taken all the same, so that a client that tries again posts it twice
 * @param delay how long before the request is answered or, for a hang, given up
 */
public record Fault(Kind kind, int status, boolean posted, Duration delay) {
    /** What the client sees. */
    public enum Kind {
        /** Nothing goes wrong. */
        NONE,
        /** An HTTP status instead of the real answer. */
        ANSWER,
        /** The connection is closed without an answer. */
        RESET,
        /** No answer at all until the delay is over. */
        HANG
    }

    public static final Fault NONE = new Fault(Kind.NONE, 200, true, Duration.ZERO);

    /** An answer with this status; nothing is posted. */
    public static Fault answer(int status) {
        return new Fault(Kind.ANSWER, status, false, Duration.ZERO);
    }

    public static Fault reset() {
        return new Fault(Kind.RESET, 0, false, Duration.ZERO);
    }

    public static Fault hang(Duration delay) {
        return new Fault(Kind.HANG, 0, false, delay);
    }

    /** The same fault after the message was taken: the client cannot know. */
    public Fault afterPosting() {
        return new Fault(kind, status, true, delay);
    }
}
