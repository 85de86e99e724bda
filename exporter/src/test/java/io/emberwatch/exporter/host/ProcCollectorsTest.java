package io.emberwatch.exporter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcCollectorsTest {
    private static final HostConfig DEFAULTS = ConfigReader.defaults(HostConfig.class);

    @TempDir
    Path root;

    private HostTree tree;

    @BeforeEach
    void plant() {
        tree = new HostTree(root);
    }

    @Test
    void processorTimesOnlyEverGrow() throws IOException {
        CpuCollector cpu = new CpuCollector(tree.paths(), false);
        tree.file("proc/stat", "cpu  1 1 1 1\ncpu0 100 0 50 1000 70 0 0 0 0 0\nintr 5\n");
        assertThat(HostTree.page(cpu))
                .contains("# TYPE node_cpu_seconds_total counter\n")
                .contains("node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 1\n")
                .contains("node_cpu_seconds_total{cpu=\"0\",mode=\"iowait\"} 0.7\n");

        tree.file("proc/stat", "cpu  1 1 1 1\ncpu0 110 0 50 900 40 0 0 0 0 0\nintr 5\n");
        assertThat(HostTree.page(cpu))
                .contains("{cpu=\"0\",mode=\"user\"} 1.1\n")
                .contains("{cpu=\"0\",mode=\"idle\"} 10\n")
                .contains("{cpu=\"0\",mode=\"iowait\"} 0.7\n");
    }

    @Test
    void aProcessorThatWasTakenOutAndPutBackBeginsAnew() throws IOException {
        CpuCollector cpu = new CpuCollector(tree.paths(), true);
        tree.file("proc/stat", "cpu  1\ncpu0 100 0 50 1000 70 0 0 0 7 8\ncpu1 1 1 1 1\n");
        assertThat(HostTree.page(cpu))
                .contains("node_cpu_guest_seconds_total{cpu=\"0\",mode=\"nice\"} 0.08\n")
                .contains("cpu=\"1\"");

        tree.file("proc/stat", "cpu  1\ncpu0 2 0 0 700 1 0 0 0 0 0\nctxt 3\n\n\n\n\n");
        assertThat(HostTree.page(cpu))
                .contains("{cpu=\"0\",mode=\"user\"} 0.02\n")
                .contains("{cpu=\"0\",mode=\"idle\"} 7\n")
                .doesNotContain("cpu=\"1\"");
    }

    @Test
    void throttlingIsReadOncePerCoreAndPackage() throws IOException {
        tree.file("proc/stat", "cpu  1\n").file("sys/devices/system/cpu/isolated", "1-2,4\n");
        for (int cpu = 0; cpu < 4; cpu++) {
            String folder = "sys/devices/system/cpu/cpu" + cpu;
            tree.file(folder + "/topology/physical_package_id", "0\n")
                    .file(folder + "/topology/core_id", cpu / 2 + "\n")
                    .file(folder + "/thermal_throttle/core_throttle_count", "5\n")
                    .file(folder + "/thermal_throttle/package_throttle_count", "30\n")
                    .file(folder + "/online", cpu == 3 ? "0\n" : "1\n");
        }
        tree.file("sys/devices/system/cpu/cpufreq/boost", "1");

        assertThat(HostTree.page(new CpuCollector(tree.paths(), true)))
                .contains("node_cpu_core_throttles_total{core=\"0\",package=\"0\"} 5\n")
                .contains("node_cpu_core_throttles_total{core=\"1\",package=\"0\"} 5\n")
                .contains("node_cpu_package_throttles_total{package=\"0\"} 30\n")
                .contains("node_cpu_online{cpu=\"3\"} 0\n")
                .contains("node_cpu_online{cpu=\"0\"} 1\n")
                .contains("node_cpu_isolated{cpu=\"2\"} 1\nnode_cpu_isolated{cpu=\"4\"} 1\n");
    }

    @Test
    void everyFieldOfMeminfoIsShown() throws IOException {
        tree.file(
                "proc/meminfo",
                "MemTotal:       16384 kB\nActive(anon):    12 kB\nHugePages_Total:       3\nBrandNew:  1 kB\n\nodd\n");

        assertThat(HostTree.page(new MeminfoCollector(tree.paths()))).isEqualTo("""
                        # TYPE node_memory_MemTotal_bytes gauge
                        node_memory_MemTotal_bytes 16777216
                        # TYPE node_memory_Active_anon_bytes gauge
                        node_memory_Active_anon_bytes 12288
                        # TYPE node_memory_HugePages_Total gauge
                        node_memory_HugePages_Total 3
                        # TYPE node_memory_BrandNew_bytes gauge
                        node_memory_BrandNew_bytes 1024
                        """);
    }

    @Test
    void networkDevicesMayHaveColonsAndCountersUseAllSixtyFourBits() throws IOException {
        tree.file("proc/1/net/dev", """
                        Inter-|   Receive                                                |  Transmit
                         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                          eth0:18446744073709551615 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
                         eth0:1: 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
                            lo: 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
                        """).file("sys/class/net/eth0/statistics/rx_nohandler", "17\n");

        assertThat(HostTree.page(new NetdevCollector(tree.paths(), "^lo$")))
                .contains("node_network_receive_bytes_total{device=\"eth0\"} 18446744073709552000\n")
                .contains("node_network_receive_bytes_total{device=\"eth0:1\"} 1\n")
                .contains("node_network_transmit_compressed_total{device=\"eth0\"} 16\n")
                .contains("node_network_receive_nohandler_total{device=\"eth0\"} 17\n")
                .doesNotContain("\"lo\"");
    }

    @Test
    void disksShowAsManyColumnsAsTheKernelPrints() throws IOException {
        tree.file("proc/diskstats", """
                           8       0 sda 10 20 30 40 50 60 70 80 90 100 110
                         252       1 dm-1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18
                           7       0 loop0 1 2 3 4 5 6 7 8 9 10 11
                        """)
                .file("udev/b8:0", """
                        S:disk/by-id/x
                        E:ID_MODEL=ST4000
                        E:ID_SERIAL=long
                        E:ID_SERIAL_SHORT=Z30
                        E:ID_ATA=1
                        E:ID_ATA_ROTATION_RATE_RPM=5900
                        E:ID_FS_TYPE=ext4
                        E:ID_FS_UUID=7a
                        """)
                .file("sys/block/sda/queue/rotational", "1\n")
                .file("udev/b252:1", "E:DM_NAME=vg-root\nE:DM_VG_NAME=vg\n")
                .file("sys/block/dm-1/slaves/sda2/x", "");

        assertThat(HostTree.page(new DiskstatsCollector(
                        tree.paths(), DEFAULTS.diskstats().deviceExclude())))
                .contains("node_disk_read_bytes_total{device=\"sda\"} 15360\n")
                .contains("node_disk_io_time_weighted_seconds_total{device=\"sda\"} 0.11\n")
                .doesNotContain("node_disk_discards_completed_total{device=\"sda\"}")
                .contains("node_disk_flush_requests_time_seconds_total{device=\"dm-1\"} 0.017\n")
                .contains("# TYPE node_disk_io_now gauge")
                .contains(
                        "node_disk_info{device=\"sda\",major=\"8\",minor=\"0\",model=\"ST4000\",rotational=\"1\",serial=\"Z30\"} 1\n")
                .contains("node_disk_ata_rotation_rate_rpm{device=\"sda\"} 5900\n")
                .contains("node_disk_filesystem_info{device=\"sda\",type=\"ext4\",uuid=\"7a\"} 1\n")
                .contains("node_disk_device_mapper_info{device=\"dm-1\",name=\"vg-root\",vg_name=\"vg\"} 1\n")
                .contains("node_disk_device_mapper_backing_device_info{backing_device=\"sda2\",device=\"dm-1\"} 1\n")
                .doesNotContain("loop0");
    }

    @Test
    void smallFilesBecomeTheirMetrics() throws IOException {
        tree.file("proc/loadavg", "0.15 1.50 12.05 2/345 6789\n")
                .file("proc/sys/fs/file-nr", "1024\t0\t1631329\n")
                .file("proc/vmstat", "nr_free_pages 1\npgpgin 7\noom_kill 2\npgalloc_normal 3\npgmajfault 9\n")
                .file("proc/sys/net/netfilter/nf_conntrack_count", "123\n")
                .file("proc/sys/net/netfilter/nf_conntrack_max", "65536\n")
                .file(
                        "proc/stat",
                        "cpu  1\nintr 100 1 2 3\nctxt 200\nbtime 1418183276\nprocesses 26442\nprocs_running 2\n")
                .file(
                        "proc/pressure/cpu",
                        "some avg10=0.00 avg60=0.00 avg300=0.00 total=14036781\nfull avg10=0.00 total=5\n")
                .file("proc/pressure/io", "some avg10=0.00 total=159037802\nfull avg10=0.00 total=159229614\n");

        assertThat(HostTree.page(new LoadavgCollector(tree.paths())))
                .contains("node_load1 0.15\n")
                .contains("node_load15 12.05\n");
        assertThat(HostTree.page(new FilefdCollector(tree.paths())))
                .contains("node_filefd_allocated 1024\n")
                .contains("node_filefd_maximum 1631329\n");
        assertThat(HostTree.page(
                        new VmstatCollector(tree.paths(), DEFAULTS.vmstat().fields())))
                .contains("# TYPE node_vmstat_oom_kill untyped\nnode_vmstat_oom_kill 2\n")
                .contains("node_vmstat_pgmajfault 9\n")
                .doesNotContain("nr_free_pages")
                .doesNotContain("pgalloc");
        assertThat(HostTree.page(new ConntrackCollector(tree.paths())))
                .contains("node_nf_conntrack_entries 123\n")
                .contains("node_nf_conntrack_entries_limit 65536\n");
        assertThat(HostTree.page(new StatCollector(tree.paths())))
                .contains("node_intr_total 100\n")
                .contains("node_boot_time_seconds 1418183276\n")
                .contains("node_forks_total 26442\n")
                .doesNotContain("blocked");
        assertThat(HostTree.page(new PressureCollector(tree.paths())))
                .contains("node_pressure_cpu_waiting_seconds_total 14.036781\n")
                .contains("node_pressure_io_stalled_seconds_total 159.229614\n")
                .doesNotContain("cpu_stalled");
    }

    @Test
    void theTimeComesWithItsZone() throws IOException {
        tree.file("sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet \n")
                .file("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        ManualClock clock = new ManualClock(Instant.parse("2026-07-01T12:00:00.250Z"));

        assertThat(HostTree.page(new TimeCollector(tree.paths(), clock, ZoneId.of("Europe/Rome"))))
                .contains("node_time_seconds 1782907200.25\n")
                .contains("node_time_zone_offset_seconds{time_zone=\"CEST\"} 7200\n")
                .contains("node_time_clocksource_available_info{clocksource=\"hpet\",device=\"0\"} 1\n")
                .contains("node_time_clocksource_current_info{clocksource=\"tsc\",device=\"0\"} 1\n");
    }

    @Test
    void whatTheKernelDoesNotHaveIsNoFault() {
        assertThatThrownBy(() -> HostTree.page(new ConntrackCollector(tree.paths())))
                .isInstanceOf(NoDataException.class);
        assertThatThrownBy(() -> HostTree.page(new PressureCollector(tree.paths())))
                .isInstanceOf(NoDataException.class);
    }

    @Test
    void aFileThatIsNotWhatItShouldBeIsAFaultOfItsCollector() throws IOException {
        tree.file("proc/loadavg", "high\n").file("proc/meminfo", "MemTotal: lots kB\n");

        assertThatThrownBy(() -> HostTree.page(new LoadavgCollector(tree.paths())))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoDataException.class);
        assertThatThrownBy(() -> HostTree.page(new MeminfoCollector(tree.paths())))
                .isInstanceOf(NumberFormatException.class);
    }
}
