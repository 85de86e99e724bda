package io.emberwatch.rules.scrape;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.discovery.TargetGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint to scrape.
 *
 * @param all its labels after relabelling, those with two leading underscores too
 * @param discovered its labels before relabelling
 * @param labels what its samples get
 * @param url with all parameters
 */
record Target(Labels all, Labels discovered, Labels labels, HttpUrl url, Duration interval, Duration timeout) {
    private static final String SCHEME = "__scheme__";
    private static final String PATH = "__metrics_path__";
    private static final String INTERVAL = "__scrape_interval__";
    private static final String TIMEOUT = "__scrape_timeout__";
    private static final String PARAM = "__param_";
    private static final String META = "__meta_";
    private static final String RESERVED = "__";

    /**
     * The target that a job makes of discovered labels, or null when relabelling drops it.
     *
     * @throws IllegalArgumentException when the labels make no target
     */
    static @Nullable Target of(ScrapeJob job, Labels fromDiscovery) {
        Labels discovered = discovered(job.settings(), fromDiscovery);
        Labels relabelled = job.relabels().apply(discovered);
        if (relabelled == null) {
            return null;
        }
        String scheme = relabelled.get(SCHEME);
        String address = withPort(relabelled.get(TargetGroup.ADDRESS), scheme);
        Duration interval = duration(relabelled.get(INTERVAL), "scrape interval");
        Duration timeout = duration(relabelled.get(TIMEOUT), "scrape timeout");
        if (timeout.compareTo(interval) > 0) {
            throw new IllegalArgumentException("scrape timeout cannot be greater than scrape interval ("
                    + relabelled.get(TIMEOUT) + " > " + relabelled.get(INTERVAL) + ")");
        }
        Labels.Builder all = relabelled.toBuilder().set(TargetGroup.ADDRESS, address);
        Labels.Builder shown = Labels.builder();
        for (int i = 0; i < relabelled.size(); i++) {
            String name = relabelled.name(i);
            if (name.startsWith(META)) {
                all.remove(name);
            } else if (!name.startsWith(RESERVED)) {
                shown.set(name, relabelled.value(i));
            }
        }
        if (!relabelled.has("instance")) {
            all.set("instance", address);
            shown.set("instance", address);
        }
        Labels allLabels = all.build();
        HttpUrl url = url(scheme, address, allLabels, job.settings().request().params());
        return new Target(allLabels, discovered, shown.build(), url, interval, timeout);
    }

    /** The labels before relabelling: what discovery said and what the job sets where discovery did not. */
    static Labels discovered(JobSettings settings, Labels fromDiscovery) {
        Labels.Builder labels = fromDiscovery.toBuilder();
        Map<String, String> defaults = Map.of(
                "job",
                settings.name(),
                INTERVAL,
                Durations.format(settings.interval()),
                TIMEOUT,
                Durations.format(settings.timeout()),
                PATH,
                settings.request().path(),
                SCHEME,
                settings.request().scheme());
        defaults.forEach((name, value) -> {
            if (labels.get(name).isEmpty()) {
                labels.set(name, value);
            }
        });
        settings.request().params().forEach((name, values) -> {
            if (!values.isEmpty()) {
                labels.set(PARAM + name, values.get(0));
            }
        });
        return labels.build();
    }

    private static String withPort(String address, String scheme) {
        if (address.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        if (address.indexOf('/') >= 0) {
            throw new IllegalArgumentException("\"" + address + "\" is not a valid hostname");
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("invalid scheme: \"" + scheme + "\"");
        }
        boolean hasPort = address.lastIndexOf(':') > address.lastIndexOf(']');
        return hasPort ? address : address + (scheme.equals("https") ? ":443" : ":80");
    }

    private static Duration duration(String text, String what) {
        Duration duration;
        try {
            duration = Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("error parsing " + what + ": " + e.getMessage(), e);
        }
        if (duration.isZero()) {
            throw new IllegalArgumentException(what + " cannot be 0");
        }
        return duration;
    }

    private static HttpUrl url(String scheme, String address, Labels all, Map<String, List<String>> params) {
        HttpUrl base = HttpUrl.parse(scheme + "://" + address + "/");
        if (base == null) {
            throw new IllegalArgumentException("\"" + address + "\" is not a valid hostname");
        }
        Map<String, List<String>> query = new TreeMap<>();
        params.forEach((name, values) -> query.put(name, new ArrayList<>(values)));
        for (int i = 0; i < all.size(); i++) {
            if (all.name(i).startsWith(PARAM)) {
                List<String> values =
                        query.computeIfAbsent(all.name(i).substring(PARAM.length()), name -> new ArrayList<>());
                if (values.isEmpty()) {
                    values.add(all.value(i));
                } else {
                    values.set(0, all.value(i));
                }
            }
        }
        String path = all.get(PATH);
        HttpUrl.Builder url = base.newBuilder().encodedPath(path.startsWith("/") ? path : "/" + path);
        query.forEach((name, values) -> values.forEach(value -> url.addQueryParameter(name, value)));
        return url.build();
    }

    /** Where in the interval the target is scraped: the same for ever, and spread evenly over all targets. */
    Duration offset() {
        long hash = 0xcbf29ce484222325L;
        String identity = all + " " + url;
        for (int i = 0; i < identity.length(); i++) {
            hash = (hash ^ identity.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        return Duration.ofMillis(Math.floorMod(hash, interval.toMillis()));
    }
}
