package io.emberwatch.bridge.email;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.Payload;
import org.jspecify.annotations.Nullable;

/** Pictures of how the affected cluster has been. */
@FunctionalInterface
public interface StripSource {
    /** None. */
    StripSource NONE = message -> null;

    /** How the HTML of a mail names its picture. */
    String CONTENT_ID = "health@emberwatch";

    /** A picture of a cluster. */
    record Strip(String cluster, Payload png) {}

    /** The picture that belongs to a message, or null when there is none now. */
    @Nullable
    Strip of(Message message);
}
