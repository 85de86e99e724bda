package io.emberwatch.exporter.host;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sizes of mounted filesystems. A mount that does not answer within five seconds, as one from a dead file server, is
 * reported with {@code node_filesystem_device_error} and not touched again until it has answered.
 *
 * <p>The JDK does not tell inode counts; they come from one run of {@code stat -f} for all mounts.
 */
final class FilesystemCollector implements SampleSource {
    private static final Logger logger = LoggerFactory.getLogger("exporter.host");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int WORKERS = 4;
    private static final String POINT = "mountpoint";

    private final ProcFiles files;
    private final Path rootfs;
    private final Predicate<String> excludedPoints;
    private final Predicate<String> excludedTypes;
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, task -> {
        Thread thread = new Thread(task, "statfs");
        thread.setDaemon(true);
        return thread;
    });

    FilesystemCollector(ProcFiles files, HostConfig config) {
        this.files = files;
        rootfs = config.rootfs();
        excludedPoints = HostConfig.excluded(config.mountPointsExclude());
        excludedTypes = HostConfig.excluded(config.fsTypesExclude());
    }

    private record Space(double size, double free, double available) {}

    private record Inodes(double all, double free) {}

    @Override
    public String name() {
        return "filesystem";
    }

    @Override
    public List<MetricFamily> collect(Deadline deadline) throws IOException {
        Map<Labels, Mount> mounts = mounts();
        Map<Labels, Future<Space>> asked = new LinkedHashMap<>();
        mounts.forEach((labels, mount) -> {
            if (!stuck.contains(mount.point())) {
                asked.put(labels, workers.submit(() -> space(mount.point())));
            }
        });
        Map<Labels, Space> spaces = new LinkedHashMap<>();
        Duration patience = deadline.remaining().compareTo(PATIENCE) < 0 ? deadline.remaining() : PATIENCE;
        Deadline end = Deadline.after(patience);
        asked.forEach((labels, answer) -> await(answer, labels, end, spaces));
        Map<String, Inodes> inodes =
                inodes(spaces.keySet().stream().map(labels -> labels.get(POINT)).toList());
        return families(mounts, spaces, inodes);
    }

    private Map<Labels, Mount> mounts() throws IOException {
        List<String> lines;
        try {
            lines = files.procLines("1/mountinfo");
        } catch (IOException notAllowed) {
            lines = files.procLines("self/mountinfo");
        }
        Map<Labels, Mount> mounts = new LinkedHashMap<>();
        for (String line : lines) {
            Mount mount = Mount.parse(line);
            if (mount != null && !excludedPoints.test(mount.point()) && !excludedTypes.test(mount.type())) {
                mounts.put(Labels.of("device", mount.device(), POINT, mount.point(), "fstype", mount.type()), mount);
            }
        }
        return mounts;
    }

    private Path onHost(String point) {
        return point.equals("/") ? rootfs : rootfs.resolve(point.substring(1));
    }

    private Space space(String point) throws IOException {
        try {
            FileStore store = Files.getFileStore(onHost(point));
            return new Space(store.getTotalSpace(), store.getUnallocatedSpace(), store.getUsableSpace());
        } finally {
            stuck.remove(point);
        }
    }

    private void await(Future<Space> answer, Labels labels, Deadline end, Map<Labels, Space> into) {
        String point = labels.get(POINT);
        try {
            into.put(labels, answer.get(Math.max(1, end.remaining().toMillis()), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            if (stuck.add(point)) {
                logger.atWarn().addKeyValue(POINT, point).log("filesystem does not answer");
            }
        } catch (ExecutionException e) {
            logger.atDebug().addKeyValue(POINT, point).log("filesystem cannot be asked: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Inodes> inodes(List<String> points) {
        Map<String, Inodes> inodes = new HashMap<>();
        if (points.isEmpty()) {
            return inodes;
        }
        List<String> command = new ArrayList<>(List.of("stat", "-f", "-c", "%c %d %n", "--"));
        Map<String, String> byPath = new HashMap<>();
        for (String point : points) {
            String path = onHost(point).toString();
            command.add(path);
            byPath.put(path, point);
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            output.lines().forEach(line -> {
                String[] words = line.split(" ", 3);
                String point = words.length == 3 ? byPath.get(words[2]) : null;
                if (point != null) {
                    inodes.put(point, new Inodes(Double.parseDouble(words[0]), Double.parseDouble(words[1])));
                }
            });
        } catch (IOException noStat) {
            logger.atDebug().log("inodes are not known: " + noStat.getMessage());
        }
        return inodes;
    }

    private static List<MetricFamily> families(
            Map<Labels, Mount> mounts, Map<Labels, Space> spaces, Map<String, Inodes> inodes) {
        Families families = new Families();
        mounts.forEach((labels, mount) -> {
            Space space = spaces.get(labels);
            if (space != null) {
                families.gauge("node_filesystem_size_bytes", "Filesystem size in bytes.", labels, space.size())
                        .gauge("node_filesystem_free_bytes", "Filesystem free space in bytes.", labels, space.free())
                        .gauge(
                                "node_filesystem_avail_bytes",
                                "Filesystem space available to non-root users in bytes.",
                                labels,
                                space.available());
            }
            Inodes counts = inodes.get(mount.point());
            if (counts != null) {
                families.gauge("node_filesystem_files", "Filesystem total file nodes.", labels, counts.all())
                        .gauge(
                                "node_filesystem_files_free",
                                "Filesystem total free file nodes.",
                                labels,
                                counts.free());
            }
            families.gauge("node_filesystem_readonly", "Filesystem read-only status.", labels, mount.readOnly() ? 1 : 0)
                    .gauge(
                            "node_filesystem_device_error",
                            "Whether an error occurred while getting statistics for the given device.",
                            labels,
                            space == null ? 1 : 0);
        });
        return families.list();
    }
}
