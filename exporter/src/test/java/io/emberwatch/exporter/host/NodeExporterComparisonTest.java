package io.emberwatch.exporter.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.scrape.NoDataException;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.ParseException;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks Debian's node_exporter and ourselves about the same machine at the same time. */
class NodeExporterComparisonTest {
    private static final Path PROGRAM = Path.of("/usr/bin/prometheus-node-exporter");
    private static final Deadline PATIENCE = Deadline.after(Duration.ofSeconds(20));
    private static final HostConfig CONFIG = everything("");

    @TempDir
    private Path sysfs;

    // What node_exporter 1.5.0 cannot say yet, or we do not say.
    private static final Set<String> ONLY_OURS = Set.of(
            "node_filesystem_mount_info",
            "node_cpu_online",
            "node_cpu_isolated",
            "node_pressure_irq_stalled_seconds_total",
            "node_netstat_TcpExt_TCPOFOQueue",
            "node_netstat_TcpExt_TCPRcvQDrop");
    private static final List<String> NOT_COMPARED = List.of("node_scrape_", "node_exporter_build_info");
    // Their labels come and go with what the machine does.
    private static final List<String> LIVELY =
            List.of("node_processes_state", "node_processes_threads_state", "node_arp_entries");

    private static HostConfig everything(String more) {
        try {
            return ConfigReader.parse(
                    "host.yml",
                    "collectors: " + HostCollectors.NAMES + more
                            + "\ncpu: {info: true, flags_include: '^(aes|sse.*)$', bugs_include: '.*'}\n",
                    HostConfig.class);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noSeriesIsMissingOrNamedOtherwiseAndTypesAndHelpAreEqual() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "prometheus-node-exporter is not installed");
        Map<String, MetricFamily> theirs = byName(askNodeExporter(HostCollectors.NAMES));
        Map<String, MetricFamily> ours = byName(askOurselves());

        List<String> differences = new ArrayList<>();
        for (MetricFamily family : theirs.values()) {
            MetricFamily own = ours.get(family.name());
            if (own == null) {
                differences.add("missing: " + family.name());
            } else {
                if (own.type() != family.type() || !own.help().equals(family.help())) {
                    differences.add("described otherwise: " + family.name() + " " + own.type() + " " + own.help());
                }
                if (LIVELY.contains(family.name())) {
                    continue;
                }
                Set<Labels> missing = labels(family);
                missing.removeAll(labels(own));
                missing.forEach(labels -> differences.add("missing: " + family.name() + labels));
                Set<Labels> extra = labels(own);
                extra.removeAll(labels(family));
                extra.forEach(labels -> differences.add("extra: " + family.name() + labels));
            }
        }
        Set<String> extra = new HashSet<>(ours.keySet());
        extra.removeAll(theirs.keySet());
        extra.removeAll(ONLY_OURS);
        extra.forEach(name -> differences.add("extra: " + name));

        assertThat(differences).isEmpty();
        assertThat(theirs).hasSizeGreaterThan(100);
        for (String same : List.of(
                "node_memory_MemTotal_bytes",
                "node_boot_time_seconds",
                "node_filesystem_size_bytes",
                "node_filesystem_files",
                "node_filefd_maximum")) {
            assertThat(first(ours, same)).as(same).isEqualTo(first(theirs, same));
        }
    }

