package io.emberwatch.exporter.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.host.FilesystemSpace.Space;
import io.emberwatch.exporter.host.InodeCounts.Inodes;
import io.emberwatch.exporter.host.MountProbe.Answer;
import io.emberwatch.model.flow.Deadline;
import io.emberwatch.service.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemCollectorTest {
    private static final HostConfig.FilesystemConfig DEFAULTS =
            ConfigReader.defaults(HostConfig.class).filesystem();
    private static final Path DEAD = Path.of("/dead");
    private static final Path GOOD = Path.of("/good");

    @TempDir
    Path root;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final CountDownLatch serverIsBack = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void stop() {
        serverIsBack.countDown();
        workers.shutdownNow();
    }

    private Space ask(Path mountPoint) throws IOException {
        if (mountPoint.startsWith(DEAD)) {
            asked.incrementAndGet();
            try {
                serverIsBack.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        } else if (mountPoint.endsWith("denied")) {
            throw new IOException("permission denied");
        }
        return new Space(1000, 600, 500);
    }

    private MountProbe probe(Duration patience) {
        return new MountProbe(this::ask, patience, workers);
    }

    @Test
    void aStuckMountCostsTheOthersNothingAndIsNotAskedAgainUntilItAnswers() {
        MountProbe probe = probe(Duration.ofMillis(100));
        List<Path> mounts = List.of(DEAD, GOOD);

        Map<Path, Answer> first = probe.ask(mounts, Deadline.after(Duration.ofSeconds(10)));
        Map<Path, Answer> second = probe.ask(mounts, Deadline.after(Duration.ofSeconds(10)));

        for (Map<Path, Answer> answers : List.of(first, second)) {
            assertThat(answers.get(DEAD)).isEqualTo(Answer.fault("mountpoint timeout"));
            assertThat(answers.get(GOOD).space()).isEqualTo(new Space(1000, 600, 500));
        }
        assertThat(asked).hasValue(1);

        serverIsBack.countDown();
        Deadline patience = Deadline.after(Duration.ofSeconds(10));
        while (probe.ask(mounts, patience).get(DEAD).space() == null && !patience.isPast()) {
            LockSupport.parkNanos(5_000_000);
        }
        assertThat(probe.ask(mounts, patience).get(DEAD).space()).isNotNull();
    }

    @Test
    void theDeadlineIsKeptHoweverPatientTheProbe() {
        Map<Path, Answer> answers =
                probe(Duration.ofHours(1)).ask(List.of(DEAD, GOOD), Deadline.after(Duration.ofSeconds(2)));

        assertThat(answers.get(DEAD).fault()).isEqualTo(MountProbe.TIMEOUT);
        assertThat(answers.get(GOOD).space()).isNotNull();
    }

    @Test
    void moreStuckMountsThanThreadsAreAnsweredAllTheSame() {
        MountProbe probe = probe(Duration.ofMillis(5));
        List<Path> mounts =
                IntStream.range(0, 30).mapToObj(i -> DEAD.resolve("mount" + i)).toList();

        Map<Path, Answer> answers = probe.ask(mounts, Deadline.after(Duration.ofSeconds(10)));

        assertThat(answers).hasSize(30);
        assertThat(answers.values()).allMatch(answer -> answer.fault().equals(MountProbe.TIMEOUT));
        assertThat(asked.get()).isLessThanOrEqualTo(MountProbe.MAX_STUCK);
    }

    @Test
    void mountsAreReadAsTheKernelWritesThem() {
        List<Mount> mounts = Mount.parse(List.of(
                "27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard",
                "28 27 0:25 / /mnt/my\\040disk\\011x\\134 rw - tmpfs tmp\\040fs ro,size=4k",
                "29 27 8:1 / /usb ro,nosuid - vfat /dev/sdb1 rw",
                "30 27 8:2 / /bad rw - ext4 /dev/sdb2 rw,emergency_ro",
                "30 27 8:2 / /bad rw - ext4 /dev/sdb2 rw,emergency_ro",
                "nonsense",
                "1 2 3 4 5 6 7"));

        assertThat(mounts)
                .containsExactly(
                        new Mount("/dev/vda", "/", "ext4", "254", "0", false),
                        new Mount("tmp fs", "/mnt/my disk\tx\\", "tmpfs", "0", "25", true),
                        new Mount("/dev/sdb1", "/usb", "vfat", "8", "1", true),
                        new Mount("/dev/sdb2", "/bad", "ext4", "8", "2", true));
    }

    @Test
    void spaceInodesAndFaultsAreShown() throws IOException {
        HostTree tree = new HostTree(root).file("proc/self/mountinfo", """
                        1 1 8:1 / / rw - ext4 /dev/sda1 rw
                        2 1 8:2 / /denied ro - xfs /dev/sdb rw
                        3 1 0:3 / /proc rw - proc proc rw
                        4 1 0:4 / /x rw - overlay overlay rw
                        """);
        Path fakeStat = root.resolve("stat.sh");
        Files.writeString(fakeStat, "#!/bin/sh\nshift 4\nfor m; do echo \"100 40 $m\"; done\n");
        Files.setPosixFilePermissions(fakeStat, PosixFilePermissions.fromString("rwx------"));
        FilesystemCollector collector = new FilesystemCollector(
                tree.paths(),
                DEFAULTS,
                probe(Duration.ofSeconds(5)),
                new InodeCounts(fakeStat.toString(), Duration.ofMinutes(1), workers));

        assertThat(HostTree.page(collector)).isEqualTo("""
                        # TYPE node_filesystem_size_bytes gauge
                        node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1000
                        # TYPE node_filesystem_free_bytes gauge
                        node_filesystem_free_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 600
                        # TYPE node_filesystem_avail_bytes gauge
                        node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 500
                        # TYPE node_filesystem_files gauge
                        node_filesystem_files{device="/dev/sda1",fstype="ext4",mountpoint="/"} 100
                        # TYPE node_filesystem_files_free gauge
                        node_filesystem_files_free{device="/dev/sda1",fstype="ext4",mountpoint="/"} 40
                        # TYPE node_filesystem_readonly gauge
                        node_filesystem_readonly{device="/dev/sda1",fstype="ext4",mountpoint="/"} 0
                        node_filesystem_readonly{device="/dev/sdb",device_error="permission denied",fstype="xfs",mountpoint="/denied"} 1
                        # TYPE node_filesystem_device_error gauge
                        node_filesystem_device_error{device="/dev/sda1",fstype="ext4",mountpoint="/"} 0
                        node_filesystem_device_error{device="/dev/sdb",device_error="permission denied",fstype="xfs",mountpoint="/denied"} 1
                        # TYPE node_filesystem_mount_info gauge
                        node_filesystem_mount_info{device="/dev/sda1",major="8",minor="1",mountpoint="/"} 1
                        node_filesystem_mount_info{device="/dev/sdb",major="8",minor="2",mountpoint="/denied"} 1
                        """);
    }

    @Test
    void withoutTheProgramForInodesTheRestIsShown() {
        InodeCounts none = new InodeCounts("/no/such/stat", Duration.ofMinutes(1), workers);

        assertThat(none.of(List.of(GOOD), Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void inodesAreReadFromWhatStatPrints() {
        assertThat(InodeCounts.parse("10 4 /\n20 5 /my disk\nstat: cannot\n\n"))
                .containsOnly(
                        Map.entry(Path.of("/"), new Inodes(10, 4)), Map.entry(Path.of("/my disk"), new Inodes(20, 5)));
    }

    @Test
    void aMountThatIsNotThereSaysWhy() {
        MountProbe probe = new MountProbe(FilesystemSpace::ask, Duration.ofSeconds(5), workers);
        Path gone = root.resolve("gone");

        assertThat(probe.ask(List.of(gone, root), Deadline.after(Duration.ofSeconds(5)))
                        .get(gone))
                .isEqualTo(Answer.fault("no such file or directory"));
    }
}
