package io.emberwatch.push.kafka;

import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.service.config.Default;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Alarm detection: a topic's lines go to the rule engine of this process as samples, and its alerts to topics.
 *
 * @param input topic with lines, one or many to a record
 * @param filters which lines; all when there is none
 * @param mattermost topic of chat messages; none are written when absent
 * @param email mails; none are written when absent
 * @param group the consumer group
 * @param properties any further properties of Kafka's consumer
 */
public record AlarmsConfig(
        @Default("influxdb-topic") String input,
        @Default("[]") List<FilterConfig> filters,
        @Nullable String mattermost,
        @Nullable Mail email,
        @Default("alarms") String group,
        @Default("{}") Map<String, String> properties) {
    /**
     * Mails to be written.
     *
     * @param topic where to
     * @param toAddresses who gets them
     */
    public record Mail(@Default("email-topic") String topic, List<String> toAddresses) {
        public Mail {
            if (toAddresses.isEmpty()) {
                throw new IllegalArgumentException("to_addresses: expected at least one");
            }
            toAddresses = List.copyOf(toAddresses);
        }
    }

    public AlarmsConfig {
        filters = List.copyOf(filters);
        properties = Map.copyOf(properties);
    }
}
