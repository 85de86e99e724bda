package io.emberwatch.push.kafka;

import io.emberwatch.service.config.Default;
import io.emberwatch.service.config.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The notification topics.
 *
 * @param mattermost messages for a chat; not read when absent
 * @param email messages for people by mail; not read when absent
 */
public record NotifyConfig(
        @Nullable MattermostTopic mattermost, @Nullable EmailTopic email) {
    public NotifyConfig {
        if (mattermost == null && email == null) {
            throw new IllegalArgumentException("expected mattermost or email");
        }
    }

    /**
     * A topic with {@code {"description", "client_url", "details"}}.
     *
     * @param url the incoming webhook, for whoever delivers
     * @param group the consumer group
     * @param properties any further properties of Kafka's consumer
     */
    public record MattermostTopic(
            @Default("mattermost-topic") String topic,
            @Nullable Secret url,
            @Default("mattermost-conns") String group,
            @Default("{}") Map<String, String> properties) {}

    /**
     * A topic with {@code {"subject", "body", "to_addresses"}}.
     *
     * @param hostname of the mail server, for whoever delivers
     * @param port of the mail server
     * @param from sender
     * @param username at the mail server
     * @param password at the mail server
     * @param group the consumer group
     * @param properties any further properties of Kafka's consumer
     */
    public record EmailTopic(
            @Default("email-topic") String topic,
            @Nullable String hostname,
            @Default("25") int port,
            @Nullable String from,
            @Nullable String username,
            @Nullable Secret password,
            @Default("email-consumer") String group,
            @Default("{}") Map<String, String> properties) {}
}
