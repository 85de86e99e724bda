package io.emberwatch.bridge.action;

import io.emberwatch.bridge.channel.Message;
import io.emberwatch.bridge.mattermost.Button;
import io.emberwatch.bridge.mattermost.Buttons;
import io.emberwatch.bridge.notification.MalformedPayload;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.bridge.notification.Payload;
import io.emberwatch.bridge.notification.WebhookJson;
import io.emberwatch.bridge.render.Addresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Offers what can be done about an incident, as buttons of a post and as links of a mail. */
public final class ActionLinks implements Buttons {
    /** What {@link Token#place} is for links in mails. */
    static final String MAIL = "mail";

    private final Tokens tokens;
    private final String base;
    private final Duration expire;
    private final boolean silences;
    private final Addresses addresses;

    /**
     * @param base where the bridge is reached, without a slash at its end
     * @param silences whether there is an Alertmanager that silences can be set at
     */
    public ActionLinks(Tokens tokens, String base, Duration expire, boolean silences, Addresses addresses) {
        this.addresses = addresses;
        this.tokens = tokens;
        this.base = base;
        this.expire = expire;
        this.silences = silences;
    }

    private List<Action> actions(Message message, boolean dialogs) {
        List<Action> actions = new ArrayList<>();
        if (!(message.content() instanceof Message.Alerts alerts)) {
            return actions;
        }
        Message.Standing standing = message.standing();
        boolean handled =
                !standing.acknowledged().isEmpty() || !standing.silenced().isEmpty();
        if (alerts.isFiring()) {
            if (standing.acknowledged().isEmpty()) {
                actions.add(Action.ACK);
            }
            if (silences) {
                actions.add(Action.SILENCE_1H);
                actions.add(Action.SILENCE_4H);
                if (dialogs) {
                    actions.add(Action.SILENCE);
                }
            }
        }
        if (handled) {
            actions.add(Action.UNSILENCE);
        }
        if (dialogs) {
            Map<String, String> links = links(alerts);
            if (links.containsKey("runbook")) {
                actions.add(Action.RUNBOOK);
            }
            if (links.containsKey("graph")) {
                actions.add(Action.GRAPH);
            }
        }
        return actions;
    }

    /** The addresses that the alerts name, by what they are; of several the first. */
    private Map<String, String> links(Message.Alerts alerts) {
        Map<String, String> links = new LinkedHashMap<>();
        for (NotifiedAlert alert : alerts.alerts()) {
            addresses
                    .of(alert.labels(), alert.annotations(), alert.generatorUrl())
                    .forEach(links::putIfAbsent);
        }
        return links;
    }

    /** The first address of its kind in the state of an incident, or null. */
    static @Nullable String first(Addresses addresses, Payload state, String kind) {
        try {
            for (NotifiedAlert alert : WebhookJson.parse(state.bytes()).alerts()) {
                String link = addresses
                        .of(alert.labels(), alert.annotations(), alert.generatorUrl())
                        .get(kind);
                if (link != null) {
                    return link;
                }
            }
        } catch (MalformedPayload e) {
            return null;
        }
        return null;
    }

    private Token token(Action action, String channel, String place, Message message) {
        return new Token(
                action,
                message.incident().id(),
                channel,
                place,
                message.standing().version(),
                message.content().at().plus(expire));
    }

    @Override
    public List<Button> of(String channel, String place, Message message) {
        List<Button> buttons = new ArrayList<>();
        for (Action action : actions(message, true)) {
            buttons.add(new Button(
                    action.word(),
                    action.title(),
                    action.style(),
                    base + ActionEndpoint.BUTTON,
                    Map.of("t", tokens.sign(token(action, channel, place, message)))));
        }
        return buttons;
    }

    /** The links of an incident's mail, by what they do. */
    public Map<String, String> mail(String channel, Message message) {
        Map<String, String> links = new LinkedHashMap<>();
        for (Action action : actions(message, false)) {
            links.put(
                    action.title(),
                    base + ActionEndpoint.PAGE + "?t=" + tokens.sign(token(action, channel, MAIL, message)));
        }
        return links;
    }
}
