package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counters of network devices from /proc/net/dev, and {@code rx_nohandler} from sysfs, which that file lacks. */
final class NetdevCollector implements SampleSource {
    private static final List<String> COLUMNS = List.of(
            "receive_bytes",
            "receive_packets",
            "receive_errs",
            "receive_drop",
            "receive_fifo",
            "receive_frame",
            "receive_compressed",
            "receive_multicast",
            "transmit_bytes",
            "transmit_packets",
            "transmit_errs",
            "transmit_drop",
            "transmit_fifo",
            "transmit_colls",
            "transmit_carrier",
            "transmit_compressed");
    private static final String NO_HANDLER = "receive_nohandler";

    private final KernelFile dev;
    private final Path devices;
    private final Pattern exclude;
    private final Map<String, Family> families = new LinkedHashMap<>();

    NetdevCollector(HostPaths paths, String deviceExclude) {
        dev = paths.ofFirstProcess("net/dev");
        devices = paths.sys("class/net");
        exclude = Pattern.compile(deviceExclude);
        COLUMNS.forEach(this::family);
        family(NO_HANDLER);
    }

    private void family(String column) {
        families.put(
                column,
                Family.counter("node_network_" + column + "_total", "Network device statistic " + column + '.'));
    }

    @Override
    public String name() {
        return "netdev";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        for (String line : dev.lines()) {
            int colon = line.lastIndexOf(':');
            String device = colon < 0 ? "" : line.substring(0, colon).strip();
            if (!device.isEmpty() && !exclude.matcher(device).find()) {
                add(device, Words.of(line.substring(colon + 1)));
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        families.values().forEach(family -> family.flushTo(result));
        return result;
    }

    private void add(String device, List<String> values) {
        for (int i = 0; i < COLUMNS.size() && i < values.size(); i++) {
            add(COLUMNS.get(i), device, values.get(i));
        }
        String noHandler = KernelFile.firstLine(devices.resolve(device).resolve("statistics/rx_nohandler"));
        if (noHandler != null) {
            add(NO_HANDLER, device, noHandler);
        }
    }

    private void add(String column, String device, String value) {
        Family family = families.get(column);
        if (family != null) {
            family.add(Words.count(value), "device", device);
        }
    }
}
