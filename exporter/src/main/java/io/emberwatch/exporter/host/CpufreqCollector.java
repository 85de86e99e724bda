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
import java.util.Map;

/** How fast each processor runs and may run, where the kernel scales it. */
final class CpufreqCollector implements SampleSource {
    private static final double HERTZ = 1000; // the kernel writes kHz

    private final Path devices;
    private final Map<String, Family> files = new LinkedHashMap<>();

    CpufreqCollector(HostPaths paths) {
        devices = paths.sys("devices/system/cpu");
        add("cpuinfo_cur_freq", "frequency_hertz", "Current CPU thread frequency in hertz.");
        add("cpuinfo_min_freq", "frequency_min_hertz", "Minimum CPU thread frequency in hertz.");
        add("cpuinfo_max_freq", "frequency_max_hertz", "Maximum CPU thread frequency in hertz.");
        add("scaling_cur_freq", "scaling_frequency_hertz", "Current scaled CPU thread frequency in hertz.");
        add("scaling_min_freq", "scaling_frequency_min_hertz", "Minimum scaled CPU thread frequency in hertz.");
        add("scaling_max_freq", "scaling_frequency_max_hertz", "Maximum scaled CPU thread frequency in hertz.");
    }

    private void add(String file, String name, String help) {
        files.put(file, Family.gauge("node_cpu_" + name, help));
    }

    @Override
    public String name() {
        return "cpufreq";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        if (!Files.isDirectory(devices)) {
            throw new NoDataException(devices + " does not exist");
        }
        try (DirectoryStream<Path> cpus = Files.newDirectoryStream(devices, "cpu[0-9]*")) {
            for (Path cpu : cpus) {
                String number = cpu.getFileName().toString().substring("cpu".length());
                files.forEach((file, family) -> {
                    String text = KernelFile.firstLine(cpu.resolve("cpufreq").resolve(file));
                    if (text != null && !text.isEmpty() && Character.isDigit(text.charAt(0))) {
                        family.add(Words.count(text) * HERTZ, "cpu", number);
                    }
                });
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        files.values().forEach(family -> family.flushTo(result));
        return result;
    }
}
