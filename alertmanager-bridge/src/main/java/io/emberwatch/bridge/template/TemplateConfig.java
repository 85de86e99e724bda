package io.emberwatch.bridge.template;

import org.jspecify.annotations.Nullable;

/**
 * Texts of a channel in Pebble's language. What a template prints is escaped for the channel; there are {@code alert}
 * with {@code name, severity, firing, labels, annotations, startsAt, endsAt, value, url}, and {@code group} with {@code
 * labels, firing, resolved, receiver, incident}.
 *
 * @param title of a post or, in front of it the status, of a mail
 * @param alert of one alert
 * @see <a href="https://pebbletemplates.io/">Pebble</a>
 */
public record TemplateConfig(
        @Nullable String title, @Nullable String alert) {
    /** Nothing: the built-in texts. */
    public static final TemplateConfig NONE = new TemplateConfig(null, null);

    public TemplateConfig {
        check("title", title);
        check("alert", alert);
    }

    private static void check(String key, @Nullable String template) {
        if (template != null) {
            try {
                Templates.compile(template);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
            }
        }
    }
}
