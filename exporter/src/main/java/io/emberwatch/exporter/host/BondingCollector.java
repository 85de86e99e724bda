package io.emberwatch.exporter.host;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How many devices each bond has, and how many of them are up. */
final class BondingCollector implements SampleSource {
    private final Path devices;
    private final Family slaves =
            Family.gauge("node_bonding_slaves", "Number of configured slaves per bonding interface.");
    private final Family active = Family.gauge("node_bonding_active", "Number of active slaves per bonding interface.");

    BondingCollector(HostPaths paths) {
        devices = paths.sys("class/net");
    }

    @Override
    public String name() {
        return "bonding";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        String masters = KernelFile.firstLine(devices.resolve("bonding_masters"));
        if (masters == null) {
            throw new NoDataException("the kernel bonds no devices");
        }
        for (String master : Words.of(masters)) {
            String names = KernelFile.firstLine(devices.resolve(master).resolve("bonding/slaves"));
            int all = 0;
            int up = 0;
            for (String slave : Words.of(names == null ? "" : names)) {
                all++;
                up += isUp(devices.resolve(master), slave) ? 1 : 0;
            }
            slaves.add(all, "master", master);
            active.add(up, "master", master);
        }
        List<MetricFamily> result = new ArrayList<>();
        slaves.flushTo(result);
        active.flushTo(result);
        return result;
    }

    // Older kernels name the link slave_, newer lower_.
    private static boolean isUp(Path master, String slave) {
        String state = KernelFile.firstLine(master.resolve("lower_" + slave).resolve("bonding_slave/mii_status"));
        if (state == null) {
            state = KernelFile.firstLine(master.resolve("slave_" + slave).resolve("bonding_slave/mii_status"));
        }
        return "up".equals(state);
    }
}
