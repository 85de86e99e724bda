package io.emberwatch.bridge.template;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.render.Clip;
import io.emberwatch.bridge.render.Html;
import io.emberwatch.bridge.render.Style;
import io.emberwatch.bridge.render.Times;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.extension.core.DisallowExtensionCustomizerBuilder;
import io.pebbletemplates.pebble.extension.escaper.EscapeFilter;
import io.pebbletemplates.pebble.loader.StringLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
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

    // What prints without escaping, reads other templates, or works beside the writer's back.
    private static final List<String> NO_TAGS =
            List.of("autoescape", "include", "import", "from", "extends", "embed", "cache", "flush", "parallel");

    private static final List<String> OTHER_STRATEGIES = List.of(
            EscapeFilter.HTML_ESCAPE_STRATEGY,
            EscapeFilter.JAVASCRIPT_ESCAPE_STRATEGY,
            EscapeFilter.CSS_ESCAPE_STRATEGY,
            EscapeFilter.URL_PARAM_ESCAPE_STRATEGY,
            EscapeFilter.JSON_ESCAPE_STRATEGY);

    private final @Nullable PebbleTemplate title;
    private final @Nullable PebbleTemplate alert;
    private final @Nullable PebbleTemplate html;
    private final Style style;
    private final Runnable fault;

    /**
     * @param escape makes a text harmless in the channel's markup
     * @param fault is called whenever a template fails
     */
    public Templates(TemplateConfig config, UnaryOperator<String> escape, Style style, Runnable fault) {
        PebbleEngine engine = engine(escape, false);
        this.title = config.title() == null ? null : engine.getTemplate(config.title());
        this.alert = config.alert() == null ? null : engine.getTemplate(config.alert());
        this.html =
                config.html() == null ? null : engine(Templates::markup, false).getTemplate(config.html());
        this.style = style;
        this.fault = fault;
    }

    private static String markup(String text) {
        return Html.escape(Clip.paragraphs(text)).replace("\n", "<br>\n");
    }

    static PebbleEngine engine(UnaryOperator<String> escape, boolean strict) {
        PebbleEngine.Builder engine = new PebbleEngine.Builder();
        // Whatever way of escaping a template asks for, it gets the channel's.
        OTHER_STRATEGIES.forEach(name -> engine.addEscapingStrategy(name, escape::apply));
        return engine.loader(new StringLoader())
                .autoEscaping(true)
                .addEscapingStrategy(STRATEGY, escape::apply)
                .defaultEscapingStrategy(STRATEGY)
                .defaultLocale(Locale.ROOT)
                .strictVariables(strict)
                .maxRenderedSize(MAX_TEXT)
                .registerExtensionCustomizer(new DisallowExtensionCustomizerBuilder()
                        .disallowedFilterKeys(List.of("raw"))
                        .disallowedTokenParserTags(NO_TAGS)
                        .build())
                .build();
    }

    /**
     * The title of a message, or null for the built-in one.
     *
     * @param failed is set when there is a template and it has failed
     */
    public @Nullable String title(Message message, AtomicBoolean failed) {
        if (title == null || !(message.content() instanceof Message.Alerts alerts)) {
            return null;
        }
        return render(title, Map.of("group", group(message, alerts)), failed);
    }

    /** The text of one alert, or null for the built-in one. */
    public @Nullable String alert(Message message, NotifiedAlert one, AtomicBoolean failed) {
        return alert(alert, message, one, failed);
    }

    /** One alert in HTML, or null when there is no template for it. */
    public @Nullable String html(Message message, NotifiedAlert one, AtomicBoolean failed) {
        return alert(html, message, one, failed);
    }

    private @Nullable String alert(
            @Nullable PebbleTemplate template, Message message, NotifiedAlert one, AtomicBoolean failed) {
        if (template == null || !(message.content() instanceof Message.Alerts alerts)) {
            return null;
        }
        Instant end = one.endsAt() == null ? alerts.at() : one.endsAt();
        Map<String, Object> model = new HashMap<>();
        model.put("name", one.name());
        model.put("severity", one.severity().word());
        model.put("firing", one.isFiring());
        model.put("labels", one.labels().toMap());
        model.put("annotations", one.annotations().toMap());
        model.put("startsAt", one.startsAt().toString());
        model.put("endsAt", one.endsAt() == null ? "" : one.endsAt().toString());
        model.put("value", one.annotations().get("value"));
        model.put("since", style.times().full(one.startsAt()));
        model.put("duration", Times.span(Duration.between(one.startsAt(), end)));
        model.put("url", style.addresses().reachable(one.generatorUrl()));
        return render(template, Map.of("alert", model, "group", group(message, alerts)), failed);
    }

    private static Map<String, Object> group(Message message, Message.Alerts alerts) {
        return Map.of(
                "labels", message.incident().groupLabels().toMap(),
                "firing", alerts.firing(),
                "resolved", alerts.alerts().size() - alerts.firing(),
                "receiver", message.incident().receiver(),
                "incident", message.incident().id());
    }

    private @Nullable String render(PebbleTemplate template, Map<String, Object> model, AtomicBoolean failed) {
        try {
            Writer text = new StringWriter();
            template.evaluate(text, model, Locale.ROOT);
            return text.toString();
        } catch (IOException | RuntimeException e) {
            fault.run();
            failed.set(true);
            logger.atWarn().addKeyValue("reason", e.getMessage()).log("template failed, the built-in text is used");
            return null;
        }
    }
}
