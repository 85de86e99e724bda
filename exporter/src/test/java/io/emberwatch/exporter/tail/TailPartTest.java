package io.emberwatch.exporter.tail;

import static io.emberwatch.exporter.tail.TailHarness.append;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TailPartTest {
    @TempDir
    private Path folder;

    private Path log;

    private TailHarness tail(String more) throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        log = folder.resolve("logs/app.log");
        return new TailHarness(folder.resolve("data"), """
                paths: [%s/logs/app.log*]
                from: beginning
                rules:
                  - {name: lines_total}
                  - {name: id_sum_total, match: 'id=(?P<id>\\d+)', value: id}
                %s
                """.formatted(folder, more));
    }

    @Test
    void countsLinesAsTheyCome() throws IOException {
        try (TailHarness tail = tail("").start()) {
            assertThat(tail.value("lines_total")).isZero();
            append(log, "id=1\nid=2\n");
            assertThat(tail.look().value("lines_total")).isEqualTo(2);
            append(log, "id=4\n");
            assertThat(tail.look().value("id_sum_total")).isEqualTo(7);
        }
    }

    @Test
    void aPartialLastLineWaitsForItsEnd() throws IOException {
        try (TailHarness tail = tail("").start()) {
            append(log, "id=1\nid=");
            assertThat(tail.look().value("lines_total")).isEqualTo(1);
            append(log, "20");
            assertThat(tail.look().value("lines_total")).isEqualTo(1);
            assertThat(tail.own("unread_bytes{tail=\"test\"}")).isEqualTo(5);
            append(log, "\n");
            assertThat(tail.look().value("id_sum_total")).isEqualTo(21);
        }
    }

    @Test
    void followsARenamedFileToItsEnd() throws IOException {
        try (TailHarness tail = tail("rotated_wait: 1m").start()) {
            append(log, "id=1\n");
            tail.look();
            Files.move(log, folder.resolve("logs/old"));
            append(folder.resolve("logs/old"), "id=2\nid=4"); // the writer has it still open; no line end ever comes
            append(log, "id=8\n");
            assertThat(tail.look().value("id_sum_total")).isEqualTo(11);
            tail.pass(Duration.ofMinutes(2));
            assertThat(tail.value("id_sum_total")).isEqualTo(15);
            assertThat(tail.own("rotations_total{tail=\"test\"}")).isEqualTo(1);
        }
    }

    @Test
    void aRenamedFileWhoseNewNameIsLookedForIsNotReadAgain() throws IOException {
        try (TailHarness tail = tail("").start()) {
            append(log, "id=1\n");
            tail.look();
            Files.move(log, folder.resolve("logs/app.log.1"));
            append(log, "id=2\n");
            tail.look();
            Files.delete(log);
            append(folder.resolve("logs/app.log.1"), "id=4\n");
            assertThat(tail.look().value("id_sum_total")).isEqualTo(7);
        }
    }

    @Test
    void readsTheRestOfACopyWhenTheLogIsCut() throws IOException {
        try (TailHarness tail = tail("").start()) {
            append(log, "id=1\nid=2\n");
            tail.look();
            append(log, "id=4\n");
            Files.copy(log, folder.resolve("logs/app.log.1"));
            Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
            append(log, "id=8\n");
            assertThat(tail.look().value("id_sum_total")).isEqualTo(15);
            assertThat(tail.pass(Duration.ofMinutes(3)).value("lines_total")).isEqualTo(4);
            assertThat(tail.own("truncations_total{tail=\"test\"}")).isEqualTo(1);
        }
    }

    @Test
    void noticesACutEvenWhenTheFileIsLongerThanBefore() throws IOException {
        try (TailHarness tail = tail("").start()) {
            append(log, "id=1\n");
            tail.look();
            Files.writeString(log, "id=10\nid=20\nid=30\n");
            assertThat(tail.look().value("id_sum_total")).isEqualTo(61);
        }
    }

    @Test
    void aCopyOfALogThatGoesOnIsNotCounted() throws IOException {
        try (TailHarness tail = tail("").start()) {
            append(log, "id=1\nid=2\n");
            tail.look();
            Files.writeString(folder.resolve("logs/app.log.part"), "id=1\n");
            append(log, "id=4\n");
            Files.copy(log, folder.resolve("logs/app.log.bak"));
            tail.look();
            assertThat(tail.look().value("id_sum_total")).isEqualTo(7);
        }
    }

    @Test
    void goesOnWhereItStoppedThoughTheLogWasRotatedMeanwhile() throws IOException {
        TailHarness tail = tail("").start();
        append(log, "id=1\n");
        tail.look().stop();
        append(log, "id=2\n");
        Files.move(log, folder.resolve("logs/elsewhere"));
        append(log, "id=4\n");
        try (TailHarness again = tail.start()) {
            assertThat(again.look().value("id_sum_total")).isEqualTo(7);
            assertThat(again.own("vanished_files_total{tail=\"test\"}")).isZero();
        }
    }

    @Test
    void goesOnWhereItStoppedThoughTheLogWasCopiedAndCutMeanwhile() throws IOException {
        TailHarness tail = tail("").start();
        append(log, "id=1\n");
        tail.look().stop();
        append(log, "id=2\n");
        Files.copy(log, folder.resolve("logs/app.log-20261121"));
        Files.writeString(log, "id=4\n");
        try (TailHarness again = tail.start()) {
            assertThat(again.look().value("id_sum_total")).isEqualTo(7);
        }
    }

    @Test
    void anotherFileWithTheSameInodeIsReadFromItsBeginning() throws IOException {
        TailHarness tail = tail("").start();
        append(log, "id=1\nid=2\n");
        tail.look().stop();
        Files.writeString(log, "id=4\nid=8\nid=16\n"); // the inode stays, as if it had been given to another file
        try (TailHarness again = tail.start()) {
            assertThat(again.look().value("id_sum_total")).isEqualTo(31);
        }
    }

    @Test
    void whatAPageHasShownIsNotLostWithoutAGoodbye() throws IOException {
        TailHarness tail = tail("save: 1h").start();
        append(log, "id=1\n");
        tail.look();
        assertThat(tail.value("id_sum_total")).isEqualTo(1);
        append(log, "id=2\n");
        tail.look().forget(); // read, but neither saved nor shown
        try (TailHarness again = tail.start()) {
            assertThat(again.value("id_sum_total")).isEqualTo(1);
            assertThat(again.look().value("id_sum_total")).isEqualTo(3);
        }
    }

    @Test
    void aLogThatWasThereBeforeIsBegunAtItsEnd() throws IOException {
        try (TailHarness tail = tail("")) {
            append(log, "id=1\nid=");
            TailHarness end = new TailHarness(
                    folder.resolve("data"),
                    "paths: [" + log + "]\nrules: [{name: id_sum_total, match: 'id=(?P<id>[0-9]+)', value: id}]\n");
            end.start().look();
            append(log, "2\nid=4\n");
            assertThat(end.look().value("id_sum_total")).isEqualTo(6);
            end.close();
        }
    }

    @Test
    void compressedFilesArePassedOver() throws IOException {
        try (TailHarness tail = tail("").start()) {
            append(folder.resolve("logs/app.log.2.gz"), "id=1\n");
            assertThat(tail.look().value("lines_total")).isZero();
        }
    }

    @Test
    void aLineThatIsTooLongIsSkippedAndCountedWhateverItsLength() throws IOException {
        try (TailHarness tail = tail("max_line: 100B").start()) {
            append(log, "id=1\n" + "x".repeat(101) + "\nid=2\n" + "y".repeat(3_000_000));
            tail.look();
            append(log, "y\nid=4\n" + "z".repeat(100) + "\n");
            assertThat(tail.look().value("id_sum_total")).isEqualTo(7);
            assertThat(tail.value("lines_total")).isEqualTo(4);
            assertThat(tail.own("losses_total{reason=\"too_long\",tail=\"test\"}"))
                    .isEqualTo(2);
            assertThat(tail.own("lines_total{tail=\"test\"}")).isEqualTo(6);
        }
    }

    @Test
    void aFileThatCannotBeReadIsCountedAndTheOthersAreRead() throws IOException {
        try (TailHarness tail = tail("max_files: 1").start()) {
            append(log, "id=1\n");
            append(folder.resolve("logs/app.log.other"), "id=2\n");
            assertThat(tail.look().value("id_sum_total")).isEqualTo(1);
            assertThat(tail.own("unreadable_files{tail=\"test\"}")).isEqualTo(1);
        }
    }

    @Test
    void linesThatBelongTogetherAreOneRecord() throws IOException {
        try (TailHarness tail = new TailHarness(folder.resolve("data"), """
                paths: [%s/java.log]
                multiline: {start: '^\\d{4}-', timeout: 5s, max_lines: 4}
                rules:
                  - {name: records_total}
                  - {name: causes_total, match: '(?P<when>^\\S+) (?s:.*)Caused by: (?P<cause>\\w+)', labels: {cause: cause}}
                """.formatted(folder)).start()) {
            log = folder.resolve("java.log");
            append(log, "2026-11-21 boom\n  at a\nCaused by: Full\n");
            tail.look();
            assertThat(tail.value("records_total")).isZero();
            append(log, "2026-11-21 fine\n2026-11-21 again\n");
            assertThat(tail.look().value("records_total")).isEqualTo(2);
            assertThat(tail.value("causes_total{cause=\"Full\"}")).isEqualTo(1);
            assertThat(tail.pass(Duration.ofSeconds(6)).value("records_total")).isEqualTo(3);
            append(log, "2026-11-21 1\n2\n3\n4\n5\n6\n2026-11-21 end\n");
            assertThat(tail.look().value("records_total")).isEqualTo(5);
        }
    }

    @Test
    void aClockThatJumpsBackNeitherLosesNorExpiresAnything() throws IOException {
        try (TailHarness tail = tail("""
                  - {name: lately_total, match: 'id=(?P<id>[0-9]+)', labels: {id: id}, ttl: 1m}
                """.indent(0)).start()) {
            append(log, "id=1\n");
            tail.look();
            tail.clock.set(tail.clock.instant().minus(Duration.ofHours(3)));
            append(log, "id=2\n");
            // Ticks planned before the jump lie in the future now; the scheduler of the program plans anew.
            tail.pass(Duration.ofHours(3).plusSeconds(1));
            assertThat(tail.value("id_sum_total")).isEqualTo(3);
            assertThat(tail.value("lately_total{id=\"2\"}")).isEqualTo(1);
            tail.pass(Duration.ofMinutes(2));
            assertThat(tail.value("lately_total{id=\"2\"}")).isEqualTo(-1);
        }
    }

    @Test
    void saysWhatARecordWouldBecomeWithoutCountingIt() throws IOException {
        try (TailHarness tail = tail("").start()) {
            assertThat(tail.explain("id=5"))
                    .containsExactly(
                            "tail test: a record like this makes lines_total 1",
                            "tail test: a record like this makes id_sum_total 5");
            assertThat(tail.value("lines_total")).isZero();
        }
    }

    @Test
    void aFileReplacedByRenameIsBothReadToItsEndAndBegun() throws IOException {
        try (TailHarness tail = tail("").start()) {
            append(log, "id=1\n");
            tail.look();
            append(log, "id=2\n");
            Path fresh = folder.resolve("logs/fresh");
            append(fresh, "id=4\n");
            Files.move(fresh, log, StandardCopyOption.REPLACE_EXISTING);
            assertThat(tail.look().value("id_sum_total")).isEqualTo(7);
        }
    }
}
