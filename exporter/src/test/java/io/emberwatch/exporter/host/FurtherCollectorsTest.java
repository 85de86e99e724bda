package io.emberwatch.exporter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.flow.SampleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collectors whose devices few machines of tests have. */
class FurtherCollectorsTest {
    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void plant() {
        tree = new HostTree(root);
    }

    @Test
    void bondsCountTheirDevices() throws IOException {
        tree.file("sys/class/net/bonding_masters", "bond0\n")
                .file("sys/class/net/bond0/bonding/slaves", "eth0 eth1\n")
                .file("sys/class/net/bond0/lower_eth0/bonding_slave/mii_status", "up\n")
                .file("sys/class/net/bond0/lower_eth1/bonding_slave/mii_status", "down\n");

        assertThat(HostTree.page(new BondingCollector(tree.paths()))).isEqualTo("""
                # TYPE node_bonding_slaves gauge
                node_bonding_slaves{master="bond0"} 2
                # TYPE node_bonding_active gauge
                node_bonding_active{master="bond0"} 1
                """);
    }

    @Test
    void whatAMachineLacksIsNoFault() {
        for (var collector : List.of(
                new BondingCollector(tree.paths()),
                new ThermalZoneCollector(tree.paths()),
                new MdadmCollector(tree.paths()),
                new TimexCollector(List.of(List.of(root.resolve("adjtimex").toString())), () -> 0))) {
            assertThatThrownBy(() -> HostTree.page(collector)).isInstanceOf(NoDataException.class);
        }
    }

    @Test
    void raidTellsOfMissingDisks() throws IOException {
        tree.file("proc/mdstat", """
                Personalities : [raid1] [raid6]
                md0 : active raid1 sdb1[1] sda1[0](F) sdc1[2](S)
                      248896 blocks super 1.2 [2/1] [_U]
                      [=>...................]  recovery =  8.5% (16775/248896) finish=17.0min speed=259783K/sec

                md127 : inactive sdh1[0](S)
                      156160 blocks super external:imsm

                unused devices: <none>
                """);

        assertThat(HostTree.page(new MdadmCollector(tree.paths())))
                .contains("node_md_state{device=\"md0\",state=\"recovering\"} 1\n")
                .contains("node_md_state{device=\"md0\",state=\"active\"} 0\n")
                .contains("node_md_state{device=\"md127\",state=\"inactive\"} 1\n")
                .contains("node_md_disks{device=\"md0\",state=\"active\"} 1\n")
                .contains("node_md_disks{device=\"md0\",state=\"failed\"} 1\n")
                .contains("node_md_disks{device=\"md0\",state=\"spare\"} 1\n")
                .contains("node_md_disks_required{device=\"md0\"} 2\n")
                .contains("node_md_blocks_synced{device=\"md0\"} 16775\n")
                .contains("node_md_blocks_synced{device=\"md127\"} 156160\n");
    }

    @Test
    void temperaturesAndCoolersAreRead() throws IOException {
        tree.file("sys/class/thermal/thermal_zone0/temp", "49925\n")
                .file("sys/class/thermal/thermal_zone0/type", "acpitz\n")
                .file("sys/class/thermal/cooling_device1/cur_state", "-1\n")
                .file("sys/class/thermal/cooling_device1/max_state", "27\n")
                .file("sys/class/thermal/cooling_device1/type", "Processor\n");

        assertThat(HostTree.page(new ThermalZoneCollector(tree.paths())))
                .contains("node_thermal_zone_temp{type=\"acpitz\",zone=\"0\"} 49.925\n")
                .contains("node_cooling_device_cur_state{name=\"1\",type=\"Processor\"} -1\n")
                .contains("node_cooling_device_max_state{name=\"1\",type=\"Processor\"} 27\n");
    }

    @Test
    void frequenciesAreInHertz() throws IOException {
        tree.file("sys/devices/system/cpu/cpu3/cpufreq/scaling_cur_freq", "1699981\n")
                .file("sys/devices/system/cpu/cpu3/cpufreq/cpuinfo_max_freq", "3700000\n")
                .file("sys/devices/system/cpu/cpu3/cpufreq/cpuinfo_cur_freq", "<unknown>\n");

        assertThat(HostTree.page(new CpufreqCollector(tree.paths())))
                .contains("node_cpu_scaling_frequency_hertz{cpu=\"3\"} 1699981000\n")
                .contains("node_cpu_frequency_max_hertz{cpu=\"3\"} 3700000000\n")
                .doesNotContain("node_cpu_frequency_hertz");
    }

