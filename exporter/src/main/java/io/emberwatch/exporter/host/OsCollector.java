package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which distribution this is, from os-release. */
final class OsCollector implements SampleSource {
    private static final List<String> LABELS = List.of(
            "build_id",
            "id",
            "id_like",
            "image_id",
            "image_version",
            "name",
            "pretty_name",
            "variant",
            "variant_id",
            "version",
            "version_codename",
            "version_id");
    private static final Pattern NUMBER = Pattern.compile("^[0-9]+\\.?[0-9]*");

    private final List<Path> places;
    private final Family os = Family.gauge(
            "node_os_info",
            "A metric with a constant '1' value labeled by build_id, id, id_like, image_id, image_version, name,"
                    + " pretty_name, variant, variant_id, version, version_codename, version_id.");
    private final Family version =
            Family.gauge("node_os_version", "Metric containing the major.minor part of the OS version.");

    OsCollector(HostPaths paths) {
        places =
                List.of(paths.rootfs().resolve("etc/os-release"), paths.rootfs().resolve("usr/lib/os-release"));
    }

    @Override
    public String name() {
        return "os";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        Path file = places.stream().filter(Files::isReadable).findFirst().orElse(null);
        if (file == null) {
            throw new NoDataException(places.get(0) + " does not exist");
        }
        Map<String, String> values = values(Files.readString(file));
        String[] labels = new String[2 * LABELS.size()];
        for (int i = 0; i < LABELS.size(); i++) {
            labels[2 * i] = LABELS.get(i);
            labels[2 * i + 1] = values.getOrDefault(LABELS.get(i), "");
        }
        os.add(1, labels);
        Matcher number = NUMBER.matcher(values.getOrDefault("version_id", ""));
        if (number.find()) {
            version.add(
                    Double.parseDouble(number.group()),
                    "id",
                    values.getOrDefault("id", ""),
                    "id_like",
                    values.getOrDefault("id_like", ""),
                    "name",
                    values.getOrDefault("name", ""));
        }
        List<MetricFamily> result = new ArrayList<>();
        os.flushTo(result);
        version.flushTo(result);
        return result;
    }

    // A subset of shell assignments, os-release(5).
    private static Map<String, String> values(String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                String value = line.substring(equals + 1).strip();
                boolean quoted = value.length() > 1
                        && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                        && value.charAt(value.length() - 1) == value.charAt(0);
                values.put(
                        line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\([\\\\\"$`])", "$1") : value);
            }
        }
        return values;
    }
}
