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

    /** One paragraph. */
    record Part(String text, Severity severity, boolean firing) {}

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
                parts.add(part(run, runes));
                run.clear();
            }
            run.add(brief);
        }
        if (!run.isEmpty()) {
            parts.add(part(run, runes));
        }
        return parts;
    }

    private static boolean isAlike(Message.Brief a, Message.Brief b) {
        return a.name().equals(b.name()) && a.severity() == b.severity() && (a.firing() > 0) == (b.firing() > 0);
    }

    private static Part part(List<Message.Brief> run, int runes) {
        Message.Brief first = run.get(0);
        boolean firing = first.firing() > 0;
        StringBuilder text = new StringBuilder("**")
                .append(Markdown.value(first.name(), MAX_VALUE))
                .append("** · ")
                .append(first.severity().word())
                .append(firing ? " · firing: " : " · resolved: ")
                .append(run.size());
        int limit = Math.min(MAX_VALUE, Math.max(4, runes / (run.size() * MAX_LABELS * 4)));
        for (Message.Brief brief : run) {
            text.append('\n').append(labels(brief.labels(), limit));
        }
        return new Part(text.toString(), first.severity(), firing);
    }

    private static String labels(Labels labels, int limit) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < Math.min(MAX_LABELS, labels.size()); i++) {
            words.add(Markdown.line(labels.name(i), limit) + "=" + Markdown.value(labels.value(i), limit));
        }
        return words.isEmpty() ? "(no labels)" : String.join(" · ", words);
    }
}
