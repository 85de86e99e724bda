package io.emberwatch.bridge.mattermost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.render.Addresses;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Headline;
import io.emberwatch.bridge.render.Style;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.template.Templates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final int MAX_TITLE = 200;
    private static final int MAX_PRINTED = 2000;
    // From how many alerts on a list of them is offered: they may fill more than one post.
    private static final int MANY = 20;
    private static final int MAX_UPDATE = 300;
    private static final int MAX_NAME = 64;
    private static final int MAX_VALUES = 3;
    private static final int MAX_FIELD = 40;
    // Eight fields of three values, escaped.
    private static final int FIELD_RUNES = 300;
    private static final int FIELD_BYTES = 4 * FIELD_RUNES;
    private static final int BUTTON_BYTES = 8192;
    private static final int FRAME_BYTES = 4096;
    private static final int ATTACHMENT_BYTES = 100;
    // UTF-8 takes four at most, and JSON two for what it escapes; control characters are gone by then.
    private static final int MAX_RUNE_BYTES = 4;

    private final MattermostConfig config;
    private final Times times;
    private final Addresses addresses;
    private final Templates templates;

    /** @param templateFault is called whenever a template fails */
    PostWriter(MattermostConfig config, Style style, Runnable templateFault) {
        this.templates =
                new Templates(config.template(), text -> Markdown.value(text, MAX_PRINTED), style, templateFault);
        this.config = config;
        this.times = style.times();
        this.addresses = style.addresses();
    }

    /**
     * One post of a message.
     *
     * @param from the number of the first alert that it holds
     * @param next the number of the first alert that it does not hold
     * @param total how many alerts there are
     */
    record Post(PostWriter writer, Message message, Page page, int from, int next, int total) {
        boolean isLast() {
            return next >= total;
        }

        /** The body of a request to an incoming webhook. */
        Payload body() {
            return writer.hook(message, page, from);
        }
    }

    record Block(String text, String color) {}

    /** @param link where the title leads, or the empty string */
    record Page(String title, String link, List<Block> blocks, String footer, Map<String, String> fields) {}

    /** The post that begins with the alert of number {@code from}. */
    Post write(Message message, int from, long maxBytes) {
        int runes = Math.max(
                config.maxText() / 2,
                config.maxText() - FRAME_RUNES - FIELD_RUNES * config.fields().size());
        long room = maxBytes
                - FRAME_BYTES
                - FIELD_BYTES * (long) config.fields().size()
                - (config.isBot() ? BUTTON_BYTES : 0);
        AtomicBoolean failed = new AtomicBoolean();
        Blocks blocks = blocks(message, failed, (int) Math.min(runes, room / MAX_RUNE_BYTES));
        int begin = Math.min(from, blocks.count());
        List<Block> held = new ArrayList<>();
        long usedRunes = 0;
        long usedBytes = 0;
        while (begin + held.size() < blocks.count()) {
            Block block = blocks.at(begin + held.size());
            usedRunes += Clip.runes(block.text()) + 2;
            usedBytes += JsonStringEncoder.getInstance().quoteAsUTF8(block.text()).length + ATTACHMENT_BYTES;
            if (!held.isEmpty() && (usedRunes > runes || usedBytes > room)) {
                break;
            }
            held.add(block);
        }
        int end = begin + held.size();
        String range =
                held.size() == blocks.count() ? "" : " (" + (begin + 1) + "–" + end + " of " + blocks.count() + ")";
        String written = templates.title(message, failed);
        String title = Markdown.title(
                (written == null ? title(message.content(), message.incident()) : Clip.to(written, MAX_TITLE)) + range);
        return new Post(
                this,
                message,
                new Page(
                        title,
                        addresses.incident(message.incident().id()),
                        held,
                        footer(message, failed.get()),
                        fields(message)),
                begin,
                end,
                blocks.count());
    }

    private static String title(Message.Content content, Message.Incident incident) {
        if (content instanceof Message.Alerts alerts) {
            return Headline.of(incident.groupLabels(), alerts.alerts());
        } else if (content instanceof Message.Digest digest) {
            return DigestText.title(digest);
        } else if (content instanceof Message.Letter letter) {
            return Clip.to(letter.subject(), MAX_TITLE);
        }
        return Clip.to(((Message.Notice) content).title(), MAX_TITLE);
    }

    // Blocks are written when they are asked for: a post of a large message needs few of them.
    private record Blocks(int count, IntFunction<Block> writer) {
        Block at(int index) {
            return writer.apply(index);
        }
    }

    private Blocks blocks(Message message, AtomicBoolean failed, int runes) {
        if (message.content() instanceof Message.Alerts alerts) {
            AlertBlock writer = new AlertBlock(message.incident().groupLabels(), times, addresses);
            // The notes stand above the first alert, so that the number of blocks is the number of alerts.
            String notes = Clip.to(notes(alerts, message.standing()), runes / 2);
            String more = more(message, alerts, runes / 4);
            return new Blocks(alerts.alerts().size(), index -> {
                NotifiedAlert alert = alerts.alerts().get(index);
                boolean noted = index == 0 && !notes.isEmpty();
                int room = noted ? runes - Clip.runes(notes) - 2 : runes;
                String written = templates.alert(message, alert, failed);
                String text = written == null || Clip.runes(written) > room
                        ? writer.of(alert, alerts.at(), room, index == 0 ? more : "")
                        : written;
                return new Block(noted ? notes + "\n\n" + text : text, color(alert));
            });
        }
        if (message.content() instanceof Message.Digest digest) {
            List<DigestText.Part> parts = DigestText.parts(digest, runes);
            return new Blocks(parts.size(), index -> new Block(parts.get(index).text(), color(parts.get(index))));
        }
        if (message.content() instanceof Message.Letter letter) {
            return new Blocks(1, index -> new Block(Markdown.text(letter.body(), runes / 2), BLUE));
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

    private static String color(DigestText.Part part) {
        return part.firing() ? color(part.severity()) : GREEN;
    }

    private static String color(Severity severity) {
        return switch (severity) {
            case CRITICAL -> RED;
            case WARNING -> AMBER;
            case INFO -> BLUE;
        };
    }

    private String notes(Message.Alerts alerts, Message.Standing standing) {
        List<String> notes = new ArrayList<>(standing(standing));
        alerts.updates().stream()
                .filter(update -> !isSaid(update, standing))
                .forEach(update -> notes.add(Markdown.line(update, MAX_UPDATE)));
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

    // The sentence about how things stand now says the same, and more.
    private static boolean isSaid(String update, Message.Standing standing) {
        return (!standing.acknowledged().isEmpty() && update.startsWith("acknowledged by "))
                || (!standing.silenced().isEmpty() && update.startsWith("silenced for "));
    }

    private String more(Message message, Message.Alerts alerts, int limit) {
        List<String> links = new ArrayList<>();
        String silence = silence(alerts, limit);
        if (!silence.isEmpty()) {
            links.add(silence);
        }
        String all = addresses.alerts(message.incident().id());
        if (!all.isEmpty() && alerts.alerts().size() >= MANY) {
            links.add(Markdown.link("all " + alerts.alerts().size() + " alerts", all));
            links.add(Markdown.link("as CSV", all + "&format=csv"));
        }
        return String.join(" · ", links);
    }

    // A bot's post has buttons for it.
    private String silence(Message.Alerts alerts, int limit) {
        if (config.isBot() || !alerts.isFiring()) {
            return "";
        }
        String address = addresses.silence(
                alerts.sender(),
                NotifiedAlert.shared(
                        alerts.alerts().stream().filter(NotifiedAlert::isFiring).toList()));
        return address.isEmpty() || address.length() > limit
                ? ""
                : Markdown.link(alerts.firing() > 1 ? "silence all" : "silence", address);
    }

    private List<String> standing(Message.Standing standing) {
        List<String> notes = new ArrayList<>();
        String end = standing.until() == null ? "" : " until " + times.full(standing.until());
        if (standing.flaps() > 0) {
            notes.add("Flapping: it has come back " + standing.flaps() + " times.");
        }
        if (!standing.acknowledged().isEmpty()) {
            String silence =
                    standing.silence().isEmpty() ? "" : ", silence " + Markdown.value(standing.silence(), MAX_NAME);
            notes.add("Acknowledged by " + Markdown.value(standing.acknowledged(), MAX_NAME) + silence + ".");
        }
        if (!standing.silenced().isEmpty()) {
            notes.add("Silenced by " + Markdown.value(standing.silenced(), MAX_NAME) + end + ", silence "
                    + Markdown.value(standing.silence(), MAX_NAME) + ".");
        }
        return notes;
    }

    // Values that several alerts have are listed; what most alerts lack is left out.
    private Map<String, String> fields(Message message) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (message.content() instanceof Message.Alerts alerts) {
            for (String name : config.fields()) {
                List<String> values = alerts.alerts().stream()
                        .map(alert -> alert.labels().get(name))
                        .filter(value -> !value.isEmpty())
                        .distinct()
                        .limit(MAX_VALUES + 1)
                        .toList();
                if (!values.isEmpty()) {
                    List<String> shown = values.stream()
                            .limit(MAX_VALUES)
                            .map(value -> Markdown.value(value, MAX_FIELD))
                            .toList();
                    fields.put(name, String.join(", ", shown) + (values.size() > MAX_VALUES ? ", …" : ""));
                }
            }
        }
        return fields;
    }

    private String footer(Message message, boolean failed) {
        String about = "incident " + message.incident().id()
                + (message.incident().receiver().isEmpty()
                        ? ""
                        : " · " + Clip.to(Clip.oneLine(message.incident().receiver()), 100));
        return Markdown.title(about + " · " + times.full(message.content().at())
                + (failed ? " · the template failed, this is the built-in text" : ""));
    }

    private Payload hook(Message message, Page page, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            optional(json, "channel", config.channel());
            optional(json, "username", config.username());
            optional(json, "icon_url", config.iconUrl());
            optional(json, "icon_emoji", config.iconEmoji());
            SeverityStyle style = from == 0 && isFiring(message)
                    ? config.style(message.content().severity())
                    : SeverityStyle.PLAIN;
            json.writeStringField("text", style.mention() == null ? "" : style.mention());
            priority(json, style);
            json.writeObjectFieldStart("props");
            json.writeStringField("em_incident", message.incident().id());
            json.writeNumberField("em_seq", message.incident().seq());
            json.writeNumberField("em_from", from);
            json.writeEndObject();
            attachments(json, page, List.of());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return Payload.of(out.toByteArray());
    }

    static boolean isFiring(Message message) {
        return message.content() instanceof Message.Alerts alerts && alerts.isFiring();
    }

    static void priority(JsonGenerator json, SeverityStyle style) throws IOException {
        if (style.priority() != null) {
            json.writeObjectFieldStart("priority");
            json.writeStringField("priority", style.priority());
            json.writeBooleanField("requested_ack", style.requestedAck());
            json.writeEndObject();
        }
    }

    /** Writes the member {@code attachments}: one for each run of alerts of one colour. */
    void attachments(JsonGenerator json, Page page, List<Button> buttons) throws IOException {
        json.writeArrayFieldStart("attachments");
        List<Block> run = new ArrayList<>();
        boolean first = true;
        for (int i = 0; i < page.blocks().size(); i++) {
            Block block = page.blocks().get(i);
            run.add(block);
            boolean last = i + 1 == page.blocks().size();
            if (last || !page.blocks().get(i + 1).color().equals(block.color())) {
                attachment(json, page, run, new Place(first, last, last ? buttons : List.of()));
                run.clear();
                first = false;
            }
        }
        json.writeEndArray();
    }

    private record Place(boolean first, boolean last, List<Button> buttons) {}

    private void attachment(JsonGenerator json, Page page, List<Block> blocks, Place place) throws IOException {
        json.writeStartObject();
        json.writeStringField("color", blocks.get(0).color());
        if (place.first()) {
            json.writeStringField("fallback", page.title());
            json.writeStringField("title", page.title());
            if (!page.link().isEmpty()) {
                json.writeStringField("title_link", page.link());
            }
        }
        json.writeStringField(
                "text", String.join("\n\n", blocks.stream().map(Block::text).toList()));
        if (place.first() && !page.fields().isEmpty()) {
            fields(json, page.fields());
        }
        if (place.last()) {
            json.writeStringField("footer", page.footer());
        }
        if (!place.buttons().isEmpty()) {
            json.writeArrayFieldStart("actions");
            for (Button button : place.buttons()) {
                write(json, button);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, Map<String, String> fields) throws IOException {
        json.writeArrayFieldStart("fields");
        for (Map.Entry<String, String> field : fields.entrySet()) {
            json.writeStartObject();
            json.writeStringField("title", Markdown.title(field.getKey()));
            json.writeStringField("value", field.getValue());
            json.writeBooleanField("short", true);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Button button) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", button.id());
        json.writeStringField("name", button.name());
        json.writeStringField("type", "button");
        json.writeStringField("style", button.style());
        json.writeObjectFieldStart("integration");
        json.writeStringField("url", button.url());
        json.writeObjectFieldStart("context");
        for (Map.Entry<String, String> entry : new TreeMap<>(button.context()).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
