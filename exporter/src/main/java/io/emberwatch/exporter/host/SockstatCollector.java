package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many sockets are in use, by protocol, from /proc/net/sockstat and sockstat6. */
final class SockstatCollector implements SampleSource {
    private static final double PAGE_BYTES = 4096; // on every amd64 and most arm64

    private final KernelFile four;
    private final KernelFile six;
    private final Map<String, Family> families = new LinkedHashMap<>();

    SockstatCollector(HostPaths paths) {
        four = paths.ofFirstProcess("net/sockstat");
        six = paths.ofFirstProcess("net/sockstat6");
    }

    @Override
    public String name() {
        return "sockstat";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        add(four.lines());
        try {
            add(six.lines());
        } catch (NoDataException e) {
            // A machine without IPv6.
        }
        List<MetricFamily> result = new ArrayList<>();
        families.values().forEach(family -> family.flushTo(result));
        return result;
    }

    private void add(List<String> lines) {
        for (String line : lines) {
            List<String> words = Words.of(line);
            if (words.size() < 3) {
                continue;
            }
            String protocol = words.get(0).replace(":", "");
            if (protocol.equals("sockets")) {
                show("node_sockstat_sockets_used", "Number of IPv4 sockets in use.", Words.count(words.get(2)));
                continue;
            }
            for (int i = 1; i + 1 < words.size(); i += 2) {
                String state = words.get(i);
                double value = Words.number(words.get(i + 1));
                add(protocol, state, value);
                if (state.equals("mem")) {
                    add(protocol, "mem_bytes", value * PAGE_BYTES);
                }
            }
        }
    }

    private void add(String protocol, String state, double value) {
        show(
                "node_sockstat_" + protocol + '_' + state,
                "Number of " + protocol + " sockets in state " + state + '.',
                value);
    }

    private void show(String name, String help, double value) {
        families.computeIfAbsent(name, n -> Family.gauge(n, help)).add(value);
    }
}
