package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.List;

/** Many incidents as few paragraphs: those of one name, severity and state stand together, every one with its labels. */
final class DigestText {
    private static final int MAX_BRIEFS = 40;
    private static final int MAX_VALUE = 100;
    private static final int MAX_LABELS = 6;

    private DigestText() {}

    /**
     * One paragraph. It is written when it is asked for: a post of a large digest holds few of them.
     *
     * @param incidents those that it tells of, which are alike; at least one
     * @param runes at most how many characters it may take
     */
    record Part(List<Message.Brief> incidents, int runes) {
        Severity severity() {
            return incidents.get(0).severity();
        }

        boolean firing() {
            return incidents.get(0).firing() > 0;
        }

        String text() {
            StringBuilder text = new StringBuilder("**")
                    .append(Markdown.value(incidents.get(0).name(), MAX_VALUE))
                    .append("** · ")
                    .append(severity().word())
                    .append(firing() ? " · firing: " : " · resolved: ")
                    .append(incidents.size());
            int limit = Math.min(MAX_VALUE, Math.max(4, runes / (incidents.size() * MAX_LABELS * 4)));
            for (Message.Brief brief : incidents) {
                text.append('\n').append(labels(brief.labels(), limit));
            }
            return text.toString();
        }
    }

    static String title(Message.Digest digest) {
        long firing =
                digest.incidents().stream().filter(brief -> brief.firing() > 0).count();
        long resolved = digest.incidents().size() - firing;
        return "[STORM] " + firing + " incidents" + (resolved == 0 ? "" : ", " + resolved + " resolved");
    }

    static List<Part> parts(Message.Digest digest, int runes) {
        List<Part> parts = new ArrayList<>();
        List<Message.Brief> run = new ArrayList<>();
        for (Message.Brief brief : digest.incidents()) {
            if (!run.isEmpty() && (run.size() == MAX_BRIEFS || !isAlike(run.get(0), brief))) {
                parts.add(new Part(List.copyOf(run), runes));
                run.clear();
            }
            run.add(brief);
        }
        if (!run.isEmpty()) {
            parts.add(new Part(List.copyOf(run), runes));
        }
        return parts;
    }

    private static boolean isAlike(Message.Brief a, Message.Brief b) {
        return a.name().equals(b.name()) && a.severity() == b.severity() && (a.firing() > 0) == (b.firing() > 0);
    }

    private static String labels(Labels labels, int limit) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < Math.min(MAX_LABELS, labels.size()); i++) {
            words.add(Markdown.line(labels.name(i), limit) + "=" + Markdown.value(labels.value(i), limit));
        }
        return words.isEmpty() ? "(no labels)" : String.join(" · ", words);
    }
}
