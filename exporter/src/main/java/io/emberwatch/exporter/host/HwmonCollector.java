package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Temperatures, voltages, fans and power of the chips in /sys/class/hwmon, under node_exporter's names.
 *
 * @see <a href="https://www.kernel.org/doc/Documentation/hwmon/sysfs-interface">Naming of the files</a>
 */
final class HwmonCollector implements SampleSource {
    private static final Pattern FILE = Pattern.compile("([^0-9]+)([0-9]*)(?:_(.+))?");
    private static final Set<String> KINDS = Set.of(
            "vrm",
            "beep_enable",
            "update_interval",
            "in",
            "cpu",
            "fan",
            "pwm",
            "temp",
            "curr",
            "power",
            "energy",
            "humidity",
            "intrusion");
    private static final Set<String> INTERVALS =
            Set.of("average_interval", "average_interval_min", "average_interval_max");
    private static final Set<String> SPEEDS = Set.of("input", "min", "max", "target");
    private static final double MILLI = 1e-3;
    private static final double MICRO = 1e-6;
    private static final double MILLION = 1e6;

    private final Path chips;

    HwmonCollector(HostPaths paths) {
        chips = paths.sys("class/hwmon");
    }

    @Override
    public String name() {
        return "hwmon";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        if (!Files.isDirectory(chips)) {
            throw new NoDataException(chips + " does not exist");
        }
        Map<String, Family> families = new TreeMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(chips, Files::isDirectory)) {
            for (Path folder : folders) {
                add(families, folder);
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        families.values().forEach(family -> family.flushTo(result));
        return result;
    }

    private static void add(Map<String, Family> families, Path folder) throws IOException {
        String chip = chip(folder);
        String name = KernelFile.firstLine(folder.resolve("name"));
        if (name != null && !clean(name).isEmpty()) {
            family(families, "node_hwmon_chip_names", "Annotation metric for human-readable chip names")
                    .add(1, "chip", chip, "chip_name", clean(name));
        }
        Map<String, Map<String, String>> sensors = new TreeMap<>();
        read(folder, sensors);
        if (Files.isDirectory(folder.resolve("device"))) {
            read(folder.resolve("device"), sensors);
        }
        sensors.forEach((sensor, elements) -> addSensor(families, chip, sensor, elements));
    }

    // By the device, as its number depends on the order in which drivers were loaded.
    private static String chip(Path folder) throws IOException {
        Path device = folder.resolve("device");
        if (Files.exists(device)) {
            Path real = device.toRealPath();
            String name = clean(String.valueOf(real.getFileName()));
            Path parent = real.getParent();
            String kind = parent == null ? "" : clean(String.valueOf(parent.getFileName()));
            if (!name.isEmpty()) {
                return kind.isEmpty() ? name : kind + '_' + name;
            }
        }
        String name = KernelFile.firstLine(folder.resolve("name"));
        return name != null && !clean(name).isEmpty()
                ? clean(name)
                : clean(String.valueOf(folder.toRealPath().getFileName()));
    }

    private static String clean(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9:_]", "_").replaceAll("^_+|_+$", "");
    }

    private static void read(Path folder, Map<String, Map<String, String>> sensors) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            for (Path file : files) {
                Matcher name = FILE.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && KINDS.contains(name.group(1))) {
                    String text = KernelFile.firstLine(file);
                    String number = name.group(2).isEmpty() ? "0" : name.group(2);
                    if (text != null) {
                        sensors.computeIfAbsent(name.group(1) + number, key -> new LinkedHashMap<>())
                                .put(name.group(3) == null ? "" : name.group(3), text);
                    }
                }
            }
        }
    }

    private static void addSensor(
            Map<String, Family> families, String chip, String sensor, Map<String, String> elements) {
        String kind = sensor.replaceAll("[0-9]+$", "");
        String label = elements.get("label");
        if (label != null && !label.isEmpty()) {
            family(families, "node_hwmon_sensor_label", "Label for given chip and sensor")
                    .add(1, "chip", chip, "label", label, "sensor", sensor);
        }
        elements.forEach((element, text) -> {
            Double value = number(text);
            if (value != null && !element.equals("label")) {
                Shown shown = shown(kind, element, elements.containsKey(""));
                Family family = shown.counter
                        ? families.computeIfAbsent(shown.name, key -> Family.counter(shown.name, shown.help))
                        : family(families, shown.name, shown.help);
                family.add(shown.inBaseUnit(value), "chip", chip, "sensor", sensor);
            }
        });
    }

    private static Family family(Map<String, Family> families, String name, String help) {
        return families.computeIfAbsent(name, key -> Family.gauge(name, help));
    }

    private static @Nullable Double number(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** How an element of a sensor is shown. */
    private record Shown(String name, String help, double unit, boolean counter) {
        Shown(String name, String help, double unit) {
            this(name, help, unit, false);
        }

        // As node_exporter reckons, so that the last digit is the same.
        double inBaseUnit(double value) {
            return unit == MICRO ? value / MILLION : value * unit;
        }
    }

    private static Shown shown(String kind, String element, boolean hasPlain) {
        boolean isPlain = element.isEmpty() || (element.equals("input") && !hasPlain);
        String name = "node_hwmon_" + kind + (isPlain ? "" : '_' + clean(element));
        boolean isState = element.equals("fault") || element.equals("alarm");
        return switch (kind) {
            case "beep_enable" -> new Shown("node_hwmon_beep_enabled", "Hardware beep enabled", 1);
            case "vrm" -> new Shown("node_hwmon_voltage_regulator_version", "Hardware voltage regulator", 1);
            case "update_interval" ->
                new Shown("node_hwmon_update_interval_seconds", "Hardware monitor update interval", MILLI);
            default -> {
                if (isState) {
                    yield new Shown(name, "Hardware sensor " + element + " status (" + kind + ")", 1);
                }
                yield element.equals("beep")
                        ? new Shown(name + "_enabled", "Hardware monitor sensor has beeping enabled", 1)
                        : withUnit(kind, element, name);
            }
        };
    }

    private static Shown withUnit(String kind, String element, String name) {
        String of = " (" + element + ")";
        Shown plain = new Shown(name, "Hardware monitor " + kind + " element " + element, 1);
        return switch (kind) {
            case "in", "cpu" -> new Shown(name + "_volts", "Hardware monitor for voltage" + of, MILLI);
            case "temp" ->
                element.equals("type")
                        ? plain
                        : new Shown(name + "_celsius", "Hardware monitor for temperature" + of, MILLI);
            case "curr" -> new Shown(name + "_amps", "Hardware monitor for current" + of, MILLI);
            case "energy" ->
                new Shown(name + "_joule_total", "Hardware monitor for joules used so far" + of, MICRO, true);
            case "power" -> power(element, name, of);
            case "humidity" ->
                new Shown(
                        name,
                        "Hardware monitor for humidity, as a ratio (multiply with 100.0 to get the humidity as a"
                                + " percentage)" + of,
                        MICRO);
            case "fan" ->
                SPEEDS.contains(element)
                        ? new Shown(name + "_rpm", "Hardware monitor for fan revolutions per minute" + of, 1)
                        : plain;
            default -> plain;
        };
    }

    private static Shown power(String element, String name, String of) {
        if (element.equals("accuracy")) {
            return new Shown(name, "Hardware monitor power meter accuracy, as a ratio", MICRO);
        }
        return INTERVALS.contains(element)
                ? new Shown(name + "_seconds", "Hardware monitor power usage update interval" + of, MILLI)
                : new Shown(name + "_watt", "Hardware monitor for power usage in watts" + of, MICRO);
    }
}
