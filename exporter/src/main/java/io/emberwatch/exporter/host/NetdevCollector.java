package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Counters of network devices from {@code /proc/1/net/dev}, so that in a container the host's are read, with {@code
 * nohandler} from sysfs.
 */
final class NetdevCollector implements SampleSource {
    private static final String[] COLUMNS = {
        "receive_bytes", "receive_packets", "receive_errs", "receive_drop", "receive_fifo", "receive_frame",
        "receive_compressed", "receive_multicast", "transmit_bytes", "transmit_packets", "transmit_errs",
                "transmit_drop",
        "transmit_fifo", "transmit_colls", "transmit_carrier", "transmit_compressed"
    };

    private final ProcFiles files;
    private final Predicate<String> excluded;

    NetdevCollector(ProcFiles files, Predicate<String> excluded) {
        this.files = files;
        this.excluded = excluded;
    }

    @Override
    public String name() {
        return "netdev";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        Families families = new Families();
        for (String line : lines()) {
            int colon = line.lastIndexOf(':');
            if (colon < 0) {
                continue;
            }
            String device = line.substring(0, colon).trim();
            if (excluded.test(device)) {
                continue;
            }
            Labels labels = Labels.of("device", device);
            String[] words = line.substring(colon + 1).trim().split(" +", -1);
            for (int i = 0; i < COLUMNS.length && i < words.length; i++) {
                add(families, COLUMNS[i], labels, words[i]);
            }
            try {
                add(
                        families,
                        "receive_nohandler",
                        labels,
                        files.sys("class/net/" + device + "/statistics/rx_nohandler"));
            } catch (IOException absent) {
                // kernels before 4.6, and devices of another network namespace
            }
        }
        return families.list();
    }

    private List<String> lines() throws IOException {
        try {
            return files.procLines("1/net/dev");
        } catch (IOException notAllowed) {
            return files.procLines("net/dev");
        }
    }

    private static void add(Families families, String key, Labels labels, String value) {
        families.counter(
                "node_network_" + key + "_total",
                "Network device statistic " + key + ".",
                labels,
                Double.parseDouble(value.trim()));
    }
}
