package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.render.Addresses;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One alert as a paragraph of Markdown. */
final class AlertBlock {
    private static final int MAX_VALUE = 2000;
    private static final int SMALLEST_VALUE = 20;
    private static final int MAX_LABELS = 40;
    private static final int MAX_ANNOTATIONS = 20;
    private static final Set<String> SAID_ELSEWHERE =
            Set.of("summary", "description", "message", "runbook", "runbook_url", "dashboard", "dashboard_url");

    private final Labels groupLabels;
    private final Times times;
    private final Addresses addresses;

    AlertBlock(Labels groupLabels, Times times, Addresses addresses) {
        this.groupLabels = groupLabels;
        this.times = times;
        this.addresses = addresses;
    }

    /**
     * The alert in at most {@code runes} characters; long values are cut as short as that takes.
     *
     * @param told when the state was received, to say for how long the alert has been firing
     * @param more one more link, or the empty string
     */
    String of(NotifiedAlert alert, Instant told, int runes, String more) {
        int limit = MAX_VALUE;
        String block = block(alert, told, limit, more);
        while (Clip.runes(block) > runes && limit > SMALLEST_VALUE) {
            limit /= 2;
            block = block(alert, told, limit, more);
        }
        return Clip.runes(block) > runes ? head(alert, told, SMALLEST_VALUE) : block;
    }

    private String block(NotifiedAlert alert, Instant told, int limit, String more) {
        List<String> lines = new ArrayList<>();
        lines.add(head(alert, told, limit));
        Labels annotations = alert.annotations();
        for (String name : List.of("summary", "description", "message")) {
            if (annotations.has(name)) {
                lines.add(Markdown.text(annotations.get(name), limit));
            }
        }
        for (int i = 0; i < Math.min(MAX_ANNOTATIONS, annotations.size()); i++) {
            if (!SAID_ELSEWHERE.contains(annotations.name(i))) {
                lines.add(
                        Markdown.line(annotations.name(i), limit) + ": " + Markdown.value(annotations.value(i), limit));
            }
        }
        String labels = labels(alert.labels(), limit);
        if (!labels.isEmpty()) {
            lines.add(labels);
        }
        List<String> links = new ArrayList<>();
        addresses
                .of(alert.labels(), annotations, alert.generatorUrl())
                .forEach((name, address) -> links.add(Markdown.link(name, address)));
        if (!more.isEmpty()) {
            links.add(more);
        }
        if (!links.isEmpty()) {
            lines.add(String.join(" · ", links));
        }
        return String.join("\n", lines);
    }

    private String head(NotifiedAlert alert, Instant told, int limit) {
        Instant endsAt = alert.endsAt();
        String when = endsAt == null
                ? "firing since " + times.full(alert.startsAt()) + " ("
                        + Times.span(Duration.between(alert.startsAt(), told)) + ")"
                : "fired " + times.full(alert.startsAt()) + ", resolved " + times.clock(endsAt) + " (after "
                        + Times.span(Duration.between(alert.startsAt(), endsAt)) + ")";
        return "**" + Markdown.value(alert.name(), limit) + "** · "
                + alert.severity().word() + " · " + when;
    }

    private String labels(Labels labels, int limit) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < labels.size() && words.size() < MAX_LABELS; i++) {
            String name = labels.name(i);
            if (!name.equals("alertname") && !name.equals("severity") && !groupLabels.has(name)) {
                words.add(Markdown.line(name, limit) + "=" + Markdown.value(labels.value(i), limit));
            }
        }
        return String.join(" · ", words);
    }
}
