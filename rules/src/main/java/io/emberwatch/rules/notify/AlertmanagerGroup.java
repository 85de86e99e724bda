package io.emberwatch.rules.notify;

import io.emberwatch.model.Labels;
import io.emberwatch.rules.discovery.TargetGroup;
import io.emberwatch.rules.discovery.TargetSources;
import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.settings.HttpSettings;
import io.emberwatch.rules.settings.MappingReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code alerting.alertmanagers} in a prometheus.yml, as Prometheus 3 reads it: Alertmanagers that are listed
 * or discovered and spoken to in the same way.
 *
 * @param path where alerts are posted to, the path prefix included
 * @param relabels turn discovered labels into an Alertmanager, or drop it
 * @param alertRelabels of alerts before they are sent there
 */
public record AlertmanagerGroup(
        String scheme,
        String path,
        Duration timeout,
        HttpSettings http,
        Relabeling relabels,
        Relabeling alertRelabels,
        TargetSources sources) {
    static final String API = "/api/v2/alerts";

    private static final String SCHEME = "__scheme__";
    private static final String PATH = "__alerts_path__";
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** Reads the list under a key; what is wrong with it becomes problems of the reader. */
    public static List<AlertmanagerGroup> readAll(MappingReader owner, String key, Path folder) {
        List<AlertmanagerGroup> all = new ArrayList<>();
        for (MappingReader reader : owner.mappings(key)) {
            all.add(read(reader, folder));
        }
        return List.copyOf(all);
    }

    private static AlertmanagerGroup read(MappingReader reader, Path folder) {
        String version = reader.text("api_version", "v2");
        if (!version.equals("v2")) {
            reader.problem("api_version", version + ": expected v2, which every Alertmanager since 0.16 speaks");
        }
        String scheme = reader.text("scheme", "http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            reader.problem("scheme", scheme + ": expected http or https");
        }
        Duration timeout = reader.duration("timeout", DEFAULT_TIMEOUT);
        if (timeout.isZero()) {
            timeout = DEFAULT_TIMEOUT;
        }
        String prefix = reader.text("path_prefix", "").replaceAll("^/+|/+$", "");
        AlertmanagerGroup group = new AlertmanagerGroup(
                scheme,
                (prefix.isEmpty() ? "" : "/" + prefix) + API,
                timeout,
                HttpSettings.read(reader, folder),
                Relabeling.read(reader, "relabel_configs"),
                Relabeling.read(reader, "alert_relabel_configs"),
                TargetSources.read(reader, folder));
        reader.finish();
        for (TargetGroup targets : group.sources().groups()) {
            for (Labels target : targets.targets()) {
                try {
                    group.settings(target);
                } catch (IllegalArgumentException e) {
                    reader.problem("static_configs", String.valueOf(e.getMessage()));
                }
            }
        }
        return group;
    }

    /**
     * The Alertmanager of a target, or null when relabelling drops it.
     *
     * @throws IllegalArgumentException when its labels make no address
     */
    @Nullable
    AlertmanagerSettings settings(Labels discovered) {
        Labels.Builder labels = discovered.toBuilder();
        if (!discovered.has(SCHEME)) {
            labels.set(SCHEME, scheme);
        }
        if (!discovered.has(PATH)) {
            labels.set(PATH, path);
        }
        Labels target = relabels.apply(labels.build());
        if (target == null) {
            return null;
        }
        String address = target.get(TargetGroup.ADDRESS);
        HttpUrl url = address.isEmpty() || address.indexOf('/') >= 0
                ? null
                : HttpUrl.parse(target.get(SCHEME) + "://" + address + target.get(PATH));
        if (url == null) {
            throw new IllegalArgumentException("\"" + address + "\": expected an address such as 127.0.0.1:9093");
        }
        return new AlertmanagerSettings(url, timeout, http, alertRelabels);
    }
}
