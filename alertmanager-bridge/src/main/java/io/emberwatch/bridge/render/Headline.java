package io.emberwatch.bridge.render;

import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The line that says what an alert group is about. Plain text: every channel escapes it in its own way. */
public final class Headline {
    private static final int MAX_NAMES = 3;
    private static final int MAX_SUBJECT = 200;

    private Headline() {}

    /** {@code [FIRING:2] EtcdNoLeader prod}, {@code [RESOLVED] EtcdNoLeader prod}. */
    public static String of(Labels groupLabels, List<NotifiedAlert> alerts) {
        return status(alerts) + " " + subject(groupLabels, alerts);
    }

    /** {@code [FIRING:2]} or {@code [RESOLVED]}. */
    public static String status(List<NotifiedAlert> alerts) {
        long firing = alerts.stream().filter(NotifiedAlert::isFiring).count();
        return firing == 0 ? "[RESOLVED]" : "[FIRING:" + firing + "]";
    }

    /** What the group is about: names of its alerts, then what its labels say beside. */
    public static String subject(Labels groupLabels, List<NotifiedAlert> alerts) {
        boolean firing = alerts.stream().anyMatch(NotifiedAlert::isFiring);
        Set<String> names = new LinkedHashSet<>();
        for (NotifiedAlert alert : alerts) {
            if (alert.isFiring() == firing) {
                names.add(alert.name());
            }
        }
        List<String> words = new ArrayList<>();
        List<String> shown = names.stream().limit(MAX_NAMES).toList();
        words.add(String.join(", ", shown) + (names.size() > MAX_NAMES ? " +" + (names.size() - MAX_NAMES) : ""));
        for (int i = 0; i < groupLabels.size(); i++) {
            if (!groupLabels.name(i).equals("alertname") && !groupLabels.name(i).equals("severity")) {
                words.add(groupLabels.value(i));
            }
        }
        return Clip.to(Clip.oneLine(String.join(" ", words)), MAX_SUBJECT);
    }
}