    @Test
    void theClocksDisciplineIsToldByAdjtimex() throws IOException {
        Path program = Files.writeString(root.resolve("adjtimex"), """
                #!/bin/sh
                cat <<END
                         mode: 0
                       offset: -252000
                    frequency: 655360
                     maxerror: 500
                     esterror: 16
                       status: 8193
                time_constant: 10
                         tick: 10000
                     raw time:  1795250765s 906156us = 1795250765.906156
                 return value = 0
                END
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        AtomicLong nanos = new AtomicLong();
        TimexCollector timex =
                new TimexCollector(List.of(List.of("/bin/false"), List.of(program.toString(), "--print")), nanos::get);
        assertThat(HostTree.page(timex))
                .contains("node_timex_offset_seconds -0.000252\n")
                .contains("node_timex_frequency_adjustment_ratio 1.00001\n")
                .contains("node_timex_maxerror_seconds 0.0005\n")
                .contains("node_timex_status 8193\n")
                .contains("node_timex_tick_seconds 0.01\n")
                .contains("node_timex_sync_status 1\n");
        Files.delete(program);
        assertThat(HostTree.page(timex)).as("for ten seconds").contains("node_timex_status 8193\n");
        nanos.addAndGet(10_000_000_000L);
        assertThatThrownBy(() -> HostTree.page(timex)).isInstanceOf(NoDataException.class);
    }

    @Test
    void theKernelItselfTellsOfThePulsePerSecondAndOfAtomicTime() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "perl is not installed");
        List<List<String>> programs = TimexCollector.programs(System.getProperty("os.arch", ""));
        Assumptions.assumeTrue(programs.size() == 3, "the number of the system call is not known here");

        assertThat(HostTree.page(new TimexCollector(programs.subList(0, 1), () -> 0)))
                .contains("# TYPE node_timex_pps_calibration_total counter\n")
                .contains("node_timex_tai_offset_seconds ")
                .contains("node_timex_tick_seconds 0.01\n");
    }

    @Test
    void statisticsOfConnectionTrackingAreAddedUp() throws IOException {
        tree.file("proc/sys/net/netfilter/nf_conntrack_count", "1\n")
                .file("proc/sys/net/netfilter/nf_conntrack_max", "2\n")
                .file(
                        "proc/self/net/stat/nf_conntrack",
                        "entries  searched found drop\n00000001  00000000 0000000a 00000002\n00000001  00000000 00000006 00000000\n");

        assertThat(HostTree.page(new ConntrackCollector(tree.paths())))
                .contains("node_nf_conntrack_stat_found 16\n")
                .contains("node_nf_conntrack_stat_drop 2\n")
                .doesNotContain("insert");
    }

    @Test
    void processorsAreDescribedWhenThatIsWanted() throws IOException {
        tree.file("proc/stat", "cpu  1\n").file("proc/cpuinfo", """
                        processor\t: 0
                        vendor_id\t: AuthenticAMD
                        cpu family\t: 26
                        model\t\t: 2
                        model name\t: AMD EPYC
                        stepping\t: 1
                        microcode\t: 0x1
                        cache size\t: 1024 KB
                        physical id\t: 0
                        core id\t\t: 0
                        flags\t\t: fpu aes avx2
                        bugs\t\t: srso

                        processor\t: 1
                        flags\t\t: sse
                        """);
        SampleSource times = new CpuCollector(tree.paths(), true);
        assertThat(HostTree.page(new CpuDescription(
                        times, tree.paths(), new HostConfig.CpuConfig(true, true, "^(aes|sse)$", ".*"))))
                .isEqualTo("""
                        # TYPE node_cpu_info gauge
                        node_cpu_info{cachesize="1024 KB",core="0",cpu="0",family="26",microcode="0x1",model="2",model_name="AMD EPYC",package="0",stepping="1",vendor="AuthenticAMD"} 1
                        node_cpu_info{cpu="1"} 1
                        # TYPE node_cpu_flag_info gauge
                        node_cpu_flag_info{flag="aes"} 1
                        # TYPE node_cpu_bug_info gauge
                        node_cpu_bug_info{bug="srso"} 1
                        """);
        assertThat(HostTree.page(
                        new CpuDescription(times, tree.paths(), new HostConfig.CpuConfig(true, false, "", ""))))
                .isEmpty();
    }

    @Test
    void negativeCountersOfProtocolsAreRead() throws IOException {
        tree.file("proc/self/net/netstat", "TcpExt: ListenDrops X\nTcpExt: 3 -1\n")
                .file("proc/self/net/snmp", "Tcp: MaxConn CurrEstab\nTcp: -1 5\n")
                .file("proc/self/net/snmp6", "Udp6InErrors 7\n");

        assertThat(HostTree.page(new NetstatCollector(tree.paths(), "^(Tcp_.*|TcpExt_Listen.*|.*InErrors)$")))
                .contains("node_netstat_Tcp_MaxConn -1\n")
                .contains("node_netstat_TcpExt_ListenDrops 3\n")
                .contains("node_netstat_Udp6_InErrors 7\n");
    }
}
