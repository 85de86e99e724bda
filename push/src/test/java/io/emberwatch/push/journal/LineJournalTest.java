package io.emberwatch.push.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LineJournalTest {
    @TempDir
    Path folder;

    @Test
    void givesWhatItTookInOrderAndLetsItGo() throws Exception {
        try (LineJournal journal = open(1 << 20)) {
            append(journal, "a 1\n", 1);
            append(journal, "b 1\nc 1\n", 2);
            assertThat(journal.waitingLines()).isEqualTo(3);

            Chunk first = journal.read(2, 1000);
            Chunk second = journal.read(2, 1000);
            assertThat(text(first)).isEqualTo("a 1\n");
            assertThat(text(second)).isEqualTo("b 1\nc 1\n");
            assertThat(journal.read(2, 1000)).isNull();
            assertThat(journal.awaitLines(1, Duration.ofMillis(1))).isFalse();
            journal.release(second.place());
            assertThat(journal.waitingLines()).isZero();
        }
    }

    @Test
    void givesAgainWhatWasNotReleased() throws Exception {
        try (LineJournal journal = open(1 << 20)) {
            append(journal, "a 1\n", 1);
            append(journal, "b 1\n", 1);
            Chunk first = journal.read(1, 1000);
            journal.read(1, 1000);
            journal.release(first.place());
            journal.rewind();
            assertThat(text(journal.read(10, 1000))).isEqualTo("b 1\n");
        }
    }

    @Test
    void theNextProcessFindsWhatAKilledOneHeld() throws Exception {
        LineJournal killed = open(1 << 20);
        for (int i = 0; i < 1000; i++) {
            append(killed, "line " + i + "\n", 1);
        }
        Chunk sent = killed.read(400, 1 << 20);
        killed.release(sent.place()); // the place is saved at the first release

        try (LineJournal next = open(1 << 20)) {
            assertThat(next.waitingLines()).isEqualTo(600);
            assertThat(text(next.read(1, 1000))).isEqualTo("line 400\n");
            append(next, "new\n", 1);
            assertThat(drain(next)).hasSize(600).endsWith("new");
        }
    }

    @Test
    void cutsOffWhatWasNotWrittenWhole() throws Exception {
        try (LineJournal journal = open(1 << 20)) {
            append(journal, "whole\n", 1);
        }
        Path file = files().get(0);
        Files.write(file, new byte[] {0, 0, 0, 9, 0, 0, 0, 1, 1, 2, 3, 4, 'x'}, StandardOpenOption.APPEND);
        try (LineJournal journal = open(1 << 20)) {
            append(journal, "after\n", 1);
            assertThat(drain(journal)).containsExactly("whole", "after");
        }
    }

    @Test
    void leavesOutWhatTheDiskHasSpoiltAndGoesOn() throws Exception {
        try (LineJournal journal = open(40)) {
            append(journal, "one\n", 1);
            append(journal, "two\n", 1);
            byte[] spoilt = Files.readAllBytes(files().get(0));
            spoilt[Segment.HEADER] ^= 1;
            Files.write(files().get(0), spoilt);
            assertThat(drain(journal)).containsExactly("two");
            assertThat(journal.damages()).isEqualTo(1);
            assertThat(journal.awaitLines(1, Duration.ofMillis(1))).isFalse();
        }
    }

    @Test
    void takesNothingWhenFullUntilSomethingWasReleased() throws Exception {
        try (LineJournal journal = open(64)) {
            append(journal, "0123456789\n", 1);
            append(journal, "0123456789\n", 1);
            byte[] third = "0123456789\n".getBytes(StandardCharsets.US_ASCII);
            assertThat(journal.append(third, 0, third.length, 1)).isFalse();
            Chunk chunk = journal.read(10, 1000);
            journal.release(chunk.place());
            assertThat(journal.append(third, 0, third.length, 1)).isTrue();
        }
    }

    @Test
    void keepsLinesInMemoryWhileTheDiskTakesNothing() throws Exception {
        LineJournal journal = LineJournal.open(folder, 1 << 20, 12);
        Files.delete(folder);
        Files.createFile(folder);
        append(journal, "a 1\n", 1);
        append(journal, "b 1\n", 1);
        assertThat(journal.diskFails()).isTrue();
        Chunk chunk = journal.read(1, 1000);
        assertThat(text(chunk)).isEqualTo("a 1\n");
        journal.release(chunk.place());
        append(journal, "c 1\n", 1);
        append(journal, "d 1\n", 1);
        byte[] more = "e 1\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(journal.append(more, 0, more.length, 1)).isFalse();
        assertThat(journal.shut()).isEqualTo(3);
    }

    @Test
    void movesWhatWaitsInMemoryToTheDiskOnceItHasRoom() throws Exception {
        try (LineJournal journal = LineJournal.open(folder, 1 << 20, 1000)) {
            Files.delete(folder);
            Files.createFile(folder);
            append(journal, "on its way\n", 1);
            Chunk onItsWay = journal.read(1, 1000);
            append(journal, "waits\n", 1);
            assertThat(journal.diskFails()).isTrue();
            Files.delete(folder);
            journal.retryDisk();
            assertThat(journal.diskFails()).isFalse();

            assertThat(text(journal.read(1, 1000))).isEqualTo("waits\n");
            journal.release(onItsWay.place());
            journal.rewind();
            assertThat(drain(journal)).containsExactly("waits");
            assertThat(journal.waitingLines()).isEqualTo(1);
        }
        try (LineJournal next = open(1 << 20)) {
            assertThat(drain(next)).containsExactly("waits");
        }
    }

    @Test
    void doesNotBeginWhereItMayNotWrite() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> LineJournal.open(file, 1 << 20, 1000)).isInstanceOf(IOException.class);
    }

    @Test
    void deletesFilesWhoseLinesAreReleased() throws Exception {
        try (LineJournal journal = open(4000)) {
            for (int i = 0; i < 2000; i++) {
                append(journal, "line " + i + "\n", 1);
                Chunk chunk = journal.read(10, 1000);
                assertThat(text(chunk)).isEqualTo("line " + i + "\n");
                journal.release(chunk.place());
            }
            assertThat(files()).hasSizeLessThan(3);
            assertThat(journal.bytes()).isLessThan(4000);
        }
    }

    private LineJournal open(long maxBytes) throws IOException {
        return LineJournal.open(folder, maxBytes, 1000);
    }

    private static void append(LineJournal journal, String lines, int count) {
        byte[] bytes = ("-" + lines).getBytes(StandardCharsets.US_ASCII);
        assertThat(journal.append(bytes, 1, bytes.length, count)).isTrue();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".lines"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> drain(LineJournal journal) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Chunk chunk = journal.read(7, 1000); chunk != null; chunk = journal.read(7, 1000)) {
            lines.addAll(text(chunk).lines().toList());
        }
        return lines;
    }

    private static String text(Chunk chunk) {
        return new String(chunk.lines(), StandardCharsets.US_ASCII);
    }
}
