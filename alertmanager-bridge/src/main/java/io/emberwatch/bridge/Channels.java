package io.emberwatch.bridge;

import io.emberwatch.bridge.channel.Channel;
import io.emberwatch.bridge.channel.ChannelStack;
import io.emberwatch.bridge.delivery.Dispatcher;
import io.emberwatch.bridge.email.EmailChannel;
import io.emberwatch.bridge.email.EmailConfig;
import io.emberwatch.bridge.mattermost.BotChannel;
import io.emberwatch.bridge.mattermost.Buttons;
import io.emberwatch.bridge.mattermost.MattermostChannel;
import io.emberwatch.bridge.mattermost.MattermostConfig;
import io.emberwatch.bridge.metrics.BridgeMetrics;
import io.emberwatch.bridge.render.Times;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the channels that a configuration names. */
final class Channels {
    private Channels() {}

    static List<Dispatcher.Line> of(BridgeConfig config, InstantSource clock, BridgeMetrics metrics, Buttons buttons) {
        Times times = new Times(ZoneId.of(config.timeZone()));
        String page = externalUrl(config);
        List<Dispatcher.Line> lines = new ArrayList<>();
        for (MattermostConfig channel : config.mattermost()) {
            ChannelStack.Rate rate = new ChannelStack.Rate(channel.ratePerSecond(), channel.burst());
            Channel posts = channel.server() == null
                    ? new MattermostChannel(channel, times, page)
                    : new BotChannel(
                            channel,
                            new BotChannel.Surroundings(times, page, buttons, metrics.channel(channel.name())));
            lines.add(new Dispatcher.Line(ChannelStack.around(posts, rate, clock, metrics), channel.concurrency()));
        }
        for (EmailConfig channel : config.email()) {
            ChannelStack.Rate rate = new ChannelStack.Rate(channel.ratePerSecond(), channel.burst());
            Channel mails = new EmailChannel(channel, times, page);
            lines.add(new Dispatcher.Line(ChannelStack.around(mails, rate, clock, metrics), 1));
        }
        return lines;
    }

    static @Nullable String externalUrl(BridgeConfig config) {
        return config.externalUrl() == null ? null : config.externalUrl().toString();
    }
}
