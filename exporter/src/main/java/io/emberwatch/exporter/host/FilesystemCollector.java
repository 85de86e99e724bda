package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import io.emberwatch.exporter.host.FilesystemSpace.Space;
import io.emberwatch.exporter.host.HostConfig.FilesystemConfig;
import io.emberwatch.exporter.host.InodeCounts.Inodes;
import io.emberwatch.exporter.host.MountProbe.Answer;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Space and inodes of mounted file systems. A mount that does not answer costs the others nothing but some patience. */
final class FilesystemCollector implements SampleSource {
    private static final Duration INODE_PATIENCE = Duration.ofSeconds(1);

    private final KernelFile mountinfo;
    private final Path rootfs;
    private final Pattern mountPointsExclude;
    private final Pattern fsTypesExclude;
    private final MountProbe probe;
    private final InodeCounts inodes;

    private final Family size = gauge("size_bytes", "Filesystem size in bytes.");
    private final Family free = gauge("free_bytes", "Filesystem free space in bytes.");
    private final Family available = gauge("avail_bytes", "Filesystem space available to non-root users in bytes.");
    private final Family files = gauge("files", "Filesystem total file nodes.");
    private final Family filesFree = gauge("files_free", "Filesystem total free file nodes.");
    private final Family readOnly = gauge("readonly", "Filesystem read-only status.");
    private final Family error =
            gauge("device_error", "Whether an error occurred while getting statistics for the given device.");
    private final Family mountInfo = gauge("mount_info", "Filesystem mount information.");

    FilesystemCollector(HostPaths paths, FilesystemConfig config, MountProbe probe, InodeCounts inodes) {
        mountinfo = paths.ofFirstProcess("mountinfo");
        rootfs = paths.rootfs();
        mountPointsExclude = Pattern.compile(config.mountPointsExclude());
        fsTypesExclude = Pattern.compile(config.fsTypesExclude());
        this.probe = probe;
        this.inodes = inodes;
    }

    private static Family gauge(String name, String help) {
        return Family.gauge("node_filesystem_" + name, help);
    }

    @Override
    public String name() {
        return "filesystem";
    }

    @Override
    public synchronized List<MetricFamily> collect(Deadline deadline) throws IOException {
        Map<Mount, Path> mounts = new LinkedHashMap<>();
        for (Mount mount : Mount.parse(mountinfo.lines())) {
            String mountPoint = shown(mount);
            if (!mountPointsExclude.matcher(mountPoint).find()
                    && !fsTypesExclude.matcher(mount.fsType()).find()) {
                mounts.put(mount, rootfs.resolve(mountPoint.substring(1)));
            }
        }
        Map<Path, Answer> answers = probe.ask(List.copyOf(mounts.values()), deadline);
        List<Path> answering = mounts.values().stream()
                .filter(path -> answers.getOrDefault(path, Answer.fault("")).space() != null)
                .distinct()
                .toList();
        Map<Path, Inodes> counts = inodes.of(answering, inodePatience(deadline));
        mounts.forEach((mount, path) -> add(mount, answers.getOrDefault(path, Answer.fault("")), counts.get(path)));
        List<MetricFamily> families = new ArrayList<>();
        for (Family family : List.of(size, free, available, files, filesFree, readOnly, error, mountInfo)) {
            family.flushTo(families);
        }
        return families;
    }

    private static Duration inodePatience(Deadline deadline) {
        Duration half = deadline.remaining().dividedBy(2);
        return half.compareTo(INODE_PATIENCE) < 0 ? half : INODE_PATIENCE;
    }

    // Where the machine's root is mounted below a folder of ours, the table may show that folder.
    private String shown(Mount mount) {
        String root = rootfs.toString();
        String mountPoint = mount.mountPoint();
        if (root.equals("/") || !mountPoint.startsWith(root)) {
            return mountPoint.startsWith("/") ? mountPoint : '/' + mountPoint;
        }
        String below = mountPoint.substring(root.length());
        return below.startsWith("/") ? below : '/' + below;
    }

    private void add(Mount mount, Answer answer, @Nullable Inodes counts) {
        String[] labels = {
            "device",
            mount.device(),
            "mountpoint",
            shown(mount),
            "fstype",
            mount.fsType(),
            "device_error",
            answer.fault()
        };
        Space space = answer.space();
        error.add(space == null ? 1 : 0, labels);
        readOnly.add(mount.readOnly() ? 1 : 0, labels);
        mountInfo.add(
                1,
                "device",
                mount.device(),
                "major",
                mount.major(),
                "minor",
                mount.minor(),
                "mountpoint",
                shown(mount));
        if (space == null) {
            return;
        }
        size.add(space.size(), labels);
        free.add(space.free(), labels);
        available.add(space.available(), labels);
        if (counts != null) {
            files.add(counts.total(), labels);
            filesFree.add(counts.free(), labels);
        }
    }
}
