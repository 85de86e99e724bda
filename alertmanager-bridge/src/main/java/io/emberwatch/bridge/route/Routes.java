package io.emberwatch.bridge.route;

import io.emberwatch.bridge.notification.Notification;
import io.emberwatch.bridge.notification.NotifiedAlert;
import io.emberwatch.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which channels a notification goes to: each of its alerts is taken through the routes in order, the first that holds
 * counts, and so do those behind it while they ask for it. An alert that no route holds for goes to the default channels.
 * The notification goes, as a whole, wherever one of its alerts goes.
 */
public final class Routes {
    private final List<Compiled> routes;
    private final List<String> otherwise;
    private final boolean byReceiver;

    private record Compiled(
            @Nullable String receiver, List<LabelMatcher> matchers, List<String> channels, boolean andNext) {
        boolean holds(String name, Labels labels) {
            return (receiver == null || receiver.equals(name))
                    && matchers.stream().allMatch(matcher -> matcher.matches(labels));
        }
    }

    /** @param otherwise the default channels */
    public Routes(List<RouteConfig> routes, List<String> otherwise) {
        this.routes = routes.stream().map(Routes::compile).toList();
        this.otherwise = List.copyOf(otherwise);
        this.byReceiver = routes.stream().anyMatch(route -> route.receiver() != null);
    }

    private static Compiled compile(RouteConfig route) {
        List<LabelMatcher> matchers = new ArrayList<>();
        route.matchers().forEach(text -> matchers.addAll(LabelMatcher.parseAll(text)));
        return new Compiled(route.receiver(), matchers, route.channels(), route.andNext());
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
        boolean held = false;
        for (Compiled route : routes) {
            if (route.holds(receiver, labels)) {
                held = true;
                channels.addAll(route.channels());
                if (!route.andNext()) {
                    break;
                }
            }
        }
        return held ? channels : otherwise;
    }

    /** Whether receivers are told apart and none of the routes names this one. */
    public boolean isUnknown(String receiver) {
        return byReceiver && routes.stream().noneMatch(route -> receiver.equals(route.receiver()));
    }
}
