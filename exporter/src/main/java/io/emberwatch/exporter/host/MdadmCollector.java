package io.emberwatch.exporter.host;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The state of software RAID, from /proc/mdstat. */
final class MdadmCollector implements SampleSource {
    private static final Pattern DEVICE = Pattern.compile("^(md\\S*|\\S+) : (active|inactive|broken)\\b(.*)$");
    private static final Pattern BLOCKS = Pattern.compile("^\\s+(\\d+) blocks\\b(?:.*\\[(\\d+)/(\\d+)\\])?");
    private static final Pattern SYNC = Pattern.compile("(recovery|resync|check|reshape)\\s*=\\s*[0-9.]+% \\((\\d+)/");
    private static final Pattern PENDING = Pattern.compile("(recovery|resync|check|reshape)\\s*=\\s*(PENDING|DELAYED)");
    private static final List<String> STATES = List.of("active", "inactive", "recovering", "resync", "check");

    private final KernelFile mdstat;
    private final Family state = Family.gauge("node_md_state", "Indicates the state of md-device.");
    private final Family disks = Family.gauge("node_md_disks", "Number of active/failed/spare disks of device.");
    private final Family required = Family.gauge("node_md_disks_required", "Total number of disks of device.");
    private final Family blocks = Family.gauge("node_md_blocks", "Total number of blocks on device.");
    private final Family synced = Family.gauge("node_md_blocks_synced", "Number of blocks synced on device.");

    MdadmCollector(HostPaths paths) {
        mdstat = paths.proc("mdstat");
    }

    @Override
    public String name() {
        return "mdadm";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        List<String> lines = mdstat.lines();
        for (int i = 0; i < lines.size(); i++) {
            Matcher device = DEVICE.matcher(lines.get(i));
            if (device.matches()) {
                int end = i + 1;
                while (end < lines.size() && lines.get(end).startsWith(" ")) {
                    end++;
                }
                add(device, lines.subList(i + 1, end));
            }
        }
        List<MetricFamily> result = new ArrayList<>();
        for (Family family : List.of(state, disks, required, blocks, synced)) {
            family.flushTo(result);
        }
        return result;
    }

    private void add(Matcher line, List<String> more) {
        String device = line.group(1);
        List<String> members = Words.of(line.group(3)).stream()
                .filter(word -> word.indexOf('[') > 0)
                .toList();
        double failed = members.stream().filter(word -> word.endsWith("(F)")).count();
        double spare = members.stream().filter(word -> word.endsWith("(S)")).count();
        double total = members.size() - failed - spare;
        double active = total;
        double size = 0;
        double done = -1;
        String doing = line.group(2).equals("active") ? "active" : "inactive";
        for (String text : more) {
            Matcher found = BLOCKS.matcher(text);
            if (found.find()) {
                size = Words.count(found.group(1));
                if (found.group(2) != null) {
                    total = Words.count(found.group(2));
                    active = Words.count(found.group(3));
                }
            }
            Matcher sync = SYNC.matcher(text);
            Matcher pending = PENDING.matcher(text);
            if (sync.find()) {
                done = Words.count(sync.group(2));
                doing = doing(sync.group(1));
            } else if (pending.find()) {
                doing = doing(pending.group(1));
            }
        }
        for (String possible : STATES) {
            state.add(possible.equals(doing) ? 1 : 0, "device", device, "state", possible);
        }
        disks.add(active, "device", device, "state", "active");
        disks.add(failed, "device", device, "state", "failed");
        disks.add(spare, "device", device, "state", "spare");
        required.add(total, "device", device);
        blocks.add(size, "device", device);
        synced.add(done < 0 ? size : done, "device", device);
    }

    private static String doing(String word) {
        return word.equals("recovery") || word.equals("reshape") ? "recovering" : word;
    }
}
