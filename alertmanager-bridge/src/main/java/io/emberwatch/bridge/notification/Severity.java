package io.emberwatch.bridge.notification;

import java.util.Locale;

/** How bad an alert is, from the worst to the mildest, by its {@code severity} label. */
public enum Severity {
    CRITICAL,
    WARNING,
    INFO;

    /** The severity that a label value means; a word that is not known counts as a warning, so that it is seen. */
    public static Severity of(String label) {
        return switch (label.toLowerCase(Locale.ROOT)) {
            case "critical", "page", "error", "emergency", "fatal", "disaster", "high" -> CRITICAL;
            case "info", "information", "notice", "none", "low", "debug" -> INFO;
            default -> WARNING;
        };
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
