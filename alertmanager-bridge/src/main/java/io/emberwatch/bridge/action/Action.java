package io.emberwatch.bridge.action;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Something that can be done about an incident. */
public enum Action {
    ACK("Ack", "primary"),
    SILENCE_1H("Silence 1h", "default"),
    SILENCE_4H("Silence 4h", "default"),
    SILENCE("Silence…", "default"),
    UNSILENCE("Unsilence", "warning"),
    RUNBOOK("Runbook", "default"),
    GRAPH("Graph", "default");

    private final String title;
    private final String style;

    Action(String title, String style) {
        this.title = title;
        this.style = style;
    }

    /** What a button says. */
    public String title() {
        return title;
    }

    /** How Mattermost shows the button. */
    String style() {
        return style;
    }

    /** A word of letters and digits. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    /** Whether it only shows something, as often as one likes. */
    boolean isView() {
        return this == RUNBOOK || this == GRAPH;
    }

    /** How long it silences; null when that is asked for, or it does not. */
    @Nullable
    Duration span() {
        return switch (this) {
            case SILENCE_1H -> Duration.ofHours(1);
            case SILENCE_4H -> Duration.ofHours(4);
            default -> null;
        };
    }

    static @Nullable Action of(String word) {
        for (Action action : values()) {
            if (action.word().equals(word)) {
                return action;
            }
        }
        return null;
    }
}
