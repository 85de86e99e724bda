package io.emberwatch.bridge.template;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.loader.StringLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The texts of one channel. A template that fails, or prints more than {@value #MAX_TEXT} characters, is replaced by the
 * built-in text and counted: a notification never fails for its template's sake.
 */
public final class Templates {
    static final int MAX_TEXT = 20_000;

    private static final String STRATEGY = "channel";
    private static final Logger logger = LoggerFactory.getLogger("bridge.template");

    private final @Nullable PebbleTemplate title;
    private final @Nullable PebbleTemplate alert;
    private final Runnable fault;

    /**
     * @param escape makes a text harmless in the channel's markup
     * @param fault is called whenever a template fails
     */
    public Templates(TemplateConfig config, UnaryOperator<String> escape, Runnable fault) {
        PebbleEngine engine = engine(escape);
        this.title = config.title() == null ? null : engine.getTemplate(config.title());
        this.alert = config.alert() == null ? null : engine.getTemplate(config.alert());
        this.fault = fault;
    }

    /** The built-in texts. */
    public static Templates none() {
        return new Templates(TemplateConfig.NONE, UnaryOperator.identity(), () -> {});
    }

    private static PebbleEngine engine(UnaryOperator<String> escape) {
        return new PebbleEngine.Builder()
                .loader(new StringLoader())
                .autoEscaping(true)
                .addEscapingStrategy(STRATEGY, escape::apply)
                .defaultEscapingStrategy(STRATEGY)
                .defaultLocale(Locale.ROOT)
                .maxRenderedSize(MAX_TEXT)
                .build();
    }

    /** @throws IllegalArgumentException with what is wrong and in which line */
    static void compile(String template) {
        try {
            engine(UnaryOperator.identity()).getTemplate(template);
        } catch (PebbleException e) {
            throw new IllegalArgumentException(e.getPebbleMessage() + " in line " + e.getLineNumber(), e);
        }
    }

    /** The title of a message, or null for the built-in one. */
    public @Nullable String title(Message message) {
        if (title == null || !(message.content() instanceof Message.Alerts alerts)) {
            return null;
        }
        return render(title, Map.of("group", group(message, alerts)));
    }

    /** The text of one alert, or null for the built-in one. */
    public @Nullable String alert(Message message, NotifiedAlert one) {
        if (alert == null || !(message.content() instanceof Message.Alerts alerts)) {
            return null;
        }
        Map<String, Object> model = new HashMap<>();
        model.put("name", one.name());
        model.put("severity", one.severity().word());
        model.put("firing", one.isFiring());
        model.put("labels", one.labels().toMap());
        model.put("annotations", one.annotations().toMap());
        model.put("startsAt", one.startsAt().toString());
        model.put("endsAt", one.endsAt() == null ? "" : one.endsAt().toString());
        model.put("value", one.annotations().get("value"));
        model.put("url", one.generatorUrl());
        return render(alert, Map.of("alert", model, "group", group(message, alerts)));
    }

    private static Map<String, Object> group(Message message, Message.Alerts alerts) {
        return Map.of(
                "labels", message.incident().groupLabels().toMap(),
                "firing", alerts.firing(),
                "resolved", alerts.alerts().size() - alerts.firing(),
                "receiver", message.incident().receiver(),
                "incident", message.incident().id());
    }

    private @Nullable String render(PebbleTemplate template, Map<String, Object> model) {
        try {
            Writer text = new StringWriter();
            template.evaluate(text, model, Locale.ROOT);
            return text.toString();
        } catch (IOException | RuntimeException e) {
            fault.run();
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("template failed, the built-in text is used");
            return null;
        }
    }
}
