package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import io.emberwatch.exporter.host.FilesystemSpace.Space;
import io.emberwatch.exporter.host.HostConfig.FilesystemConfig;
import io.emberwatch.exporter.host.InodeCounts.Inodes;
import io.emberwatch.exporter.host.MountProbe.Answer;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.SeriesKey;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Space and inodes of mounted file systems. A mount that does not answer costs the others nothing but some patience. */
final class FilesystemCollector implements SampleSource {
    private static final Duration INODE_PATIENCE = Duration.ofSeconds(1);
    private static final Answer NO_ANSWER = Answer.fault("");

    private final KernelFile mountinfo;
    private final Path rootfs;
    private final Pattern mountPointsExclude;
    private final Pattern fsTypesExclude;
    private final MountProbe probe;
    private final InodeCounts inodes;
    private byte[] table = {};
    private List<ShownMount> mounts = List.of();
    private List<Path> paths = List.of();

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
        KernelText text = mountinfo.read();
        if (!text.isWhole(table)) {
            table = text.whole();
            mounts = shownMounts(new String(table, StandardCharsets.UTF_8));
            paths = mounts.stream().map(ShownMount::path).toList();
        }
        Map<Path, Answer> answers = probe.ask(paths, deadline);
        List<Path> answering = paths;
        if (answers.values().stream().anyMatch(answer -> answer.space() == null)) {
            answering = paths.stream()
                    .filter(path -> answers.getOrDefault(path, NO_ANSWER).space() != null)
                    .toList();
        }
        Map<Path, Inodes> counts = inodes.of(answering, inodePatience(deadline));
        for (ShownMount mount : mounts) {
            add(mount, answers.getOrDefault(mount.path, NO_ANSWER), counts.get(mount.path));
        }
        List<MetricFamily> families = new ArrayList<>();
        for (Family family : List.of(size, free, available, files, filesFree, readOnly, error, mountInfo)) {
            family.flushTo(families);
        }
        return families;
    }

    private List<ShownMount> shownMounts(String mountTable) {
        List<ShownMount> found = new ArrayList<>();
        for (Mount mount : Mount.parse(mountTable.lines().toList())) {
            String mountPoint = shown(mount);
            if (!mountPointsExclude.matcher(mountPoint).find()
                    && !fsTypesExclude.matcher(mount.fsType()).find()) {
                found.add(new ShownMount(
                        mount.readOnly(),
                        rootfs.resolve(mountPoint.substring(1)),
                        mountInfo.key(
                                "device",
                                mount.device(),
                                "major",
                                mount.major(),
                                "minor",
                                mount.minor(),
                                "mountpoint",
                                mountPoint),
                        keys(mount, "")));
            }
        }
        return found;
    }

    /** A mount and the keys of its series as long as there is no fault. */
    private record ShownMount(boolean readOnly, Path path, SeriesKey infoKey, Keys keys) {}

    private record Keys(
            Mount mount,
            SeriesKey size,
            SeriesKey free,
            SeriesKey available,
            SeriesKey files,
            SeriesKey filesFree,
            SeriesKey readOnly,
            SeriesKey error) {}

    private Keys keys(Mount mount, String fault) {
        String[] labels = {
            "device", mount.device(), "mountpoint", shown(mount), "fstype", mount.fsType(), "device_error", fault
        };
        return new Keys(
                mount,
                size.key(labels),
                free.key(labels),
                available.key(labels),
                files.key(labels),
                filesFree.key(labels),
                readOnly.key(labels),
                error.key(labels));
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

    private void add(ShownMount mount, Answer answer, @Nullable Inodes counts) {
        Keys keys = answer.fault().isEmpty() ? mount.keys : keys(mount.keys.mount, answer.fault());
        Space space = answer.space();
        error.add(keys.error, space == null ? 1 : 0);
        readOnly.add(keys.readOnly, mount.readOnly ? 1 : 0);
        mountInfo.add(mount.infoKey, 1);
        if (space == null) {
            return;
        }
        size.add(keys.size, space.size());
        free.add(keys.free, space.free());
        available.add(keys.available, space.available());
        if (counts != null) {
            files.add(keys.files, counts.total());
            filesFree.add(keys.filesFree, counts.free());
        }
    }
}
