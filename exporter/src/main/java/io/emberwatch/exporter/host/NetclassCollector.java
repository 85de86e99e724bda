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
import java.util.regex.Pattern;

/** What /sys/class/net tells of each network device. */
final class NetclassCollector implements SampleSource {
    private static final double BYTES_PER_MEGABIT = 125_000;
    private static final String[] TEXTS = {"address", "broadcast", "duplex", "ifalias", "operstate"};

    private final Path devices;
    private final Pattern ignored;
    private final Family up = Family.gauge("node_network_up", "Value is 1 if operstate is 'up', 0 otherwise.");
    private final Family texts =
            Family.gauge("node_network_info", "Non-numeric data from /sys/class/net/<iface>, value is always 1.");
    private final Map<String, Family> numbers = new LinkedHashMap<>();

    NetclassCollector(HostPaths paths, String ignoredDevices) {
        devices = paths.sys("class/net");
        ignored = Pattern.compile(ignoredDevices);
        gauge("addr_assign_type", "address_assign_type");
        gauge("carrier", "carrier");
        counter("carrier_changes", "carrier_changes_total");
        counter("carrier_up_count", "carrier_up_changes_total");
        counter("carrier_down_count", "carrier_down_changes_total");
        gauge("dev_id", "device_id");
        gauge("dormant", "dormant");
        gauge("flags", "flags");
        gauge("ifindex", "iface_id");
        gauge("iflink", "iface_link");
        gauge("link_mode", "iface_link_mode");
        gauge("mtu", "mtu_bytes");
        gauge("name_assign_type", "name_assign_type");
        gauge("netdev_group", "net_dev_group");
        gauge("speed", "speed_bytes");
        gauge("tx_queue_len", "transmit_queue_length");
        gauge("type", "protocol_type");
    }

    private void gauge(String file, String name) {
        numbers.put(file, Family.gauge("node_network_" + name, "Network device property: " + name));
    }

    private void counter(String file, String name) {
        numbers.put(file, Family.counter("node_network_" + name, "Network device property: " + name));
    }

    @Override
    public String name() {
        return "netclass";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        if (!Files.isDirectory(devices)) {
            throw new NoDataException(devices + " does not exist");
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(devices, Files::isDirectory)) {
            for (Path folder : folders) {
                String device = folder.getFileName().toString();
                if (!ignored.matcher(device).find()) {
                    add(folder, device);
                }
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        up.flushTo(result);
        texts.flushTo(result);
        numbers.values().forEach(family -> family.flushTo(result));
        return result;
    }

    private void add(Path folder, String device) {
        String[] labels = new String[2 + 2 * TEXTS.length];
        labels[0] = "device";
        labels[1] = device;
        for (int i = 0; i < TEXTS.length; i++) {
            String text = KernelFile.firstLine(folder.resolve(TEXTS[i]));
            labels[2 + 2 * i] = TEXTS[i];
            labels[3 + 2 * i] = text == null ? "" : text;
        }
        texts.add(1, labels);
        up.add("up".equals(KernelFile.firstLine(folder.resolve("operstate"))) ? 1 : 0, "device", device);
        numbers.forEach((file, family) -> {
            // Several cannot be read while a device is down.
            String text = KernelFile.firstLine(folder.resolve(file));
            if (text != null && !text.isEmpty()) {
                family.add(Words.number(text) * (file.equals("speed") ? BYTES_PER_MEGABIT : 1), "device", device);
            }
        });
    }
}
