package io.emberwatch.exporter.host;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.emberwatch.service.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What of this machine is measured. The defaults are those of node_exporter 1.12.
 *
 * @param procfs where the machine's /proc is; in a container often /host/proc
 * @param sysfs where its /sys is
 * @param rootfs where its root file system is
 * @param udevData where udev keeps what it knows of disks
 * @param names under which names the page shows it
 * @param collectors which collectors are enabled, of {@link HostCollectors#NAMES}
 */
public record HostConfig(
        @Default("true") boolean enabled,
        @Default("/proc") Path procfs,
        @Default("/sys") Path sysfs,
        @Default("/") Path rootfs,
        @Default("/run/udev/data") Path udevData,
        @Default(ALL) List<String> collectors,
        @Default("{}") FilesystemConfig filesystem,
        @Default("{}") DiskConfig diskstats,
        @Default("{}") NetworkConfig netdev,
        @Default("{}") CpuConfig cpu,
        @Default("{}") VmstatConfig vmstat,
        @Default("{}") NetstatConfig netstat,
        @Default("{}") NetclassConfig netclass,
        @Default("[node]") List<Names> names) {
    // All but processes, which reads a file of every thread, as in node_exporter.
    static final String ALL =
            "[arp, bonding, conntrack, cpu, cpufreq, diskstats, entropy, filefd, filesystem, hwmon, loadavg,"
                    + " mdadm, meminfo, netclass, netdev, netstat, os, pressure, sockstat, softnet, stat, thermal_zone, time, timex,"
                    + " uname, vmstat]";

    /** Whose names the machine's metrics have. */
    public enum Names {
        /** node_exporter's. */
        NODE,
        /** Telegraf's. */
        TELEGRAF
    }

    private static final List<String> TELEGRAF = List.of(
            "cpu", "diskstats", "entropy", "filesystem", "loadavg", "meminfo", "netclass", "netdev", "stat", "vmstat");

    public HostConfig {
        collectors = List.copyOf(collectors);
        names = List.copyOf(names);
        for (String collector : collectors) {
            if (!HostCollectors.NAMES.contains(collector)) {
                throw new IllegalArgumentException(
                        "collectors: " + collector + " is none of " + String.join(", ", HostCollectors.NAMES));
            }
        }
    }

    /** What Telegraf's measurements are made of: the same machine, by the collectors that they need. */
    public HostConfig forTelegraf() {
        return new HostConfig(
                true,
                procfs,
                sysfs,
                rootfs,
                udevData,
                TELEGRAF,
                filesystem,
                diskstats,
                netdev,
                new CpuConfig(true, false, "^$", "^$"),
                new VmstatConfig("^pgpg(in|out)$"),
                netstat,
                netclass,
                List.of(Names.NODE));
    }

    /**
     * @param mountPointsExclude a regular expression of mount points that are left out
     * @param fsTypesExclude a regular expression of file system types that are left out
     * @param mountTimeout how long a mount may take to answer before it is stuck; at most half of a scrape's time is spent
     *     on finding that out
     * @param inodeInterval how old the numbers of inodes may be; Java cannot ask for them, so {@code stat} is run
     */
    public record FilesystemConfig(
            @Default(MOUNT_POINTS) String mountPointsExclude,
            @Default(FS_TYPES) String fsTypesExclude,
            @Default("5s") Duration mountTimeout,
            @Default("1m") Duration inodeInterval) {
        static final String MOUNT_POINTS =
                "'^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)'";
        static final String FS_TYPES =
                "'^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs"
                        + "|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$'";

        public FilesystemConfig {
            check("mount_points_exclude", mountPointsExclude);
            check("fs_types_exclude", fsTypesExclude);
            if (mountTimeout.isNegative() || mountTimeout.isZero()) {
                throw new IllegalArgumentException("mount_timeout: must be longer than nothing");
            }
            if (inodeInterval.isNegative()) {
                throw new IllegalArgumentException("inode_interval: must not be negative");
            }
        }
    }

    /** @param deviceExclude a regular expression of disks that are left out */
    public record DiskConfig(@Default(DEVICES) String deviceExclude) {
        static final String DEVICES = "'^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$'";

        public DiskConfig {
            check("device_exclude", deviceExclude);
        }
    }

    /** @param deviceExclude a regular expression of network devices that are left out */
    public record NetworkConfig(@Default("'^$'") String deviceExclude) {
        public NetworkConfig {
            check("device_exclude", deviceExclude);
        }
    }

    /**
     * @param guest whether the time spent in guests is shown by itself too
     * @param info whether /proc/cpuinfo is shown
     * @param flagsInclude a regular expression of the flags that are shown with it
     * @param bugsInclude a regular expression of the bugs that are shown with it
     */
    public record CpuConfig(
            @Default("true") boolean guest,
            @Default("false") boolean info,
            @Default("'^$'") String flagsInclude,
            @Default("'^$'") String bugsInclude) {
        public CpuConfig {
            check("flags_include", flagsInclude);
            check("bugs_include", bugsInclude);
        }
    }

    /** @param fields a regular expression of the fields of /proc/vmstat that are shown */
    public record VmstatConfig(
            @Default("'^(oom_kill|pgpg|pswp|pg.*fault).*'") String fields) {
        public VmstatConfig {
            check("fields", fields);
        }
    }

    /** @param fields a regular expression of the fields of /proc/net that are shown, as {@code Udp_InErrors} */
    public record NetstatConfig(@Default(FIELDS) String fields) {
        static final String FIELDS = "'^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)"
                + "|Icmp6?_(InMsgs|OutMsgs)"
                + "|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)"
                + "|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)"
                + "|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$'";

        public NetstatConfig {
            check("fields", fields);
        }
    }

    /** @param ignoredDevices a regular expression of network devices that are left out */
    public record NetclassConfig(@Default("'^$'") String ignoredDevices) {
        public NetclassConfig {
            check("ignored_devices", ignoredDevices);
        }
    }

    private static void check(String key, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }
}
