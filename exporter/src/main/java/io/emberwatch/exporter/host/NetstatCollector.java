package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Chosen counters of the network protocols, from /proc/net/netstat, snmp and snmp6. */
final class NetstatCollector implements SampleSource {
    private final List<KernelFile> tables;
    private final KernelFile snmp6;
    private final Pattern fields;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Map<String, Boolean> shown = new HashMap<>();

    NetstatCollector(HostPaths paths, String fields) {
        tables = List.of(paths.ofFirstProcess("net/netstat"), paths.ofFirstProcess("net/snmp"));
        snmp6 = paths.ofFirstProcess("net/snmp6");
        this.fields = Pattern.compile(fields);
    }

    @Override
    public String name() {
        return "netstat";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        for (KernelFile table : tables) {
            addTable(table.lines());
        }
        try {
            addSix(snmp6.lines());
        } catch (NoDataException e) {
            // A machine without IPv6.
        }
        List<MetricFamily> result = new ArrayList<>();
        families.values().forEach(family -> family.flushTo(result));
        return result;
    }

    // Lines come in pairs: a protocol and its names, the protocol and their values.
    private void addTable(List<String> lines) throws IOException {
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            List<String> names = Words.of(lines.get(i));
            List<String> values = Words.of(lines.get(i + 1));
            if (names.isEmpty()
                    || names.size() != values.size()
                    || !names.get(0).equals(values.get(0))) {
                throw new IOException("/proc/net: a line of names and one of values do not belong together");
            }
            String protocol = names.get(0).replace(":", "");
            for (int field = 1; field < names.size(); field++) {
                add(protocol, names.get(field), values.get(field));
            }
        }
    }

    // Udp6InDatagrams is the field InDatagrams of the protocol Udp6.
    private void addSix(List<String> lines) {
        for (String line : lines) {
            List<String> words = Words.of(line);
            int six = words.size() < 2 ? -1 : words.get(0).indexOf('6');
            if (six >= 0) {
                add(words.get(0).substring(0, six + 1), words.get(0).substring(six + 1), words.get(1));
            }
        }
    }

    private void add(String protocol, String field, String value) {
        String key = protocol + '_' + field;
        if (shown.computeIfAbsent(key, k -> fields.matcher(k).find())) {
            families.computeIfAbsent(
                            key, k -> Family.untyped("node_netstat_" + k, "Statistic " + protocol + field + '.'))
                    .add(Words.number(value));
        }
    }
}
