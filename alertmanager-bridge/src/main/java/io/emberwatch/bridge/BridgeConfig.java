package io.emberwatch.bridge;

import io.emberwatch.bridge.action.ActionConfig;
import io.emberwatch.bridge.alertmanager.AlertmanagerConfig;
import io.emberwatch.bridge.command.CommandConfig;
import io.emberwatch.bridge.delivery.EscalationConfig;
import io.emberwatch.bridge.delivery.RetryPolicy;
import io.emberwatch.bridge.direct.GroupingConfig;
import io.emberwatch.bridge.email.EmailConfig;
import io.emberwatch.bridge.mattermost.MattermostConfig;
import io.emberwatch.bridge.outbox.CalmPolicy;
import io.emberwatch.bridge.outbox.DedupPolicy;
import io.emberwatch.bridge.outbox.OutboxConfig;
import io.emberwatch.bridge.reconcile.ReconcileConfig;
import io.emberwatch.bridge.reconcile.SelfTestConfig;
import io.emberwatch.bridge.reconcile.WatchdogConfig;
import io.emberwatch.bridge.render.LinksConfig;
import io.emberwatch.bridge.render.Times;
import io.emberwatch.bridge.route.RouteConfig;
import io.emberwatch.bridge.statistics.StatisticsConfig;
import io.emberwatch.bridge.webhook.AuthConfig;
import io.emberwatch.service.config.Default;
import io.emberwatch.service.http.ListenAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's configuration.
 *
 * @param listen where it listens when it runs alone
 * @param paths where Alertmanager posts to; behind each may stand a slash and a receiver's name
 * @param auth who may post; absent for everybody
 * @param mattermost channels of Mattermost
 * @param email lists of mail receivers
 * @param routes which alerts go where, in order
 * @param defaultChannels where alerts go that no route holds for; absent for everywhere
 * @param fallbackChannel who is told of payloads that cannot be read; absent for the default channels
 * @param retry when delivery is tried again
 * @param dedup when an alert group that is told again is news
 * @param calm what happens when much happens at once
 * @param quietHours when channels are not told of mild alerts
 * @param direct how alerts of the embedded rule engine are grouped
 * @param alertmanagers where silences are set and what happened unseen is asked; peers of one cluster
 * @param actions what people may do from chat and mail
 * @param reconcile how the bridge looks for what it was not told
 * @param watchdog an alert that always fires, whose absence is reported; absent for the alert {@code Watchdog}, once it
 *     was heard
 * @param selfTest what is sent now and then to see whether it gets through; absent for nothing
 * @param escalation who else is told of incidents that nobody takes care of
 * @param commands channels that run a command; alerts go there by routes alone
 * @param topics where messages of notification topics go; absent for the first channel of each kind
 * @param statistics what is sent to InfluxDB; absent for nothing
 * @param externalUrl where people reach the bridge or its page, for links
 * @param links where links of messages lead
 * @param heatmapUrl a picture of a cluster's health by hour for mails, as PNG; {@code {cluster}} stands for the name
 * @param timeZone of times in messages, such as {@code Europe/Berlin}
 */
