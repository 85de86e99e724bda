package io.emberwatch.bridge.mattermost;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.Severity;
import io.emberwatch.bridge.render.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the reply that tells of a change, and decides whether the change is worth one. */
final class ThreadText {
    private static final int MAX_UPDATE = 300;

    private final MattermostConfig config;
    private final Times times;

    ThreadText(MattermostConfig config, Times times) {
        this.config = config;
        this.times = times;
    }

    boolean isWorthTelling(Message message, PostReference before) {
        if (!(message.content() instanceof Message.Alerts alerts)
                || config.threadLog() == MattermostConfig.ThreadLog.NONE) {
            return false;
        }
        boolean all = config.threadLog() == MattermostConfig.ThreadLog.ALL;
        boolean told = alerts.tally().repeats() > 0 && alerts.updates().isEmpty();
        return isRise(alerts, before) || (all && !told);
    }

    private static boolean isRise(Message.Alerts alerts, PostReference before) {
        return alerts.isFiring()
                && (alerts.firing() > before.most() || alerts.severity().compareTo(before.worst()) < 0);
    }

    String text(Message message, @Nullable PostReference before) {
        Message.Alerts alerts = (Message.Alerts) message.content();
        List<String> words = new ArrayList<>();
        Severity severity = alerts.severity();
        boolean rise = before == null || isRise(alerts, before);
        String mention = config.style(severity).mention();
        if (rise && mention != null) {
            words.add(mention);
        }
        words.add(times.clock(alerts.at()));
        if (alerts.updates().isEmpty()) {
            words.add(alerts.isFiring() ? alerts.firing() + " firing, " + severity.word() : "resolved");
        }
        alerts.updates().forEach(update -> words.add(Markdown.value(update, MAX_UPDATE)));
        if (alerts.tally().states() > 1) {
            words.add("(after " + alerts.tally().states() + " changes)");
        }
        return String.join(" ", words);
    }
}
