package io.emberwatch.bridge.email;

import io.emberwatch.bridge.channel.Message;
import java.util.Map;

/** What readers of a mail are offered to do. */
@FunctionalInterface
public interface MailActions {
    /** Nothing. */
    MailActions NONE = (channel, message) -> Map.of();

    /** Addresses by what they do, in order. */
    Map<String, String> of(String channel, Message message);
}
