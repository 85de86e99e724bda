package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many neighbours each device knows, from /proc/net/arp. */
final class ArpCollector implements SampleSource {
    private static final int DEVICE_COLUMN = 5;

    private final KernelFile arp;
    private final Family entries = Family.gauge("node_arp_entries", "ARP entries by device");

    ArpCollector(HostPaths paths) {
        arp = paths.ofFirstProcess("net/arp");
    }

    @Override
    public String name() {
        return "arp";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        List<String> lines = arp.lines();
        for (int i = 1; i < lines.size(); i++) {
            List<String> words = Words.of(lines.get(i));
            if (words.size() > DEVICE_COLUMN) {
                counts.merge(words.get(DEVICE_COLUMN), 1, Integer::sum);
            }
        }
        counts.forEach((device, count) -> entries.add(count, "device", device));
        List<MetricFamily> result = new ArrayList<>();
        entries.flushTo(result);
        return result;
    }
}
