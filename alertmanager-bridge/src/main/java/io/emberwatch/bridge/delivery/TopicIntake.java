package io.emberwatch.bridge.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.outbox.InboxRow;
import io.emberwatch.bridge.outbox.Noticed;
import io.emberwatch.bridge.outbox.OutboxException;
import io.emberwatch.bridge.outbox.TopicPlace;
import io.emberwatch.bridge.render.Clip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages of notification topics. The place in the topic is put down in the same transaction as the message, so
 * that a message that is read again is not delivered again.
 */
public final class TopicIntake {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_TITLE = 200;

    private final Inlet inlet;
    private final Targets targets;
    private final InstantSource clock;
    private final Counts counts;

    /** Which channels get what. */
    public record Targets(List<String> chat, List<String> mail) {
        public Targets {
            chat = List.copyOf(chat);
            mail = List.copyOf(mail);
        }
    }

    /** How many messages were taken. */
    public record Counts(LongAdder chats, LongAdder mails) {}

    public TopicIntake(Inlet inlet, Targets targets, InstantSource clock, Counts counts) {
        this.inlet = inlet;
        this.targets = targets;
        this.clock = clock;
        this.counts = counts;
    }

    /**
     * Takes a chat message; on return it is on disk.
     *
     * @param url where to look, or null
     * @param details more text, or null
     * @throws IllegalArgumentException when there is nobody to deliver it to
     */
    public void chat(TopicPlace place, String description, @Nullable String url, @Nullable String details)
            throws OutboxException {
        require(targets.chat(), "chat");
        String text = description + (url == null ? "" : "\n" + url) + (details == null ? "" : "\n" + details);
        String first = description.lines().findFirst().orElse("");
        inlet.topic(
                new Noticed(
                        InboxRow.CHAT,
                        "chat",
                        place.topic() + "/" + place.partition(),
                        Clip.to(Clip.oneLine(first), MAX_TITLE),
                        text,
                        Payload.EMPTY,
                        targets.chat(),
                        clock.instant()),
                place);
        counts.chats().increment();
    }

    /** Takes a mail; on return it is on disk. */
    public void mail(TopicPlace place, String subject, String body, List<String> to) throws OutboxException {
        require(targets.mail(), "mail");
        ObjectNode mail = JSON.createObjectNode();
        mail.put("body", body);
        to.forEach(mail.putArray("to")::add);
        try {
            inlet.topic(
                    new Noticed(
                            InboxRow.MAIL,
                            "mail",
                            place.topic() + "/" + place.partition() + "/" + place.offset(),
                            Clip.to(Clip.oneLine(subject), MAX_TITLE),
                            "to " + String.join(", ", to),
                            Payload.of(JSON.writeValueAsBytes(mail)),
                            targets.mail(),
                            clock.instant()),
                    place);
        } catch (OutboxException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        counts.mails().increment();
    }

    private static void require(List<String> channels, String kind) {
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("no channel of the bridge takes a " + kind + " message");
        }
    }
}