    @Test
    void sensorsOfTheHardwareAreNamedAndDescribedAlike() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "prometheus-node-exporter is not installed");
        plantChips();
        Map<String, MetricFamily> theirs = byName(askNodeExporter(List.of("hwmon"), "--path.sysfs=" + sysfs));
        Map<String, MetricFamily> ours =
                byName(new HwmonCollector(new HostPaths(sysfs.resolve("none"), sysfs, sysfs, sysfs)).collect(PATIENCE));
        assertThat(ours.keySet()).isEqualTo(theirs.keySet()).hasSizeGreaterThan(20);
        theirs.forEach((name, family) -> {
            MetricFamily own = ours.getOrDefault(name, family);
            assertThat(own.type()).as(name).isEqualTo(family.type());
            assertThat(own.help()).as(name).isEqualTo(family.help());
            assertThat(own.points()).as(name).hasSameElementsAs(family.points());
        });
    }

    private void plantChips() throws IOException {
        Path first = Files.createDirectories(sysfs.resolve("devices/platform/coretemp.0/hwmon/hwmon0"));
        for (String file : List.of(
                "name=coretemp",
                "temp1_input=41000",
                "temp1_label=Package id 0",
                "temp1_crit=100000",
                "temp1_crit_alarm=0",
                "temp1_max=84000",
                "temp1_type=4",
                "temp1_fault=0",
                "temp1_beep=1",
                "in0_input=1200",
                "in0_min=1100",
                "cpu0_vid=1350",
                "fan1_input=1200",
                "fan1_target=1300",
                "fan1_div=4",
                "fan1_alarm=1",
                "pwm1=128",
                "pwm1_enable=2",
                "curr1_input=2500",
                "power1_average=3500000",
                "power1_accuracy=500000",
                "power1_average_interval=1000",
                "energy1_input=123456789",
                "humidity1_input=450000",
                "intrusion0_alarm=0",
                "update_interval=1500",
                "beep_enable=1",
                "vrm=11",
                "uevent=X")) {
            int sign = file.indexOf('=');
            Files.writeString(first.resolve(file.substring(0, sign)), file.substring(sign + 1) + "\n");
        }
        Path second = Files.createDirectories(sysfs.resolve("devices/virtual/thermal/hwmon1"));
        Files.writeString(second.resolve("name"), "acpitz\n");
        Files.writeString(second.resolve("temp1_input"), "27800\n");
        Files.createSymbolicLink(first.resolve("device"), Path.of("../.."));
        Path links = Files.createDirectories(sysfs.resolve("class/hwmon"));
        Files.createSymbolicLink(links.resolve("hwmon0"), first);
        Files.createSymbolicLink(links.resolve("hwmon1"), second);
    }

    private static double first(Map<String, MetricFamily> families, String name) {
        return families.get(name).points().get(0).value();
    }

    private static Set<Labels> labels(MetricFamily family) {
        Set<Labels> labels = new HashSet<>();
        // Later versions add whether a disk rotates and why a mount could not be asked, and then say too whether it is
        // read-only.
        family.points().stream()
                .filter(point -> !family.name().equals("node_filesystem_readonly")
                        || point.key().labels().get("device_error").isEmpty())
                .forEach(point ->
                        labels.add(point.key().labels().without("rotational").without("device_error")));
        return labels;
    }

    private static Map<String, MetricFamily> byName(List<MetricFamily> families) {
        Map<String, MetricFamily> byName = new TreeMap<>();
        for (MetricFamily family : families) {
            String name = family.name();
            boolean compared = name.startsWith("node_") && NOT_COMPARED.stream().noneMatch(name::startsWith);
            if (compared) {
                byName.put(family.name(), family);
            }
        }
        return byName;
    }

    private static List<MetricFamily> askOurselves() throws IOException {
        List<MetricFamily> families = new ArrayList<>();
        try (HostCollectors host = new HostCollectors(CONFIG, InstantSource.system(), ZoneId.systemDefault())) {
            for (var source : host.sources()) {
                try {
                    families.addAll(source.samples().collect(PATIENCE));
                } catch (NoDataException e) {
                    // Nor has the other; what it has and we lack is found when compared.
                }
            }
        }
        return families;
    }

    private static List<MetricFamily> askNodeExporter(List<String> names, String... more)
            throws IOException, InterruptedException, ParseException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.disable-exporter-metrics",
                "--collector.disable-defaults",
                "--collector.filesystem.mount-points-exclude="
                        + CONFIG.filesystem().mountPointsExclude(),
                "--collector.filesystem.fs-types-exclude=" + CONFIG.filesystem().fsTypesExclude(),
                "--collector.diskstats.device-exclude=" + CONFIG.diskstats().deviceExclude(),
                "--collector.netdev.device-exclude=" + CONFIG.netdev().deviceExclude(),
                "--collector.cpu.info",
                "--collector.cpu.info.flags-include=" + CONFIG.cpu().flagsInclude(),
                "--collector.cpu.info.bugs-include=" + CONFIG.cpu().bugsInclude()));
        command.addAll(List.of(more));
        names.forEach(name -> command.add("--collector." + name));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            byte[] page = get(URI.create("http://127.0.0.1:" + port + "/metrics"));
            return ExpositionParser.parseFamilies(page, TextFormat.PROMETHEUS_0_0_4);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static byte[] get(URI uri) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        while (true) {
            try {
                return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray())
                        .body();
            } catch (ConnectException e) {
                if (PATIENCE.isPast()) {
                    throw e;
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
