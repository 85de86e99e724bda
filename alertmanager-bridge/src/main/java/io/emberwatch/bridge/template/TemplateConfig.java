package io.emberwatch.bridge.template;

import org.jspecify.annotations.Nullable;

/**
 * Texts of a channel in Pebble's language. What a template prints is escaped for the channel; there are {@code alert}
 * with {@code name, severity, firing, labels, annotations, startsAt, endsAt, since, duration, value, url}, and {@code
 * group} with {@code labels, firing, resolved, receiver, incident}. A label or annotation that an alert does not have is
 * empty; anything else that there is not is a fault of the configuration.
 *
 * @param title of a post or, behind the status, of a mail
 * @param alert of one alert
 * @param html of one alert in the HTML part of a mail; absent for what {@code alert} prints
 * @see <a href="https://pebbletemplates.io/">Pebble</a>
 */
public record TemplateConfig(
        @Nullable String title,
        @Nullable String alert,
        @Nullable String html) {
    /** Nothing: the built-in texts. */
    public static final TemplateConfig NONE = new TemplateConfig(null, null, null);

    public TemplateConfig {
        check("title", title, false);
        check("alert", alert, true);
        check("html", html, true);
    }

    private static void check(String key, @Nullable String template, boolean forAlert) {
        if (template != null) {
            try {
                TemplateCheck.check(template, forAlert);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
            }
        }
    }
}
