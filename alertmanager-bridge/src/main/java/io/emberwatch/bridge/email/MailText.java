package io.emberwatch.bridge.email;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Html;
import io.emberwatch.bridge.render.Links;
import io.emberwatch.bridge.render.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a message as plain text and as HTML, both saying the same. */
final class MailText {
    private static final int MAX_VALUE = 2000;
    private static final int MAX_PAIRS = 40;
    private static final int MAX_LETTER = 100_000;

    private final EmailConfig config;
    private final Times times;
    private final MailActions actions;
    private final String externalUrl;

    MailText(EmailConfig config, Times times, @Nullable String externalUrl, MailActions actions) {
        this.actions = actions;
        this.config = config;
        this.times = times;
        this.externalUrl = externalUrl == null ? "" : Links.safe(externalUrl);
    }

    /** The two bodies. */
    record Bodies(String text, String html) {}

    /** One paragraph of a mail, before it is text or HTML. */
    private record Section(
            String title,
            String subtitle,
            String color,
            List<String> lines,
            Map<String, String> pairs,
            Map<String, String> links) {}

    /** @param strip a picture that the mail holds, or null */
    Bodies write(String headline, Message message, StripSource.@Nullable Strip strip) {
        List<String> notes = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        if (message.content() instanceof Message.Alerts alerts) {
            notes.addAll(notes(message.standing()));
            notes.addAll(notes(alerts));
            for (NotifiedAlert alert : alerts.alerts()) {
                sections.add(section(alert, alerts.at()));
            }
        } else if (message.content() instanceof Message.Digest digest) {
            digest.incidents().forEach(brief -> sections.add(section(brief)));
        } else if (message.content() instanceof Message.Letter letter) {
            sections.add(new Section(
                    "",
                    "",
                    color(letter.severity()),
                    List.of(Clip.to(Clip.paragraphs(letter.body()), MAX_LETTER)),
                    Map.of(),
                    Map.of()));
        } else if (message.content() instanceof Message.Notice notice) {
            for (String text : notice.texts()) {
                sections.add(new Section(
                        "",
                        "",
                        color(notice.severity()),
                        List.of(Clip.to(Clip.paragraphs(text), MAX_VALUE)),
                        Map.of(),
                        Map.of()));
            }
            if (notice.omitted() > 0) {
                notes.add("And " + notice.omitted() + " more.");
            }
        }
        return fit(headline, notes, sections, new Frame(message, strip));
    }

    private record Frame(Message message, StripSource.@Nullable Strip strip) {}

    private Bodies fit(String headline, List<String> notes, List<Section> sections, Frame frame) {
        StringBuilder text = new StringBuilder(headline).append("\n\n");
        StringBuilder html =
                new StringBuilder(HEAD).append("<h2>").append(escape(headline)).append("</h2>\n");
        for (String note : notes) {
            text.append(note).append("\n");
            html.append("<p>").append(escape(note)).append("</p>\n");
        }
        StripSource.Strip strip = frame.strip();
        if (strip != null) {
            html.append("<p><img src=\"cid:")
                    .append(StripSource.CONTENT_ID)
                    .append("\" alt=\"")
                    .append(Html.escape("health of " + strip.cluster() + " by hour"))
                    .append("\" style=\"max-width:100%\"></p>\n");
        }
        int shown = 0;
        // Quoted-printable makes three bytes of one in the worst case.
        long room = config.maxSize().bytes() / 4;
        for (Section section : sections) {
            String asText = text(section);
            String asHtml = html(section);
            room -= asText.length() + asHtml.length();
            if (shown >= config.maxAlerts() || (room < 0 && shown > 0)) {
                break;
            }
            text.append("\n").append(asText);
            html.append(asHtml);
            shown++;
        }
        if (shown < sections.size()) {
            String more = "And " + (sections.size() - shown) + " more alerts.";
            text.append("\n").append(more).append("\n");
            html.append("<p>").append(more).append("</p>\n");
        }
        actions(frame.message(), text, html);
        footer(frame.message(), text, html);
        return new Bodies(text.toString(), html.append("</body></html>\n").toString());
    }

    private static final String HEAD = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>"
            + "<body style=\"font-family:sans-serif;font-size:14px\">\n";

    private void actions(Message message, StringBuilder text, StringBuilder html) {
        Map<String, String> offered = actions.of(config.name(), message);
        if (!offered.isEmpty()) {
            html.append("<p>");
            text.append("\n");
            offered.forEach((name, address) -> {
                text.append(name).append(": ").append(address).append("\n");
                html.append(anchor(name, address)).append(" &nbsp; ");
            });
            html.append("</p>\n");
        }
    }

    private void footer(Message message, StringBuilder text, StringBuilder html) {
        String about = "Incident " + message.incident().id() + ", receiver "
                + Clip.oneLine(message.incident().receiver()) + ", told "
                + times.full(message.content().at());
        text.append("\n-- \n").append(about).append("\n");
        html.append("<p style=\"color:#777\">").append(escape(about));
        if (!externalUrl.isEmpty()) {
            text.append(externalUrl).append("\n");
            html.append(" · ").append(anchor("Emberwatch", externalUrl));
        }
        html.append("</p>\n");
    }

