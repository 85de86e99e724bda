package io.emberwatch.exporter.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    @TempDir
    private Path folder;

    @Test
    void remembersRecordsInTheirOrder() throws IOException {
        Path file = folder.resolve("deep/state");
        try (Journal journal = Journal.open(file, record -> {})) {
            journal.append(bytes("one"));
            journal.append(bytes("two"));
        }
        assertThat(records(file)).containsExactly("one", "two");
    }

    @Test
    void cutsOffWhatACrashLeftWhereverItHappened() throws IOException {
        Path file = folder.resolve("state");
        try (Journal journal = Journal.open(file, record -> {})) {
            journal.append(bytes("first"));
            journal.append(bytes("second"));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            List<String> left = records(file);
            assertThat(left).isSubsetOf("first", "second").hasSize(length < 21 ? 0 : 1);
            try (Journal journal = Journal.open(file, record -> {})) {
                journal.append(bytes("next"));
            }
            assertThat(records(file)).hasSize(left.size() + 1).endsWith("next");
        }
    }

    @Test
    void readsNoRecordWhoseBytesAreWrong() throws IOException {
        Path file = folder.resolve("state");
        try (Journal journal = Journal.open(file, record -> {})) {
            journal.append(bytes("first"));
        }
        byte[] whole = Files.readAllBytes(file);
        whole[whole.length - 1] ^= 1;
        Files.write(file, whole);
        assertThat(records(file)).isEmpty();
    }

    @Test
    void onlyTheReplacementIsLeft() throws IOException {
        Path file = folder.resolve("state");
        try (Journal journal = Journal.open(file, record -> {})) {
            journal.append(bytes("one"));
            journal.append(bytes("two"));
            journal.replace(bytes("both"));
            journal.append(bytes("three"));
            assertThat(journal.length()).isEqualTo(Files.size(file));
        }
        assertThat(records(file)).containsExactly("both", "three");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void refusesAFileThatIsSomethingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("state"), "something else entirely");
        assertThatThrownBy(() -> Journal.open(file, record -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": is not a journal; move it away to begin anew");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> records(Path file) throws IOException {
        List<String> records = new ArrayList<>();
        Journal.open(file, record -> records.add(new String(record, UTF_8))).close();
        return records;
    }
}
