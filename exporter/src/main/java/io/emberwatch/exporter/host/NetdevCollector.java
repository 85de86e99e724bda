package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    private final List<Family> families;
    private final Family noHandler = family(NO_HANDLER);
    private final Rows<Device> rows = new Rows<>(this::device);

    NetdevCollector(HostPaths paths, String deviceExclude) {
        dev = paths.ofFirstProcess("net/dev");
        devices = paths.sys("class/net");
        exclude = Pattern.compile(deviceExclude);
        families = COLUMNS.stream().map(NetdevCollector::family).toList();
    }

    private static Family family(String column) {
        return Family.counter("node_network_" + column + "_total", "Network device statistic " + column + '.');
    }

    private Device device(String name) {
        return new Device(
                name.isEmpty() || exclude.matcher(name).find(),
                families.stream().map(family -> family.key("device", name)).toList(),
                noHandler.key("device", name),
                new KernelFile(devices.resolve(name).resolve("statistics/rx_nohandler")));
    }

    @Override
    public String name() {
        return "netdev";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        KernelText text = dev.read();
        rows.rewind();
        while (text.nextLine()) {
            if (text.nextBeforeLast(':')) {
                Device device = rows.of(text);
                if (!device.excluded) {
                    add(device, text);
                }
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        families.forEach(family -> family.flushTo(result));
        noHandler.flushTo(result);
        return result;
    }

    private void add(Device device, KernelText text) throws IOException {
        for (int i = 0; i < device.keys.size() && text.nextWord(); i++) {
            families.get(i).add(device.keys.get(i), text.count());
        }
        String packets = device.noHandlerFile.stripped();
        if (!packets.isEmpty()) {
            noHandler.add(device.noHandler, Words.count(packets));
        }
    }

    /** @param keys one of each column's family */
    private record Device(boolean excluded, List<SeriesKey> keys, SeriesKey noHandler, KernelFile noHandlerFile) {}
}