    private List<String> notes(Message.Standing standing) {
        List<String> notes = new ArrayList<>();
        if (standing.flaps() > 0) {
            notes.add("Flapping: it has come back " + standing.flaps() + " times.");
        }
        if (!standing.acknowledged().isEmpty()) {
            notes.add("Acknowledged by " + Clip.oneLine(standing.acknowledged()) + ".");
        }
        if (!standing.silenced().isEmpty()) {
            notes.add("Silenced by " + Clip.oneLine(standing.silenced())
                    + (standing.until() == null ? "" : " until " + times.full(standing.until())) + ".");
        }
        return notes;
    }

    private List<String> notes(Message.Alerts alerts) {
        List<String> notes = new ArrayList<>();
        alerts.updates().forEach(update -> notes.add(Clip.oneLine(update)));
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
            notes.add("What happened meanwhile:");
            for (Message.State state : alerts.history()) {
                notes.add("  " + times.full(state.at()) + ": " + state.firing() + " firing, " + state.resolved()
                        + " resolved");
            }
            if (tally.states() > alerts.history().size()) {
                notes.add("  and " + (tally.states() - alerts.history().size()) + " more changes");
            }
        }
        return notes;
    }

    private static Section section(Message.Brief brief) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(MAX_PAIRS, brief.labels().size()); i++) {
            pairs.put(
                    Clip.oneLine(brief.labels().name(i)),
                    Clip.to(Clip.oneLine(brief.labels().value(i)), MAX_VALUE));
        }
        return new Section(
                Clip.to(Clip.oneLine(brief.name()), MAX_VALUE),
                brief.severity().word() + (brief.firing() > 0 ? ", firing" : ", resolved"),
                brief.firing() > 0 ? color(brief.severity()) : "#2eb886",
                List.of(),
                pairs,
                Map.of());
    }

    private Section section(NotifiedAlert alert, Instant told) {
        Instant endsAt = alert.endsAt();
        String when = endsAt == null
                ? "firing since " + times.full(alert.startsAt()) + " ("
                        + Times.span(Duration.between(alert.startsAt(), told)) + ")"
                : "fired " + times.full(alert.startsAt()) + ", resolved " + times.full(endsAt) + " (after "
                        + Times.span(Duration.between(alert.startsAt(), endsAt)) + ")";
        List<String> lines = new ArrayList<>();
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < alert.annotations().size() && pairs.size() < MAX_PAIRS; i++) {
            String name = alert.annotations().name(i);
            String value = Clip.to(Clip.paragraphs(alert.annotations().value(i)), MAX_VALUE);
            if (name.equals("summary")) {
                lines.add(0, value);
            } else if (name.equals("description") || name.equals("message")) {
                lines.add(value);
            } else {
                pairs.put(Clip.oneLine(name), Clip.oneLine(value));
            }
        }
        for (int i = 0; i < alert.labels().size() && pairs.size() < 2 * MAX_PAIRS; i++) {
            String name = alert.labels().name(i);
            if (!name.equals("alertname") && !name.equals("severity")) {
                pairs.putIfAbsent(
                        Clip.oneLine(name), Clip.to(Clip.oneLine(alert.labels().value(i)), MAX_VALUE));
            }
        }
        return new Section(
                Clip.to(Clip.oneLine(alert.name()), MAX_VALUE),
                alert.severity().word() + ", " + when,
                alert.isFiring() ? color(alert.severity()) : "#2eb886",
                lines,
                pairs,
                Links.of(alert.annotations(), alert.generatorUrl()));
    }

    private static String color(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "#a30200";
            case WARNING -> "#daa038";
            case INFO -> "#439fe0";
        };
    }

    private static String text(Section section) {
        StringBuilder text = new StringBuilder();
        if (!section.title().isEmpty()) {
            text.append("* ")
                    .append(section.title())
                    .append(" (")
                    .append(section.subtitle())
                    .append(")\n");
        }
        section.lines()
                .forEach(line ->
                        text.append("  ").append(line.replace("\n", "\n  ")).append("\n"));
        section.pairs()
                .forEach((name, value) -> text.append("    ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append("\n"));
        section.links()
                .forEach((name, address) -> text.append("    ")
                        .append(name)
                        .append(": ")
                        .append(address)
                        .append("\n"));
        return text.toString();
    }

    private static String html(Section section) {
        StringBuilder html = new StringBuilder("<div style=\"border-left:4px solid ")
                .append(section.color())
                .append(";padding-left:8px;margin-bottom:12px\">\n");
        if (!section.title().isEmpty()) {
            html.append("<b>").append(escape(section.title())).append("</b> ");
            html.append(escape(section.subtitle())).append("<br>\n");
        }
        section.lines()
                .forEach(line ->
                        html.append(escape(line).replace("\n", "<br>\n")).append("<br>\n"));
        if (!section.pairs().isEmpty()) {
            html.append("<table>\n");
            section.pairs()
                    .forEach((name, value) -> html.append("<tr><td style=\"color:#777\">")
                            .append(escape(name))
                            .append("</td><td>")
                            .append(escape(value))
                            .append("</td></tr>\n"));
            html.append("</table>\n");
        }
        section.links()
                .forEach((name, address) -> html.append(anchor(name, address)).append("\n"));
        return html.append("</div>\n").toString();
    }

    private static String anchor(String label, String address) {
        return "<a href=\"" + escape(address) + "\">" + escape(label) + "</a>";
    }

    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }
}
