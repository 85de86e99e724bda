package io.emberwatch.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.bridge.BridgeConfig;
import io.emberwatch.bridge.email.EmailConfig;
import io.emberwatch.bridge.mattermost.MattermostConfig;
import io.emberwatch.push.kafka.NotifyConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The webhook and the mail server that stand beside a notification topic, as channels of the bridge. They get what the
 * topics hold, and no alert.
 */
final class TopicChannels {
    private static final int PORT_OF_TLS = 465;
    private static final int PORT_OF_SUBMISSION = 587;

    private TopicChannels() {}

    /**
     * The bridge with what stands beside the topics, where it has no channels of its own for them.
     *
     * @throws ConfigException when what stands there is no channel
     */
    static BridgeConfig added(BridgeConfig bridge, @Nullable NotifyConfig topics) throws ConfigException {
        return topics == null ? bridge : bridge.withTopicChannels(chat(topics.mattermost()), mail(topics.email()));
    }

    private static List<MattermostConfig> chat(NotifyConfig.@Nullable MattermostTopic topic) throws ConfigException {
        Secret url = topic == null ? null : topic.url();
        if (topic == null || url == null) {
            return List.of();
        }
        Map<String, Object> channel = new LinkedHashMap<>();
        put(channel, "name", topic.topic());
        put(channel, "url", url.reveal());
        return List.of(ConfigReader.parse("push.notifications.mattermost", yaml(channel), MattermostConfig.class));
    }

    private static List<EmailConfig> mail(NotifyConfig.@Nullable EmailTopic topic) throws ConfigException {
        if (topic == null || topic.hostname() == null) {
            return List.of();
        }
        String from = topic.from();
        Map<String, Object> channel = new LinkedHashMap<>();
        put(channel, "name", topic.topic());
        put(channel, "host", topic.hostname());
        channel.put("port", topic.port());
        put(channel, "tls", tls(topic.port()));
        put(channel, "from", from);
        put(channel, "username", topic.username());
        Secret password = topic.password();
        put(channel, "password", password == null ? null : password.reveal());
        // Mails of the topic name their own receivers, and nothing else comes here.
        channel.put("to", from == null ? List.of() : List.of(literal(from)));
        return List.of(ConfigReader.parse("push.notifications.email", yaml(channel), EmailConfig.class));
    }

    private static String tls(int port) {
        return switch (port) {
            case PORT_OF_TLS -> "tls";
            case PORT_OF_SUBMISSION -> "starttls";
            default -> "none";
        };
    }

    private static void put(Map<String, Object> channel, String key, @Nullable String value) {
        if (value != null) {
            channel.put(key, literal(value));
        }
    }

    /** A dollar sign has been understood already. */
    private static String literal(String text) {
        return text.replace("$", "$$");
    }

    /** JSON is YAML. */
    private static String yaml(Map<String, Object> channel) {
        try {
            return new ObjectMapper().writeValueAsString(channel);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
