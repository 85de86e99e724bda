package io.emberwatch.exporter.telegraf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.line.FieldValue;
import io.emberwatch.model.line.LinePoint;
import io.emberwatch.model.line.LineWriter;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelegrafHostTest {
    private static final Deadline PATIENCE = Deadline.after(Duration.ofSeconds(20));

    @TempDir
    private Path root;

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_700_000_000));
    private TelegrafHost host;
    private long nanos;

    @BeforeEach
    void plant() throws Exception {
        file("proc/sys/kernel/hostname", "flp1\n");
        file("proc/stat", """
                cpu  300 20 100 1000 80 0 0 0 60 10
                cpu0 100 10 50 500 40 0 0 0 20 10
                cpu1 200 10 50 500 40 0 0 0 40 0
                intr 1472736 1 2
                ctxt 2626618
                btime 1457505775
                processes 10673
                """);
        file("proc/meminfo", """
                MemTotal:       1000 kB
                MemFree:         400 kB
                MemAvailable:    700 kB
                Buffers:         100 kB
                Cached:          150 kB
                SReclaimable:     50 kB
                Hugepagesize:   2048 kB
                HugePages_Total:   3
                """);
        file("proc/loadavg", "0.15 1.50 12.05 2/345 6789\n");
        file("proc/uptime", "1754380.12 3000.00\n");
        file("proc/vmstat", "pgpgin 5741\npgpgout 1808\noom_kill 1\n");
        file("proc/sys/kernel/random/entropy_avail", "256\n");
        file("proc/sys/kernel/random/poolsize", "4096\n");
        file(
                "proc/pressure/cpu",
                "some avg10=0.50 avg60=1.00 avg300=2.00 total=14036781\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
        file("proc/1/net/dev", """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                    lo: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0
                  eth0: 500 5 1 2 0 0 0 0 900 9 3 4 0 0 0 0
                  eth1: 7 0 0 0 0 0 0 0 7 0 0 0 0 0 0 0
                """);
        for (String[] device : new String[][] {{"lo", "0x9"}, {"eth0", "0x1003"}, {"eth1", "0x1002"}}) {
            file("sys/class/net/" + device[0] + "/flags", device[1] + "\n");
        }
        file("sys/class/net/eth0/speed", "1000\n");
        file("sys/devices/system/cpu/cpu0/topology/core_cpus_list", "0-1\n");
        file("sys/devices/system/cpu/cpu1/topology/core_cpus_list", "0-1\n");
        file("proc/diskstats", "   8       0 sda 10 20 30 40 50 60 70 80 0 100 110\n");
        byte[] logins = new byte[3 * 384];
        for (int i = 0; i < 3; i++) {
            logins[i * 384] = (byte) (i == 2 ? 8 : 7); // the last one has ended
            System.arraycopy("shift".getBytes(UTF_8), 0, logins, i * 384 + 44, 5);
        }
        Files.createDirectories(root.resolve("run"));
        Files.write(root.resolve("run/utmp"), logins);
        HostConfig config = ConfigReader.parse(
                "host.yml",
                "{procfs: %1$s/proc, sysfs: %1$s/sys, rootfs: %1$s, udev_data: %1$s/udev}".formatted(root),
                HostConfig.class);
        host = new TelegrafHost(config, clock, () -> nanos);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> lines() throws IOException {
        LineWriter lines = new LineWriter();
        for (LinePoint point : host.gather(PATIENCE)) {
            lines.begin(point.measurement());
            point.tags().forEach(tag -> lines.tag(tag.key(), tag.value()));
            for (LinePoint.Field field : point.fields()) {
                lines.field(field.key(), field.value());
            }
            lines.end();
        }
        return new String(lines.toByteArray(), UTF_8).lines().toList();
    }

    @Test
    void aFirstReadingHasEverythingButShares() throws Exception {
        assertThat(lines())
                .containsExactly(
                        "mem,host=flp1 total=1024000i,available=716800i,used=307200i,used_percent=30,available_percent=70,free=409600i,cached=204800i,buffered=102400i,huge_page_size=2097152i,sreclaimable=51200i,huge_pages_total=3i",
                        "net,host=flp1,interface=eth0 bytes_sent=900i,bytes_recv=500i,packets_sent=9i,packets_recv=5i,err_in=1i,err_out=3i,drop_in=2i,drop_out=4i,speed=1000i",
                        "system,host=flp1 load1=0.15,load5=1.5,load15=12.05,n_users=2i,n_unique_users=1i,n_cpus=2i,n_physical_cpus=1i",
                        "system,host=flp1 uptime=1754380i",
                        "system,host=flp1 uptime_format=\"20 days,  7:19\"",
                        "kernel,host=flp1 boot_time=1457505775i,context_switches=2626618i,disk_pages_in=5741i,disk_pages_out=1808i,entropy_avail=256i,interrupts=1472736i,processes_forked=10673i",
                        "pressure,host=flp1,resource=cpu,type=some avg10=0.5,avg60=1,avg300=2",
                        "pressure,host=flp1,resource=cpu,type=some total=14036781i",
                        "diskio,host=flp1,name=sda reads=10i,writes=50i,read_bytes=15360i,write_bytes=35840i,read_time=40i,write_time=80i,io_time=100i,weighted_io_time=110i,iops_in_progress=0i,merged_reads=20i,merged_writes=60i");
    }

    @Test
    void sharesAreThoseOfTheTimeBetween() throws Exception {
        lines();
        // A second of each processor: of the first half is idle; of its user time 30 ticks are a guest's.
        file("proc/stat", "cpu  1\ncpu0 140 10 60 550 40 0 0 0 50 10\ncpu1 200 10 50 600 40 0 0 0 40 0\n");
        file("proc/diskstats", "   8       0 sda 20 20 30 90 60 60 70 130 0 350 600\n");
        nanos = 1_000_000_000L;
        assertThat(lines())
                .startsWith(
                        "cpu,cpu=cpu-total,host=flp1 usage_user=5,usage_system=5,usage_idle=75,usage_nice=0,usage_iowait=0,usage_irq=0,usage_softirq=0,usage_steal=0,usage_guest=15,usage_guest_nice=0",
                        "cpu,cpu=cpu0,host=flp1 usage_user=10,usage_system=10,usage_idle=50,usage_nice=0,usage_iowait=0,usage_irq=0,usage_softirq=0,usage_steal=0,usage_guest=30,usage_guest_nice=0",
                        "cpu,cpu=cpu1,host=flp1 usage_user=0,usage_system=0,usage_idle=100,usage_nice=0,usage_iowait=0,usage_irq=0,usage_softirq=0,usage_steal=0,usage_guest=0,usage_guest_nice=0")
                .endsWith(
                        "diskio,host=flp1,name=sda reads=20i,writes=60i,read_bytes=15360i,write_bytes=35840i,read_time=90i,write_time=130i,io_time=350i,weighted_io_time=600i,iops_in_progress=0i,merged_reads=20i,merged_writes=60i,io_await=5,io_svctm=12.5,io_util=25");
        assertThat(lines()).as("no time has passed").noneMatch(line -> line.startsWith("cpu,"));
    }

    @Test
    void thePageHasMeasurementAndFieldInOneName() throws Exception {
        TelegrafPart.Page page = new TelegrafPart.Page(host, () -> nanos);
        page.collect(PATIENCE);
        file("proc/stat", "cpu  1\ncpu0 100 10 50 600 40 0 0 0 20 10\nbtime 1457505775\n");
        file("proc/uptime", "60.00 3.00\n");
        assertThat(ExpositionWriter.toText(page.collect(PATIENCE), TextFormat.PROMETHEUS_0_0_4))
                .as("too soon: what the last page showed")
                .doesNotContain("cpu_usage_idle");
        nanos = 1_000_000_000L;
        assertThat(ExpositionWriter.toText(page.collect(PATIENCE), TextFormat.PROMETHEUS_0_0_4))
                .contains("""
                        # HELP cpu_usage_idle Telegraf collected metric
                        # TYPE cpu_usage_idle gauge
                        cpu_usage_idle{cpu="cpu0",host="flp1"} 100
                        """)
                .contains("# TYPE net_bytes_recv counter\nnet_bytes_recv{host=\"flp1\",interface=\"eth0\"} 500\n")
                .contains("# TYPE kernel_boot_time gauge\n")
                .contains("mem_used_percent{host=\"flp1\"} 30\n")
                .contains("pressure_total{host=\"flp1\",resource=\"cpu\",type=\"some\"} 14036781\n")
                .contains("system_uptime{host=\"flp1\"} 60\n")
                .contains("diskio_io_util{host=\"flp1\",name=\"sda\"} 0\n")
                .doesNotContain("uptime_format");
    }

    @Test
    void uptimeReadsAsTelegrafWritesIt() {
        assertThat(TelegrafHost.uptimeText(59)).isEqualTo(" 0:00");
        assertThat(TelegrafHost.uptimeText(86_400 + 3600)).isEqualTo("1 day,  1:00");
        assertThat(TelegrafHost.uptimeText(1_249_632)).isEqualTo("14 days, 11:07");
    }

    @Test
    void thisMachineHasWhatTelegrafLooksAt() throws Exception {
        try (TelegrafHost live = new TelegrafHost(ConfigReader.defaults(HostConfig.class), clock)) {
            List<LinePoint> points = live.gather(PATIENCE);
            assertThat(points).extracting(LinePoint::measurement).contains("mem", "system", "kernel", "disk");
            LinePoint disk = points.stream()
                    .filter(point -> point.measurement().equals("disk"))
                    .findFirst()
                    .orElseThrow();
            assertThat(disk.tags())
                    .extracting(LinePoint.Tag::key)
                    .containsExactly("device", "fstype", "host", "mode", "path");
            assertThat(disk.fields())
                    .extracting(LinePoint.Field::key)
                    .startsWith("total", "free", "used", "used_percent", "inodes_total");
            assertThat(disk.fields().get(0).value()).isInstanceOf(FieldValue.IntegerValue.class);
        }
    }
}
