package io.emberwatch.bridge.route;

import io.emberwatch.service.config.Default;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that says where alerts go. All of its conditions must hold; then the routes below it are asked, as in
 * Alertmanager's tree, and when none of them holds it counts itself.
 *
 * @param receiver Alertmanager's receiver, or the last part of the webhook's path; absent for any
 * @param matchers conditions on the alert's labels in Alertmanager's syntax
 * @param channels names of channels; none for those of the route above, or the default channels
 * @param andNext whether the rules behind are asked too; Alertmanager calls it {@code continue}
 * @param routes routes for some of what this one holds for
 */
public record RouteConfig(
        @Nullable String receiver,
        @Default("[]") List<String> matchers,
        @Default("[]") List<String> channels,
        @Default("false") boolean andNext,
        @Default("[]") List<RouteConfig> routes) {
    public RouteConfig {
        matchers = List.copyOf(matchers);
        channels = List.copyOf(channels);
        routes = List.copyOf(routes);
        for (String matcher : matchers) {
            try {
                LabelMatcher.parseAll(matcher);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("matchers: " + e.getMessage(), e);
            }
        }
    }

    /** Without routes below it. */
    public RouteConfig(@Nullable String receiver, List<String> matchers, List<String> channels, boolean andNext) {
        this(receiver, matchers, channels, andNext, List.of());
    }
}
