package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.util.List;

/**
 * Which host metrics are read and from where.
 *
 * @param procfs where {@code /proc} of the host is; {@code /host/proc} in a container
 * @param rootfs what stands before every mount point; {@code /host} in a container
 * @param collectors by node_exporter's names
 * @param mountPointsExclude RE2, mount points that are left out
 * @param fsTypesExclude RE2, filesystem types that are left out
 * @param diskExclude RE2, block devices that are left out
 * @param networkExclude RE2, network devices that are left out; empty for none
 */
public record HostConfig(
        @Default("true") boolean enabled,
        @Default("/proc") Path procfs,
        @Default("/sys") Path sysfs,
        @Default("/") Path rootfs,
        @Default(ALL) List<String> collectors,
        @Default(MOUNT_POINTS) String mountPointsExclude,
        @Default(FS_TYPES) String fsTypesExclude,
        @Default(DISKS) String diskExclude,
        @Default("\"\"") String networkExclude) {
    static final List<String> KNOWN = List.of(
            "cpu",
            "diskstats",
            "filefd",
            "filesystem",
            "loadavg",
            "meminfo",
            "netdev",
            "stat",
            "time",
            "uname",
            "vmstat");

    static final String ALL =
            "[cpu, diskstats, filefd, filesystem, loadavg, meminfo, netdev, stat, time, uname, vmstat]";
    static final String MOUNT_POINTS =
            "'^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|" + "var/lib/containers/storage/.+)($|/)'";
    static final String FS_TYPES = "'^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|"
            + "hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|"
            + "sysfs|tracefs)$$'";
    static final String DISKS = "'^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$$'";

    public HostConfig {
        for (String collector : collectors) {
            if (!KNOWN.contains(collector)) {
                throw new IllegalArgumentException(
                        "collectors: " + collector + " is unknown; known are " + String.join(", ", KNOWN));
            }
        }
        requirePattern("mount_points_exclude", mountPointsExclude);
        requirePattern("fs_types_exclude", fsTypesExclude);
        requirePattern("disk_exclude", diskExclude);
        requirePattern("network_exclude", networkExclude);
    }

    private static void requirePattern(String key, String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(key + ": not a regular expression: " + e.getMessage(), e);
        }
    }

    /** A test for what is left out; an empty expression leaves out nothing. */
    static java.util.function.Predicate<String> excluded(String regex) {
        if (regex.isEmpty()) {
            return name -> false;
        }
        Pattern pattern = Pattern.compile(regex);
        return name -> pattern.matcher(name).find();
    }
}
