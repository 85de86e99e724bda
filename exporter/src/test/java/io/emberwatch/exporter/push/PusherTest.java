package io.emberwatch.exporter.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.host.HostConfig;
import io.emberwatch.exporter.push.LineTarget.RefusedException;
import io.emberwatch.exporter.scrape.Source;
import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.service.metrics.CarryingRegistry;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PusherTest {
    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_700_000_000));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final CarryingRegistry registry = new CarryingRegistry();
    private final LineTargets targets = new LineTargets();
    private final List<String> received = new ArrayList<>();
    private @Nullable IOException fault;
    private HostConfig host = ConfigReader.defaults(HostConfig.class);
    private double value;

    private PushPart start(String more) throws Exception {
        targets.put("memory", lines -> {
            if (fault != null) {
                throw fault;
            }
            received.addAll(new String(lines, UTF_8).lines().toList());
        });
        PushConfig config =
                ConfigReader.parse("push.yml", "name: test\ntarget: memory\nevery: 1s\n" + more, PushConfig.class);
        PushPart part = new PushPart(
                List.of(config), host, new ServiceContext(clock, scheduler, folder, folder), registry, targets);
        part.attach((wanted, deadline) -> wanted.test(Source.of(load())) ? List.of(loads(++value)) : List.of());
        part.start();
        return part;
    }

    private static MetricFamily loads(double value) {
        return MetricFamily.of(
                "load",
                MetricType.GAUGE,
                "",
                List.of(
                        MetricPoint.of("load", Labels.of("host", "a b,c=d\\"), value),
                        MetricPoint.of("load", Labels.of("host", "none"), Double.NaN)));
    }

    private double own(String name, String... more) {
        String[] names = more.length == 0 ? new String[] {"push"} : new String[] {"push", more[0]};
        String[] values = more.length == 0 ? new String[] {"test"} : new String[] {"test", more[1]};
        @Nullable Double sample = registry.getSampleValue("emberwatch_exporter_push_" + name, names, values);
        return sample == null ? -1 : sample;
    }

    private List<String> loads() {
        return received.stream()
                .filter(line -> line.startsWith("load"))
                .map(line -> line.replaceAll(".* value=(\\S+) .*", "$1"))
                .toList();
    }

    private void addsUp() {
        assertThat(own("lines_total") + own("found_lines_total"))
                .isEqualTo(own("sent_lines_total")
                        + own("buffered_lines")
                        + own("left_lines_total")
                        + Stream.of("age", "size", "disk", "refused", "unreadable")
                                .mapToDouble(reason -> own("dropped_lines_total", "reason", reason))
                                .sum());
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("exporter/push/test"))) {
            return all.count();
        }
    }

    @Test
    void sendsWhatTheSourcesSay() throws Exception {
        PushPart part = start("labels: {site: cern}\n");
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(received)
                .containsExactly(
                        "connectivity_error,push=test,site=cern value=0 1700000001000000000",
                        "batch_sending_error,push=test,site=cern value=0 1700000001000000000",
                        "load,host=a\\ b\\,c\\=d\\\\,site=cern value=1 1700000001000000000");
        assertThat(own("errors_total", "error", "connectivity_error")).isZero();
        addsUp();
        part.close();
    }

    @Test
    void keepsInOrderWhatCannotBeSentAndSendsItOnceTheTargetIsBack() throws Exception {
        PushPart part = start("");
        fault = new IOException("no route");
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(received).isEmpty();
        assertThat(files()).isEqualTo(5);
        assertThat(own("buffered_batches")).isEqualTo(5);
        assertThat(own("errors_total", "error", "connectivity_error")).isEqualTo(3); // after 0, 1 and 3 seconds
        addsUp();
        fault = null;
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(loads()).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        assertThat(received).contains("connectivity_error,push=test value=1 1700000002000000000");
        assertThat(files()).isZero();
        addsUp();
        part.close();
    }

    @Test
    void whatWasKeptSurvivesTheProcess() throws Exception {
        PushPart part = start("");
        fault = new IOException("no route");
        scheduler.advance(Duration.ofSeconds(3));
        part.close(); // nothing more is written; a killed process leaves the same files
        Files.writeString(folder.resolve("exporter/push/test/0000000000000004-1-1.lines.new"), "half a li");
        fault = null;
        PushPart again = start("");
        assertThat(own("found_lines_total")).isEqualTo(9);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(loads()).containsExactly("1", "2", "3", "4");
        addsUp();
        again.close();
    }

    @Test
    void theOldestGoesWhenThereIsTooMuchOrItIsTooOld() throws Exception {
        PushPart part = start("labels: {site: " + "x".repeat(10_000) + "}\nbuffer: {max_size: 64KiB, max_age: 1h}\n");
        fault = new IOException("no route");
        scheduler.advance(Duration.ofSeconds(10));
        double dropped = own("dropped_lines_total", "reason", "size");
        assertThat(dropped).isPositive();
        assertThat(own("buffered_bytes")).isLessThanOrEqualTo(65536);
        addsUp();
        clock.set(clock.instant().plus(Duration.ofHours(2)));
        fault = null;
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(own("dropped_lines_total", "reason", "age")).isPositive();
        addsUp();
        part.close();
    }

    @Test
    void aClockThatJumpsBackKeepsTheOrderAndDropsNothing() throws Exception {
        PushPart part = start("");
        fault = new IOException("no route");
        scheduler.advance(Duration.ofSeconds(2));
        clock.set(clock.instant().minus(Duration.ofMinutes(1)));
        scheduler.advance(Duration.ofSeconds(62));
        fault = null;
        scheduler.advance(Duration.ofSeconds(40));
        assertThat(loads()).startsWith("1", "2", "3", "4");
        assertThat(own("dropped_lines_total", "reason", "age")).isZero();
        addsUp();
        part.close();
    }

    @Test
    void linesThatAreRefusedForEverDoNotHoldUpTheOthers() throws Exception {
        PushPart part = start("");
        fault = new RefusedException("partial write", true);
        scheduler.advance(Duration.ofSeconds(1));
        fault = new RefusedException("unauthorized", false);
        scheduler.advance(Duration.ofSeconds(1));
        fault = null;
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(loads()).containsExactly("2", "3", "4");
        assertThat(own("errors_total", "error", "batch_sending_error")).isEqualTo(2);
        assertThat(own("dropped_lines_total", "reason", "refused")).isEqualTo(3);
        addsUp();
        part.close();
    }

    @Test
    void valuesAreDerivedOnTheWay() throws Exception {
        PushPart part = start("derive: [{match: load, mode: rate}, {match: 'l.*d', mode: increment}]\n");
        scheduler.advance(Duration.ofSeconds(3));
        assertThat(received)
                .contains("load_rate,host=a\\ b\\,c\\=d\\\\ value=1 1700000003000000000")
                .contains("load_increment,host=a\\ b\\,c\\=d\\\\ value=6 1700000003000000000");
        part.close();
    }

    @Test
    void whileTheDiskTakesNothingMemoryDoes() throws Exception {
        PushPart part = start("");
        fault = new IOException("no route");
        Path kept = folder.resolve("exporter/push/test");
        Files.delete(kept);
        Files.writeString(kept, "a file in the place of the folder");
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(own("kept")).isZero();
        Files.delete(kept);
        Files.createDirectory(kept);
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(own("kept")).isEqualTo(1);
        fault = null;
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(loads()).startsWith("1", "2", "3", "4");
        addsUp();
        part.close();
    }

    @Test
    void theMachineIsSentUnderTelegrafsNamesInItsMeasurements() throws Exception {
        Path proc = Files.createDirectories(folder.resolve("proc/sys/kernel"));
        Files.writeString(proc.resolve("hostname"), "flp1\n");
        Files.writeString(folder.resolve("proc/loadavg"), "0.15 1.50 12.05 2/345 6789\n");
        host = ConfigReader.parse(
                "host.yml",
                "{procfs: %1$s/proc, sysfs: %1$s/sys, rootfs: %1$s, udev_data: %1$s/udev}".formatted(folder),
                HostConfig.class);
        PushPart part = start("host_names: telegraf\nlabels: {host: other, site: cern}\n");
        List<Boolean> asked = new ArrayList<>();
        part.attach((wanted, deadline) -> {
            assertThat(wanted.test(Source.in("host", load()))).isFalse();
            asked.add(wanted.test(Source.of(load())));
            return List.of();
        });
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(received)
                .contains("system,host=flp1,site=cern load1=0.15,load5=1.5,load15=12.05,n_users=0i,"
                        + "n_unique_users=0i,n_cpus=0i 1700000001000000000");
        assertThat(asked).containsExactly(true);
        addsUp();
        part.close();
    }

    private static SampleSource load() {
        return new SampleSource() {
            @Override
            public String name() {
                return "loadavg";
            }

            @Override
            public List<MetricFamily> collect(Deadline deadline) {
                return List.of();
            }
        };
    }

    @Test
    void asInTelegrafAThousandLinesAreABatchAndTenThousandAreKept() throws Exception {
        List<MetricPoint> points = new ArrayList<>();
        for (int i = 0; i < 2998; i++) {
            points.add(MetricPoint.of("load", Labels.of("n", String.valueOf(i)), i));
        }
        PushPart part = start("batch_lines: 1000\nbuffer: {max_lines: 10000}\n");
        part.attach((wanted, deadline) -> List.of(MetricFamily.of("load", MetricType.GAUGE, "", points)));
        fault = new IOException("no route");
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(own("buffered_batches")).isEqualTo(3);
        assertThat(own("buffered_lines")).isEqualTo(3000);
        scheduler.advance(Duration.ofSeconds(9));
        assertThat(own("buffered_lines")).isEqualTo(10_000);
        assertThat(own("dropped_lines_total", "reason", "size")).isEqualTo(20_000);
        addsUp();
        part.close();
    }

    @Test
    void linesGoToAStreamAsTheyAre() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new StreamTarget(out).send("a b=1 2\n".getBytes(UTF_8));
        assertThat(out.toString(UTF_8)).isEqualTo("a b=1 2\n");
    }

    @Test
    void whatWatchedProcessesDidOnAverageIsSentAtTheEnd() throws Exception {
        PushPart part = start("");
        part.attach((wanted, deadline) -> List.of(
                MetricFamily.gauge("averageResidentSetSize", "", 7), MetricFamily.gauge("residentSetSize", "", 8)));
        part.close();
        assertThat(received).containsExactly("averageResidentSetSize value=7 1700000000000000000");
        addsUp();
    }
}
