package io.emberwatch.push.kafka;

import com.google.re2j.Pattern;
import java.util.Map;

/**
 * A Kafka cluster whose topics and consumer groups are shown.
 *
 * @param instance the value of the label {@code instance}
 * @param bootstrapServers one or more {@code host:port}, separated by commas
 * @param properties any further properties of Kafka's client, such as {@code security.protocol}
 * @param topics which topics are shown, found anywhere in the name
 * @param groups which consumer groups are shown
 */
public record ClusterStatusConfig(
        String instance, String bootstrapServers, Map<String, String> properties, Choice topics, Choice groups) {
    public ClusterStatusConfig {
        properties = Map.copyOf(properties);
    }

    /** Names that one pattern is found in and another is not. */
    public record Choice(Pattern include, Pattern exclude) {
        boolean takes(String name) {
            return include.matcher(name).find() && !exclude.matcher(name).find();
        }
    }
}