public record BridgeConfig(
        @Default("127.0.0.1:9603") ListenAddress listen,

        @Default("[/api/v1/webhook, /webhook, /alertmanager]")
        List<String> paths,

        @Nullable AuthConfig auth,
        @Default("{}") OutboxConfig outbox,
        @Default("[]") List<MattermostConfig> mattermost,
        @Default("[]") List<EmailConfig> email,
        @Default("[]") List<RouteConfig> routes,
        @Nullable List<String> defaultChannels,
        @Nullable String fallbackChannel,
        @Default("{}") RetryPolicy retry,
        @Default("{}") DedupPolicy dedup,
        @Default("{}") CalmPolicy calm,
        @Default("[]") List<QuietHours> quietHours,
        @Default("{}") GroupingConfig direct,
        @Default("[]") List<AlertmanagerConfig> alertmanagers,
        @Default("{}") ActionConfig actions,
        @Default("{}") ReconcileConfig reconcile,
        @Nullable WatchdogConfig watchdog,
        @Nullable SelfTestConfig selfTest,
        @Default("[]") List<EscalationConfig> escalation,
        @Default("[]") List<CommandConfig> commands,
        @Nullable TopicTargets topics,
        @Nullable StatisticsConfig statistics,
        @Nullable URI externalUrl,
        @Default("{}") LinksConfig links,
        @Nullable String heatmapUrl,
        @Default("UTC") String timeZone) {
    /**
     * Where messages of notification topics go.
     *
     * @param chat channels for chat messages
     * @param mail channels whose mail server sends mails; their receivers are those that the message names
     */
    public record TopicTargets(
            @Default("[]") List<String> chat, @Default("[]") List<String> mail) {
        public TopicTargets {
            chat = List.copyOf(chat);
            mail = List.copyOf(mail);
        }
    }

    public BridgeConfig {
        paths = List.copyOf(paths);
        if (paths.isEmpty() || paths.stream().anyMatch(path -> !path.matches("(/[A-Za-z0-9._~-]+)+"))) {
            throw new IllegalArgumentException("paths: expected paths such as /webhook, without a slash at the end");
        }
        mattermost = List.copyOf(mattermost);
        email = List.copyOf(email);
        routes = List.copyOf(routes);
        Set<String> names = new LinkedHashSet<>();
        mattermost.forEach(channel -> add(names, "mattermost", channel.name()));
        email.forEach(channel -> add(names, "email", channel.name()));
        if (selfTest != null) {
            check(names, "self_test", selfTest.channels()); // before the commands, which do nothing for it
        }
        commands = List.copyOf(commands);
        escalation = List.copyOf(escalation);
        commands.forEach(channel -> add(names, "commands", channel.name()));
        escalation.forEach(step -> check(names, "escalation", step.channels()));
        if (topics != null) {
            check(names, "topics", topics.chat());
            check(names, "topics", topics.mail());
        }
        check(names, routes);
        quietHours = List.copyOf(quietHours);
        alertmanagers = List.copyOf(alertmanagers);
        if (actions.secret() != null && actions.url() == null && externalUrl == null) {
            throw new IllegalArgumentException("actions: buttons need url or external_url to lead to");
        }
        for (QuietHours hours : quietHours) {
            check(names, "quiet_hours", hours.channels());
        }
        if (defaultChannels != null) {
            defaultChannels = List.copyOf(defaultChannels);
            check(names, "default_channels", defaultChannels);
        }
        if (fallbackChannel != null) {
            check(names, "fallback_channel", List.of(fallbackChannel));
        }
        Times.requireZone(timeZone);
    }

    private static void add(Set<String> names, String key, String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException(key + ": " + name + ": two channels have this name");
        }
    }

    private static void check(Set<String> names, List<RouteConfig> routes) {
        for (RouteConfig route : routes) {
            check(names, "routes", route.channels());
            check(names, route.routes());
        }
    }

    private static void check(Set<String> names, String key, List<String> channels) {
        for (String channel : channels) {
            if (!names.contains(channel)) {
                throw new IllegalArgumentException(
                        key + ": there is no channel " + channel + (names.isEmpty() ? "" : "; there are " + names));
            }
        }
    }

    /**
     * This configuration with channels that messages of notification topics go to, and nothing else unless a route says so.
     *
     * @param chat used where no channel is there for chat messages
     * @param mail used where no channel is there for mails
     */
    public BridgeConfig withTopicChannels(List<MattermostConfig> chat, List<EmailConfig> mail) {
        TopicTargets targets = topicTargets();
        List<MattermostConfig> moreChat = targets.chat().isEmpty() ? chat : List.of();
        List<EmailConfig> moreMail = targets.mail().isEmpty() ? mail : List.of();
        if (moreChat.isEmpty() && moreMail.isEmpty()) {
            return this;
        }
        return new BridgeConfig(
                listen,
                paths,
                auth,
                outbox,
                Stream.concat(mattermost.stream(), moreChat.stream()).toList(),
                Stream.concat(email.stream(), moreMail.stream()).toList(),
                routes,
                otherwise(),
                fallbackChannel,
                retry,
                dedup,
                calm,
                quietHours,
                direct,
                alertmanagers,
                actions,
                reconcile,
                watchdog,
                selfTest,
                escalation,
                commands,
                new TopicTargets(
                        moreChat.isEmpty()
                                ? targets.chat()
                                : moreChat.stream().map(MattermostConfig::name).toList(),
                        moreMail.isEmpty()
                                ? targets.mail()
                                : moreMail.stream().map(EmailConfig::name).toList()),
                statistics,
                externalUrl,
                links,
                heatmapUrl,
                timeZone);
    }

    /** The names of all channels. */
    public List<String> channels() {
        List<String> names = people();
        commands.forEach(channel -> names.add(channel.name()));
        return names;
    }

    // Those that end with people; a command is run only where a route says so.
    private List<String> people() {
        List<String> names = new ArrayList<>();
        mattermost.forEach(channel -> names.add(channel.name()));
        email.forEach(channel -> names.add(channel.name()));
        return names;
    }

    /** The channels of messages from notification topics. */
    TopicTargets topicTargets() {
        return topics != null
                ? topics
                : new TopicTargets(
                        mattermost.stream().limit(1).map(MattermostConfig::name).toList(),
                        email.stream().limit(1).map(EmailConfig::name).toList());
    }

    /** The channels of alerts that no route holds for. */
    List<String> otherwise() {
        return defaultChannels == null ? people() : defaultChannels;
    }

    /** The channels that are told what is no alert. */
    List<String> fallback() {
        return fallbackChannel == null ? otherwise() : List.of(fallbackChannel);
    }
}
