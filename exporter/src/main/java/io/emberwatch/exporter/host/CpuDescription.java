package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import io.emberwatch.exporter.host.HostConfig.CpuConfig;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The collector of processors with what /proc/cpuinfo tells of them: what they are, what they can, what is wrong with them. */
final class CpuDescription implements SampleSource {
    private static final String HELP = "CPU information from /proc/cpuinfo.";

    private final SampleSource times;
    private final KernelFile cpuinfo;
    private final boolean shown;
    private final Pattern flags;
    private final Pattern bugs;
    private final Family info = Family.gauge("node_cpu_info", HELP);
    private final Family flag = Family.gauge(
            "node_cpu_flag_info", "The `flags` field of CPU information from /proc/cpuinfo taken from the first core.");
    private final Family bug = Family.gauge(
            "node_cpu_bug_info", "The `bugs` field of CPU information from /proc/cpuinfo taken from the first core.");

    /** @param times the collector that this one adds to */
    CpuDescription(SampleSource times, HostPaths paths, CpuConfig config) {
        this.times = times;
        cpuinfo = paths.proc("cpuinfo");
        shown = config.info();
        flags = Pattern.compile(config.flagsInclude());
        bugs = Pattern.compile(config.bugsInclude());
    }

    @Override
    public String name() {
        return times.name();
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> families = new ArrayList<>(times.collect(deadline));
        if (shown) {
            boolean first = true;
            for (String block : cpuinfo.text().split("\n\n", -1)) {
                Map<String, String> fields = fields(block);
                if (fields.containsKey("processor")) {
                    add(fields, first);
                    first = false;
                }
            }
            info.flushTo(families);
            flag.flushTo(families);
            bug.flushTo(families);
        }
        return families;
    }

    private static Map<String, String> fields(String block) {
        Map<String, String> fields = new HashMap<>();
        for (String line : block.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    private void add(Map<String, String> fields, boolean first) {
        info.add(
                1,
                "package",
                fields.getOrDefault("physical id", ""),
                "core",
                fields.getOrDefault("core id", ""),
                "cpu",
                fields.getOrDefault("processor", ""),
                "vendor",
                fields.getOrDefault("vendor_id", ""),
                "family",
                fields.getOrDefault("cpu family", ""),
                "model",
                fields.getOrDefault("model", ""),
                "model_name",
                fields.getOrDefault("model name", ""),
                "microcode",
                fields.getOrDefault("microcode", ""),
                "stepping",
                fields.getOrDefault("stepping", ""),
                "cachesize",
                fields.getOrDefault("cache size", ""));
        if (first) {
            add(flag, "flag", flags, fields.getOrDefault("flags", ""));
            add(bug, "bug", bugs, fields.getOrDefault("bugs", ""));
        }
    }

    private static void add(Family family, String label, Pattern included, String words) {
        Words.of(words).stream()
                .filter(word -> included.matcher(word).find())
                .forEach(word -> family.add(1, label, word));
    }
}
