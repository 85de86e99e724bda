package io.emberwatch.bridge.mattermost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Headline;
import io.emberwatch.bridge.render.Links;
import io.emberwatch.bridge.render.Times;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message as one or more posts. A post ends between two alerts, never within one, and shows no more characters
 * and takes no more bytes than it may; the rest goes into the next.
 */
final class PostWriter {
    static final String GREEN = "#2eb886";
    static final String RED = "#a30200";
    static final String AMBER = "#daa038";
    static final String BLUE = "#439fe0";

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_NOTE = 4000;
    // The title with its zero-width spaces, the footer, and the count of alerts.
    private static final int FRAME_RUNES = 700;
    private static final int FRAME_BYTES = 4096;
    private static final int ATTACHMENT_BYTES = 100;
    // UTF-8 takes four at most, and JSON two for what it escapes; control characters are gone by then.
    private static final int MAX_RUNE_BYTES = 4;

    private final MattermostConfig config;
    private final Times times;
    private final @Nullable String externalUrl;

    PostWriter(MattermostConfig config, Times times, @Nullable String externalUrl) {
        this.config = config;
        this.times = times;
        this.externalUrl = externalUrl;
    }

    /**
     * A request body.
     *
     * @param next the number of the first alert that it does not hold
     * @param total how many alerts there are
     */
    record Post(Payload body, int next, int total) {
        boolean isLast() {
            return next >= total;
        }
    }

    private record Block(String text, String color) {}

    private record Page(String title, List<Block> blocks, String footer) {}

    /** The post that begins with the alert of number {@code from}. */
    Post write(Message message, int from, long maxBytes) {
        int runes = config.maxText() - FRAME_RUNES;
        Blocks blocks = blocks(message, (int) Math.min(runes, (maxBytes - FRAME_BYTES) / MAX_RUNE_BYTES));
        int begin = Math.min(from, blocks.count());
        List<Block> held = new ArrayList<>();
        long usedRunes = 0;
        long usedBytes = 0;
        while (begin + held.size() < blocks.count()) {
            Block block = blocks.at(begin + held.size());
            usedRunes += Clip.runes(block.text()) + 2;
            usedBytes += JsonStringEncoder.getInstance().quoteAsUTF8(block.text()).length + ATTACHMENT_BYTES;
            if (!held.isEmpty() && (usedRunes > runes || usedBytes > maxBytes - FRAME_BYTES)) {
                break;
            }
            held.add(block);
        }
        int end = begin + held.size();
        String range =
                held.size() == blocks.count() ? "" : " (" + (begin + 1) + "–" + end + " of " + blocks.count() + ")";
        String title = Markdown.title(title(message.content(), message.incident()) + range);
        return new Post(json(message, new Page(title, held, footer(message)), begin), end, blocks.count());
    }

    private static String title(Message.Content content, Message.Incident incident) {
        return content instanceof Message.Alerts alerts
                ? Headline.of(incident.groupLabels(), alerts.alerts())
                : Clip.to(((Message.Notice) content).title(), 200);
    }

    // Blocks are written when they are asked for: a post of a large message needs few of them.
    private record Blocks(int count, IntFunction<Block> writer) {
        Block at(int index) {
            return writer.apply(index);
        }
    }

    private Blocks blocks(Message message, int runes) {
        if (message.content() instanceof Message.Alerts alerts) {
            AlertBlock writer = new AlertBlock(message.incident().groupLabels(), times);
            // The notes stand above the first alert, so that the number of blocks is the number of alerts.
            String notes = Clip.to(notes(alerts), runes / 2);
            return new Blocks(alerts.alerts().size(), index -> {
                NotifiedAlert alert = alerts.alerts().get(index);
                boolean noted = index == 0 && !notes.isEmpty();
                String text = writer.of(alert, alerts.at(), noted ? runes - Clip.runes(notes) - 2 : runes);
                return new Block(noted ? notes + "\n\n" + text : text, color(alert));
            });
        }
        Message.Notice notice = (Message.Notice) message.content();
        List<String> texts = new ArrayList<>(notice.texts());
        if (notice.omitted() > 0) {
            texts.add("and " + notice.omitted() + " more");
        }
        return new Blocks(
                texts.size(),
                index -> new Block(
                        Markdown.text(texts.get(index), Math.min(MAX_NOTE, runes / 2)), color(notice.severity())));
    }

    private static String color(NotifiedAlert alert) {
        return alert.isFiring() ? color(alert.severity()) : GREEN;
    }

    private static String color(Severity severity) {
        return switch (severity) {
            case CRITICAL -> RED;
            case WARNING -> AMBER;
            case INFO -> BLUE;
        };
    }

    private String notes(Message.Alerts alerts) {
        List<String> notes = new ArrayList<>();
        Message.Tally tally = alerts.tally();
        if (tally.replayed()) {
            notes.add("Sent again: this is how things were at " + times.full(alerts.at()) + ".");
        }
        if (tally.repeats() > 0) {
            notes.add("Still so, told " + (tally.repeats() + 1) + " times.");
        }
        if (tally.truncated() > 0) {
            notes.add(tally.truncated() + " more alerts were left out by the sender.");
        }
        if (tally.states() > 1) {
            List<String> steps = alerts.history().stream()
                    .map(state -> times.clock(state.at()) + " " + state.firing() + " firing, " + state.resolved()
                            + " resolved")
                    .toList();
            int omitted = tally.states() - steps.size();
            notes.add("What happened meanwhile: " + String.join("; ", steps)
                    + (omitted > 0 ? "; " + omitted + " more changes" : "") + ".");
        }
        return String.join("\n", notes);
    }

    private String footer(Message message) {
        String about = "incident " + message.incident().id()
                + (message.incident().receiver().isEmpty()
                        ? ""
                        : " · " + Clip.to(Clip.oneLine(message.incident().receiver()), 100));
        return Markdown.title(about + " · " + times.full(message.content().at()));
    }

    private Payload json(Message message, Page page, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            optional(json, "channel", config.channel());
            optional(json, "username", config.username());
            optional(json, "icon_url", config.iconUrl());
            optional(json, "icon_emoji", config.iconEmoji());
            json.writeStringField("text", "");
            json.writeObjectFieldStart("props");
            json.writeStringField("em_incident", message.incident().id());
            json.writeNumberField("em_seq", message.incident().seq());
            json.writeNumberField("em_from", from);
            json.writeEndObject();
            json.writeArrayFieldStart("attachments");
            List<Block> run = new ArrayList<>();
            boolean first = true;
            for (int i = 0; i < page.blocks().size(); i++) {
                Block block = page.blocks().get(i);
                run.add(block);
                boolean last = i + 1 == page.blocks().size();
                if (last || !page.blocks().get(i + 1).color().equals(block.color())) {
                    attachment(json, page, run, new Place(first, last));
                    run.clear();
                    first = false;
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return Payload.of(out.toByteArray());
    }

    private record Place(boolean first, boolean last) {}

    private void attachment(JsonGenerator json, Page page, List<Block> blocks, Place place) throws IOException {
        json.writeStartObject();
        json.writeStringField("color", blocks.get(0).color());
        if (place.first()) {
            json.writeStringField("fallback", page.title());
            json.writeStringField("title", page.title());
            String link = externalUrl == null ? "" : Links.safe(externalUrl);
            if (!link.isEmpty()) {
                json.writeStringField("title_link", link);
            }
        }
        json.writeStringField(
                "text", String.join("\n\n", blocks.stream().map(Block::text).toList()));
        if (place.last()) {
            json.writeStringField("footer", page.footer());
        }
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
