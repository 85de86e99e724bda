package io.emberwatch.exporter;

import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.http.HttpError;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which sources a scrape asks for, by {@code collect[]} and {@code exclude[]} as node_exporter has them; {@code host}
 * stands for all of its collectors.
 */
final class Selection {
    private static final String HOST = "host";

    private final Map<String, SampleSource> sources = new LinkedHashMap<>();
    private final Set<String> host = new LinkedHashSet<>();

    Selection(List<SampleSource> host, List<SampleSource> others) {
        for (SampleSource source : host) {
            sources.put(source.name(), source);
            this.host.add(source.name());
        }
        for (SampleSource source : others) {
            if (sources.put(source.name(), source) != null) {
                throw new IllegalArgumentException(source.name() + ": two sources of one name");
            }
        }
    }

    List<SampleSource> all() {
        return List.copyOf(sources.values());
    }

    boolean isHostCollector(String name) {
        return host.contains(name);
    }

    /** @throws HttpError 400 when both lists are given or a name is unknown */
    List<SampleSource> select(List<String> collect, List<String> exclude) throws HttpError {
        if (!collect.isEmpty() && !exclude.isEmpty()) {
            throw new HttpError(400, "Combined collect and exclude queries are not allowed.");
        }
        if (collect.isEmpty()) {
            Set<String> left = new LinkedHashSet<>(sources.keySet());
            left.removeAll(resolve(exclude));
            return left.stream().map(sources::get).toList();
        }
        return resolve(collect).stream().map(sources::get).toList();
    }

    private Set<String> resolve(List<String> names) throws HttpError {
        Set<String> resolved = new LinkedHashSet<>();
        for (String name : names) {
            if (name.equals(HOST) && !host.isEmpty()) {
                resolved.addAll(host);
            } else if (sources.containsKey(name)) {
                resolved.add(name);
            } else {
                throw new HttpError(400, "Couldn't create filtered metrics handler: missing collector: " + name);
            }
        }
        return resolved;
    }
}
