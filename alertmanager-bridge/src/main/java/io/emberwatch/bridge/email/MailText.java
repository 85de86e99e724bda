package io.emberwatch.bridge.email;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.render.Addresses;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Html;
import io.emberwatch.bridge.render.Links;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.template.Templates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Writes a message as plain text and as HTML, both saying the same. */
final class MailText {
    // Shown as links, where they are any.
    private static final Set<String> LINKED = Set.of("runbook", "runbook_url", "dashboard", "dashboard_url");
    private static final int MAX_VALUE = 2000;
    private static final int MAX_PAIRS = 40;
    private static final int MAX_LETTER = 100_000;

    private final EmailConfig config;
    private final Times times;
    private final Addresses addresses;
    private final MailActions actions;
    private final Templates templates;

    MailText(EmailConfig config, EmailChannel.Surroundings around, Templates templates) {
        this.config = config;
        this.times = around.style().times();
        this.addresses = around.style().addresses();
        this.actions = around.actions();
        this.templates = templates;
    }

    /** The two bodies. */
    record Bodies(String text, String html) {}

    /**
     * One paragraph of a mail, before it is text or HTML.
     *
     * @param markup what stands in the HTML instead of the lines, or null
     */
    private record Section(
            String title,
            String subtitle,
            String color,
            List<String> lines,
            Map<String, String> pairs,
            Map<String, String> links,
            @Nullable String markup) {
        Section with(String other) {
            return new Section(title, subtitle, color, lines, pairs, links, other);
        }

        /** A text without a title. */
        static Section text(String color, String text) {
            return new Section("", "", color, List.of(text), Map.of(), Map.of(), null);
        }
    }

    /** @param strip a picture that the mail holds, or null */
    Bodies write(String headline, Message message, StripSource.@Nullable Strip strip) {
        List<String> notes = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        AtomicBoolean failed = new AtomicBoolean();
        int count = 0;
        if (message.content() instanceof Message.Alerts alerts) {
            notes.addAll(notes(message.standing()));
            notes.addAll(notes(alerts));
            alerts.alerts().stream()
                    .limit(config.maxAlerts())
                    .forEach(alert -> sections.add(section(message, alert, alerts.at(), failed)));
            count = alerts.alerts().size();
        } else if (message.content() instanceof Message.Digest digest) {
            digest.incidents().forEach(brief -> sections.add(section(brief)));
        } else if (message.content() instanceof Message.Letter letter) {
            sections.add(Section.text(color(letter.severity()), Clip.to(Clip.paragraphs(letter.body()), MAX_LETTER)));
        } else if (message.content() instanceof Message.Notice notice) {
            for (String text : notice.texts()) {
                sections.add(Section.text(color(notice.severity()), Clip.to(Clip.paragraphs(text), MAX_VALUE)));
            }
            if (notice.omitted() > 0) {
                notes.add("And " + notice.omitted() + " more.");
            }
        }
        if (failed.get()) {
            notes.add("The template failed, this is the built-in text.");
        }
        return fit(headline, notes, sections, new Frame(message, strip, Math.max(count, sections.size())));
    }

    /** @param count how many sections there would be */
    private record Frame(Message message, StripSource.@Nullable Strip strip, int count) {}

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
            if (room < 0 && shown > 0) {
                break;
            }
            text.append("\n").append(asText);
            html.append(asHtml);
            shown++;
        }
        if (shown < frame.count()) {
            String more = "And " + (frame.count() - shown) + " more alerts.";
            String all = addresses.alerts(frame.message().incident().id());
            text.append("\n").append(more).append("\n");
            html.append("<p>").append(more);
            if (!all.isEmpty()) {
                text.append("All of them: ").append(all).append("\n");
                html.append(" ").append(anchor("All of them", all));
            }
            html.append("</p>\n");
        }
        actions(frame.message(), text, html);
        footer(frame.message(), text, html);
        return new Bodies(text.toString(), html.append("</body></html>\n").toString());
    }

    private static final String HEAD = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width\">"
            + "<meta name=\"color-scheme\" content=\"light dark\"></head>\n"
            // On a telephone a long path is broken rather than pushed out of sight.
            + "<body style=\"font-family:sans-serif;font-size:14px;overflow-wrap:anywhere\">\n";

    private void actions(Message message, StringBuilder text, StringBuilder html) {
        Map<String, String> offered = new LinkedHashMap<>(actions.of(config.name(), message));
        if (message.content() instanceof Message.Alerts alerts && alerts.isFiring()) {
            String silence = addresses.silence(
                    alerts.sender(),
                    NotifiedAlert.shared(alerts.alerts().stream()
                            .filter(NotifiedAlert::isFiring)
                            .toList()));
            if (!silence.isEmpty()) {
                offered.put("Silence at Alertmanager", silence);
            }
        }
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
        String page = addresses.incident(message.incident().id());
        if (!page.isEmpty()) {
            text.append(page).append("\n");
            html.append(" · ").append(anchor("what became of it", page));
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
                Map.of(),
                null);
    }

    private Section section(Message message, NotifiedAlert alert, Instant told, AtomicBoolean failed) {
        String written = templates.alert(message, alert, failed);
        String markup = templates.html(message, alert, failed);
        Section built = section(alert, told);
        if (written == null) {
            return markup == null ? built : built.with(markup);
        }
        return new Section(
                "",
                "",
                built.color(),
                List.of(Clip.to(Clip.paragraphs(written), MAX_LETTER)),
                Map.of(),
                Map.of(),
                markup);
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
            } else if (!isLinked(name, value)) {
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
                addresses.of(alert.labels(), alert.annotations(), alert.generatorUrl()),
                null);
    }

    private static boolean isLinked(String name, String value) {
        return LINKED.contains(name)
                && (value.startsWith("/") || !Links.safe(value).isEmpty());
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
        if (section.markup() != null) {
            return html.append(section.markup()).append("\n</div>\n").toString();
        }
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
                    .forEach((name, value) -> html.append(
                                    "<tr><td style=\"color:#777;vertical-align:top;white-space:nowrap\">")
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
