package io.emberwatch.bridge.channel;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an attempt to deliver a message. Whether to try again is said here; who does it is the dispatcher. */
public sealed interface Outcome {
    /** A short word for metrics and trails: an HTTP status, an SMTP reply code, {@code timeout}, {@code connect}. */
    String code();

    /**
     * The message is where it belongs.
     *
     * @param reference what the channel wants to know when the incident's next message comes, such as a post's
     *     identifier; null keeps what it has
     * @param refusals those among several receivers who will never get it
     * @param rest those among several receivers who may get it later, as {@link Progressed#progress}; they are tried
     *     again by themselves while the incident goes on for the others; null when there are none
     */
    record Delivered(
            String code,
            @Nullable String reference,
            List<Refusal> refusals,
            @Nullable String rest) implements Outcome {
        public Delivered {
            refusals = List.copyOf(refusals);
        }

        public static Delivered of(String code) {
            return new Delivered(code, null, List.of(), null);
        }

        public static Delivered of(String code, String reference) {
            return new Delivered(code, reference, List.of(), null);
        }
    }

    /**
     * A part of the message is where it belongs; the channel asks to be called again for the rest.
     *
     * @param progress what is done or still to do, in the channel's own words; the message stays as it is until all of it
     *     is done
     */
    record Progressed(String code, String progress) implements Outcome {}

    /**
     * Not now.
     *
     * @param reason for people
     * @param after how long the other side asked to wait; null leaves that to the dispatcher
     * @param scope whether other messages would fare the same
     * @param unsure the message may have arrived all the same
     * @param progress as in {@link Progressed}; null when nothing is done and newer states may join the message
     */
    record Retry(
            String code,
            String reason,
            @Nullable Duration after,
            Scope scope,
            boolean unsure,
            @Nullable String progress)
            implements Outcome {
        public static Retry message(String code, String reason) {
            return new Retry(code, reason, null, Scope.MESSAGE, false, null);
        }

        public static Retry channel(String code, String reason) {
            return new Retry(code, reason, null, Scope.CHANNEL, false, null);
        }

        public Retry after(@Nullable Duration wait) {
            return new Retry(code, reason, wait, scope, unsure, progress);
        }

        public Retry maybeArrived() {
            return new Retry(code, reason, after, scope, true, progress);
        }

        public Retry withProgress(@Nullable String done) {
            return new Retry(code, reason, after, scope, unsure, done);
        }
    }

    /**
     * Never: this message will not be taken as it is.
     *
     * @param reason for people
     */
    record Rejected(String code, String reason) implements Outcome {}

    /** How far a failure reaches. */
    enum Scope {
        /** This message alone. */
        MESSAGE,
        /** The channel: its other messages wait too. */
        CHANNEL
    }

    /**
     * One receiver who will not get the message.
     *
     * @param target such as a mail address; given as progress, it makes the channel deliver to that receiver alone
     */
    record Refusal(String target, String code, String reason) {}
}
