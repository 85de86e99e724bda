package io.emberwatch.launcher;

import io.emberwatch.bridge.BridgeService;
import io.emberwatch.bridge.outbox.TopicPlace;
import io.emberwatch.push.notify.NotificationSink;
import io.emberwatch.push.notify.TopicMessage;
import java.io.IOException;
import java.time.Duration;

/** Hands the messages of notification topics to the bridge, which keeps them together with their places. */
final class BridgeTopics implements NotificationSink {
    private static final Duration WAIT = Duration.ofSeconds(2);

    private final BridgeService bridge;

    BridgeTopics(BridgeService bridge) {
        this.bridge = bridge;
    }

    @Override
    public Handover take(TopicMessage message) {
        return new Handover.Never("the message has no place in a topic");
    }

    @Override
    public Handover take(TopicMessage message, Place place) {
        TopicPlace kept = new TopicPlace(place.topic(), place.partition(), place.offset(), place.timestampMillis());
        try {
            if (message instanceof TopicMessage.Chat chat) {
                bridge.takeChat(kept, chat.description(), chat.clientUrl(), chat.details());
            } else if (message instanceof TopicMessage.Mail mail) {
                bridge.takeMail(kept, mail.subject(), mail.body(), mail.toAddresses());
            }
            return new Handover.Taken();
        } catch (IllegalArgumentException e) {
            return new Handover.Never(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Handover.Later(String.valueOf(e.getMessage()), WAIT);
        }
    }
}
