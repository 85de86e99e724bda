package io.emberwatch.push.notify;

import java.time.Duration;

/** Delivers messages of the notification topics. */
@FunctionalInterface
public interface NotificationSink {
    /** Takes over a message; called by one thread per topic. */
    Handover take(TopicMessage message);

    /** Takes over a message that stands at a place; whoever keeps places can tell that it had the message before. */
    default Handover take(TopicMessage message, Place place) {
        return take(message);
    }

    /**
     * Where a message stands.
     *
     * @param timestampMillis its own time, in milliseconds since the Unix epoch
     */
    record Place(String topic, int partition, long offset, long timestampMillis) {}

    /** What became of a message. */
    sealed interface Handover {
        /** It is delivered, or kept where it will not be lost. */
        record Taken() implements Handover {}

        /** It may be taken over later. */
        record Later(String reason, Duration after) implements Handover {
            public Later {
                if (after.isZero() || after.isNegative()) {
                    throw new IllegalArgumentException(after + ": a wait must be positive");
                }
            }
        }

        /** It will never be. */
        record Never(String reason) implements Handover {}
    }
}
