package io.emberwatch.bridge.route;

import io.emberwatch.service.config.Default;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that says where alerts go. All of its conditions must hold.
 *
 * @param receiver Alertmanager's receiver, or the last part of the webhook's path; absent for any
 * @param matchers conditions on the alert's labels in Alertmanager's syntax
 * @param channels names of channels
 * @param andNext whether the rules behind are asked too
 */
public record RouteConfig(
        @Nullable String receiver,
        @Default("[]") List<String> matchers,
        List<String> channels,
        @Default("false") boolean andNext) {
    public RouteConfig {
        matchers = List.copyOf(matchers);
        channels = List.copyOf(channels);
        for (String matcher : matchers) {
            try {
                LabelMatcher.parseAll(matcher);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("matchers: " + e.getMessage(), e);
            }
        }
    }
}
