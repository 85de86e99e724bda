package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How full the table of tracked connections is; nothing where the kernel tracks none. */
final class ConntrackCollector implements SampleSource {
    private static final int HEXADECIMAL = 16;
    private static final String[][] STATISTICS = {
        {"found", "Number of searched entries which were successful."},
        {"invalid", "Number of packets seen which can not be tracked."},
        {"ignore", "Number of packets seen which are already connected to a conntrack entry."},
        {"insert", "Number of entries inserted into the list."},
        {"insert_failed", "Number of entries for which list insertion was attempted but failed."},
        {"drop", "Number of packets dropped due to conntrack failure."},
        {
            "early_drop",
            "Number of dropped conntrack entries to make room for new ones, if maximum table size was reached."
        },
        {"search_restart", "Number of conntrack table lookups which had to be restarted due to hashtable resizes."}
    };

    private final KernelFile count;
    private final KernelFile max;
    private final KernelFile statistics;

    ConntrackCollector(HostPaths paths) {
        count = paths.proc("sys/net/netfilter/nf_conntrack_count");
        statistics = paths.ofFirstProcess("net/stat/nf_conntrack");
        max = paths.proc("sys/net/netfilter/nf_conntrack_max");
    }

    @Override
    public String name() {
        return "conntrack";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<MetricFamily> families = new ArrayList<>();
        Collections.addAll(
                families,
                MetricFamily.gauge(
                        "node_nf_conntrack_entries",
                        "Number of currently allocated flow entries for connection tracking.",
                        Words.count(count.text().strip())),
                MetricFamily.gauge(
                        "node_nf_conntrack_entries_limit",
                        "Maximum size of connection tracking table.",
                        Words.count(max.text().strip())));
        addStatistics(families);
        return families;
    }

    // A line of names, then one of each processor in hexadecimal.
    private void addStatistics(List<MetricFamily> families) throws IOException {
        List<String> lines;
        try {
            lines = statistics.lines();
        } catch (NoDataException e) {
            return; // not every kernel counts them
        }
        List<String> columns = lines.isEmpty() ? List.of() : Words.of(lines.get(0));
        for (String[] shown : STATISTICS) {
            int column = columns.indexOf(shown[0]);
            double sum = 0;
            for (int i = 1; i < lines.size() && column >= 0; i++) {
                List<String> words = Words.of(lines.get(i));
                sum += column < words.size() ? Long.parseLong(words.get(column), HEXADECIMAL) : 0;
            }
            if (column >= 0) {
                families.add(MetricFamily.gauge("node_nf_conntrack_stat_" + shown[0], shown[1], sum));
            }
        }
    }
}
