package io.emberwatch.rules.engine;

/** How a rule's last evaluation went; {@link #text} is the word of the HTTP API. */
public enum RuleHealth {
    UNKNOWN("unknown"),
    GOOD("ok"),
    BAD("err");

    private final String text;

    RuleHealth(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
