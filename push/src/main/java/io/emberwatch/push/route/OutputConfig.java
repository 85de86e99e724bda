package io.emberwatch.push.route;

import io.emberwatch.service.config.Default;
import java.util.List;

/**
 * One output of the Router.
 *
 * @param topic where it goes
 * @param filters what passes one of them goes there; everything when empty
 */
public record OutputConfig(String topic, @Default("[]") List<FilterConfig> filters) {
    public OutputConfig {
        if (topic.isBlank()) {
            throw new IllegalArgumentException("a topic must have a name");
        }
        filters = List.copyOf(filters);
    }
}
