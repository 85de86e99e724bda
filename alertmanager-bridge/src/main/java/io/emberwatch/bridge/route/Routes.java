package io.emberwatch.bridge.route;

import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which channels a notification goes to: each of its alerts is taken through the routes in order, the first that holds
 * counts, with those below it, and so do those behind it while they ask for it. An alert that no route holds for goes to the default channels.
 * The notification goes, as a whole, wherever one of its alerts goes.
 */
public final class Routes {
    private final List<Compiled> routes;
    private final List<String> otherwise;
    private final Set<String> names;

    private record Compiled(
            @Nullable String receiver,
            List<LabelMatcher> matchers,
            List<String> channels,
            boolean andNext,
            List<Compiled> below) {
        boolean holds(String name, Labels labels) {
            return (receiver == null || receiver.equals(name))
                    && matchers.stream().allMatch(matcher -> matcher.matches(labels));
        }
    }

    /** @param otherwise the default channels */
    public Routes(List<RouteConfig> routes, List<String> otherwise) {
        this.otherwise = List.copyOf(otherwise);
        this.routes = compile(routes, this.otherwise);
        this.names = names(this.routes);
    }

    private static List<Compiled> compile(List<RouteConfig> routes, List<String> above) {
        List<Compiled> compiled = new ArrayList<>();
        for (RouteConfig route : routes) {
            List<LabelMatcher> matchers = new ArrayList<>();
            route.matchers().forEach(text -> matchers.addAll(LabelMatcher.parseAll(text)));
            List<String> channels = route.channels().isEmpty() ? above : route.channels();
            compiled.add(new Compiled(
                    route.receiver(), matchers, channels, route.andNext(), compile(route.routes(), channels)));
        }
        return List.copyOf(compiled);
    }

    private static Set<String> names(List<Compiled> routes) {
        Set<String> names = new HashSet<>();
        for (Compiled route : routes) {
            if (route.receiver() != null) {
                names.add(route.receiver());
            }
            names.addAll(names(route.below()));
        }
        return names;
    }

    /** Names of channels, each once, sorted. */
    public List<String> channels(Notification notification) {
        TreeSet<String> channels = new TreeSet<>();
        for (NotifiedAlert alert : notification.alerts()) {
            channels.addAll(channels(notification.receiver(), alert.labels()));
        }
        return List.copyOf(channels);
    }

    private List<String> channels(String receiver, Labels labels) {
        List<String> channels = new ArrayList<>();
        return collect(routes, receiver, labels, channels) ? channels : otherwise;
    }

    private static boolean collect(List<Compiled> routes, String receiver, Labels labels, List<String> channels) {
        boolean held = false;
        for (Compiled route : routes) {
            if (route.holds(receiver, labels)) {
                held = true;
                if (!collect(route.below(), receiver, labels, channels)) {
                    channels.addAll(route.channels());
                }
                if (!route.andNext()) {
                    break;
                }
            }
        }
        return held;
    }

    /** Whether receivers are told apart and none of the routes names this one. */
    public boolean isUnknown(String receiver) {
        return !names.isEmpty() && !names.contains(receiver);
    }
}
