package io.emberwatch.exporter.services;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.service.config.Default;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka cluster whose topics and consumer groups are shown. It is asked by the push path, which knows Kafka.
 *
 * @param bootstrapServers one or more {@code host:port}, separated by commas
 * @param instance the value of the label {@code instance}; the servers when not given
 * @param properties any further properties of Kafka's client, such as {@code security.protocol}
 * @param topicFilter which topics are shown (RE2, anywhere in the name)
 * @param groupFilter which consumer groups are shown
 */
public record KafkaTargetConfig(
        String bootstrapServers,
        @Nullable String instance,
        @Default("{}") Map<String, String> properties,
        @Default(".*") String topicFilter,
        @Default("^$") String topicExclude,
        @Default(".*") String groupFilter,
        @Default("^$") String groupExclude) {
    public KafkaTargetConfig {
        properties = Map.copyOf(properties);
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrap_servers: expected host:port");
        }
        compile("topic_filter", topicFilter);
        compile("topic_exclude", topicExclude);
        compile("group_filter", groupFilter);
        compile("group_exclude", groupExclude);
    }

    private static void compile(String key, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    /** The value of the label {@code instance}. */
    public String instanceName() {
        return instance == null ? bootstrapServers : instance;
    }
}
