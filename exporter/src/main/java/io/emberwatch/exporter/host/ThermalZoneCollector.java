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
import java.util.List;

/** Temperatures, and how hard the machine cools, from /sys/class/thermal. */
final class ThermalZoneCollector implements SampleSource {
    private static final double MILLIS = 1e3;

    private final Path devices;
    private final Family temperature = Family.gauge("node_thermal_zone_temp", "Zone temperature in Celsius");
    private final Family current =
            Family.gauge("node_cooling_device_cur_state", "Current throttle state of the cooling device");
    private final Family most =
            Family.gauge("node_cooling_device_max_state", "Maximum throttle state of the cooling device");

    ThermalZoneCollector(HostPaths paths) {
        devices = paths.sys("class/thermal");
    }

    @Override
    public String name() {
        return "thermal_zone";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        if (!Files.isDirectory(devices)) {
            throw new NoDataException(devices + " does not exist");
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(devices)) {
            for (Path folder : folders) {
                String name = folder.getFileName().toString();
                if (name.startsWith("thermal_zone")) {
                    add(
                            temperature,
                            folder.resolve("temp"),
                            MILLIS,
                            "zone",
                            name.substring("thermal_zone".length()),
                            folder);
                } else if (name.startsWith("cooling_device")) {
                    String number = name.substring("cooling_device".length());
                    add(current, folder.resolve("cur_state"), 1, "name", number, folder);
                    add(most, folder.resolve("max_state"), 1, "name", number, folder);
                }
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        for (Family family : List.of(temperature, current, most)) {
            family.flushTo(result);
        }
        return result;
    }

    // Sensors that are asleep answer with an error.
    private static void add(Family family, Path file, double unit, String label, String number, Path folder) {
        String text = KernelFile.firstLine(file);
        String type = KernelFile.firstLine(folder.resolve("type"));
        if (text != null && !text.isEmpty()) {
            family.add(Words.number(text) / unit, label, number, "type", type == null ? "" : type);
        }
    }
}
