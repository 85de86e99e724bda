package io.emberwatch.push.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.line.LineScanner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InternalFormatTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cpu,host=a,core=0 user=1.5 17       | cpu#user        | host=a,core=0#1.5#17
            cpu user=1i                         | cpu#user        | #1i#
            my\\ cpu,host=a\\ b us\\=er=t       | my\\ cpu#us\\=er | host=a\\ b#t#
            log,host=a#1 msg="a, #b=\\"c\\"" 5  | log#msg         | host=a#1#"a, #b=\\"c\\""#5
            """)
    void keepsTheSpellingOfTheLine(String line, String key, String value) {
        LineScanner scanner = scan(line);

        assertThat(text(InternalFormat.key(scanner, 0))).isEqualTo(key);
        assertThat(text(InternalFormat.value(scanner, 0))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu,host=a user=1.5 17",
                "cpu user=1i",
                "a#b,c#d=e#f g=\"h#i\" 7",
                "m,t=\"#\" f=\"#\\\"#\\\\\" 1",
                "m f=\"\"",
                "m,t=x#\"y f=2u -5",
                "m f=\"line\nfeed\" 5"
            })
    void readsBackWhatWasWritten(String line) {
        LineScanner scanner = scan(line);
        String whole = line.replace("\n", "\\n");

        InternalReader reader = new InternalReader();
        reader.single(InternalFormat.key(scanner, 0), InternalFormat.value(scanner, 0));
        assertThat(messages(reader)).containsExactly(line);

        ByteBuilder batch = new ByteBuilder(1);
        InternalFormat.appendToBatch(InternalFormat.key(scanner, 0), scanner, 0, batch);
        InternalFormat.appendToBatch(InternalFormat.key(scanner, 0), scanner, 0, batch);
        reader.batch(batch.toByteArray());
        assertThat(messages(reader)).containsExactly(whole, whole);
    }

    @Test
    void findsNothingInAnEmptyBatch() {
        InternalReader reader = new InternalReader();
        reader.batch(new byte[0]);

        assertThat(reader.next()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "cpu, host=a#1#5",
        "#user, host=a#1#5",
        "cpu#, host=a#1#5",
        "cpu#user, host=a",
        "cpu#user, host=a#5",
        "cpu#user, host=a##5",
        "cpu#user, 'host=a\"x\"#5'"
    })
    void noticesWhatIsNotInTheFormat(String key, String value) {
        InternalReader reader = new InternalReader();
        reader.single(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));

        assertThat(reader.next()).isTrue();
        assertThat(reader.faulty()).isTrue();
        assertThat(reader.next()).isFalse();
    }

    @Test
    void goesOnBehindAFaultyMessageOfABatch() {
        InternalReader reader = new InternalReader();
        reader.batch("nonsense\na#b\t#1#\nc#d#1#\ne#f\t#2#".getBytes(StandardCharsets.UTF_8));

        assertThat(messages(reader)).containsExactly("faulty", "a b=1", "faulty", "e f=2");
    }

    /** Every message as the line it was. */
    private static List<String> messages(InternalReader reader) {
        List<String> messages = new ArrayList<>();
        while (reader.next()) {
            if (reader.faulty()) {
                messages.add("faulty");
                continue;
            }
            String tags = part(reader.valueBytes(), reader.tagsStart(), reader.tagsEnd());
            String time = part(reader.valueBytes(), reader.timestampStart(), reader.end());
            messages.add(part(reader.keyBytes(), reader.keyStart(), reader.measurementEnd())
                    + (tags.isEmpty() ? "" : "," + tags)
                    + " "
                    + part(reader.keyBytes(), reader.fieldStart(), reader.keyEnd())
                    + "="
                    + part(reader.valueBytes(), reader.valueStart(), reader.valueEnd())
                    + (reader.hasTimestamp() ? " " + time : ""));
        }
        return messages;
    }

    private static LineScanner scan(String line) {
        LineScanner scanner = new LineScanner();
        scanner.reset(line.getBytes(StandardCharsets.UTF_8));
        assertThat(scanner.next()).isTrue();
        assertThat(scanner.fault()).isNull();
        return scanner;
    }

    private static String part(byte[] in, int from, int to) {
        return new String(in, from, to - from, StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
