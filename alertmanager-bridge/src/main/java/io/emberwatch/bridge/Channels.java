package io.emberwatch.bridge;

import io.emberwatch.bridge.action.ActionConfig;
import io.emberwatch.bridge.action.ActionLinks;
import io.emberwatch.bridge.action.Tokens;
import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.ChannelStack;
import io.emberwatch.bridge.command.CommandChannel;
import io.emberwatch.bridge.command.CommandConfig;
import io.emberwatch.bridge.delivery.Dispatcher;
import io.emberwatch.bridge.email.EmailChannel;
import io.emberwatch.bridge.email.EmailConfig;
import io.emberwatch.bridge.email.HttpStripSource;
import io.emberwatch.bridge.email.MailActions;
import io.emberwatch.bridge.email.StripSource;
import io.emberwatch.bridge.mattermost.BotChannel;
import io.emberwatch.bridge.mattermost.Buttons;
import io.emberwatch.bridge.mattermost.MattermostChannel;
import io.emberwatch.bridge.mattermost.MattermostConfig;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.render.Addresses;
import io.emberwatch.bridge.render.Style;
import io.emberwatch.bridge.render.Times;
import java.net.URI;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a configuration names.
 *
 * @param bots those of Mattermost that have a bot, by name
 * @param tokens what signs buttons and links, or null when there are none
 */
record Channels(
        List<Dispatcher.Line> lines,
        Map<String, BotChannel> bots,
        @Nullable Tokens tokens) {
    private static final double SECONDS_A_MINUTE = 60;

    /** Who puts down what the commands of a channel did. */
    @FunctionalInterface
    interface Records {
        CommandChannel.Runs of(String channel);
    }

    /** For a look at what they would do: nothing is put down. */
    static Channels of(BridgeConfig config, InstantSource clock, BridgeMetrics metrics) {
        return of(config, clock, metrics, channel -> (incident, result, detail) -> {});
    }

    static Channels of(BridgeConfig config, InstantSource clock, BridgeMetrics metrics, Records record) {
        Addresses addresses = addresses(config);
        ActionConfig actions = config.actions();
        Tokens tokens = actions.secret() == null ? null : new Tokens(actions.secret(), actions.previousSecret());
        ActionLinks links = tokens == null
                ? null
                : new ActionLinks(
                        tokens,
                        actionBase(config),
                        actions.linksExpire(),
                        !config.alertmanagers().isEmpty(),
                        addresses);
        List<Dispatcher.Line> lines = new ArrayList<>();
        Map<String, BotChannel> bots = new LinkedHashMap<>();
        for (MattermostConfig channel : config.mattermost()) {
            ChannelStack.Rate rate = new ChannelStack.Rate(channel.ratePerSecond(), channel.burst());
            Style style = new Style(times(config, channel.timeZone()), addresses);
            Channel posts;
            if (channel.server() == null) {
                posts = new MattermostChannel(channel, style, metrics.channel(channel.name())::templateFault);
            } else {
                BotChannel bot = new BotChannel(
                        channel,
                        new BotChannel.Surroundings(
                                style, links == null ? Buttons.NONE : links, metrics.channel(channel.name())));
                bots.put(channel.name(), bot);
                posts = bot;
            }
            lines.add(new Dispatcher.Line(ChannelStack.around(posts, rate, clock, metrics), channel.concurrency()));
        }
        StripSource strips = config.heatmapUrl() == null ? StripSource.NONE : new HttpStripSource(config.heatmapUrl());
        MailActions mailed = links == null ? MailActions.NONE : links::mail;
        for (EmailConfig channel : config.email()) {
            ChannelStack.Rate rate = new ChannelStack.Rate(channel.ratePerSecond(), channel.burst());
            Style style = new Style(times(config, channel.timeZone()), addresses);
            Channel mails = new EmailChannel(
                    channel,
                    new EmailChannel.Surroundings(
                            style, mailed, strips, metrics.channel(channel.name())::templateFault));
            lines.add(new Dispatcher.Line(ChannelStack.around(mails, rate, clock, metrics), 1));
        }
        for (CommandConfig command : config.commands()) {
            ChannelStack.Rate rate = new ChannelStack.Rate(command.ratePerMinute() / SECONDS_A_MINUTE, 1);
            lines.add(new Dispatcher.Line(
                    ChannelStack.around(new CommandChannel(command, record.of(command.name())), rate, clock, metrics),
                    1));
        }
        return new Channels(lines, bots, tokens);
    }

    static Addresses addresses(BridgeConfig config) {
        return new Addresses(config.links(), text(config.externalUrl()));
    }

    private static Times times(BridgeConfig config, @Nullable String zone) {
        return new Times(ZoneId.of(zone == null ? config.timeZone() : zone));
    }

    /** Where buttons and links lead, without a slash at the end. */
    static String actionBase(BridgeConfig config) {
        URI url = config.actions().url() == null
                ? config.externalUrl()
                : config.actions().url();
        return String.valueOf(url).replaceAll("/+$", "");
    }

    static @Nullable String text(@Nullable URI url) {
        return url == null ? null : url.toString();
    }
}
