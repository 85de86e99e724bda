package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.channel.Message;
import java.util.List;

/** What readers of a post are offered to do. */
@FunctionalInterface
public interface Buttons {
    /** Nothing. */
    Buttons NONE = (channel, place, message) -> List.of();

    /**
     * The buttons of an incident's post.
     *
     * @param channel the bridge's name of the channel
     * @param place the identifier of Mattermost's channel
     */
    List<Button> of(String channel, String place, Message message);
}
