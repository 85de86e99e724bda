package io.emberwatch.exporter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTextTest {
    private final KernelText text = new KernelText();

    private void set(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        text.set(bytes, bytes.length);
    }

    @Test
    void wordsOfEveryLineAreThoseThatSplittingFinds() {
        for (String content : List.of("", "\n", "a", " a  b\t c \n\n d\r\ne", "eth0: 1 2\n  lo:3 4\n", "  \n x")) {
            set(content);
            List<List<String>> found = new ArrayList<>();
            while (text.nextLine()) {
                List<String> words = new ArrayList<>();
                while (text.nextWord()) {
                    words.add(text.word());
                }
                found.add(words);
            }
            assertThat(found).isEqualTo(content.lines().map(Words::of).toList());
        }
    }

    @Test
    void numbersAreThoseOfTheStrictReader() {
        for (String number : List.of("0", "7", "123456789012345678", "9223372036854775808", "18446744073709551615")) {
            set(number);
            assertThat(text.nextLine() && text.nextWord()).isTrue();
            assertThat(text.count()).isEqualTo(Words.count(number));
        }
        for (String wrong : List.of("-1", "1x", "18446744073709551616", "1.5")) {
            set(wrong);
            assertThat(text.nextLine() && text.nextWord()).isTrue();
            assertThatThrownBy(text::count).isInstanceOf(NumberFormatException.class);
        }
    }

    @Test
    void aNameMayHoldTheMarkThatEndsIt() {
        set(" eth0:1 :  5 6\nno mark\n");
        assertThat(text.nextLine() && text.nextBeforeLast(':')).isTrue();
        assertThat(text.word()).isEqualTo("eth0:1");
        assertThat(text.nextWord() && text.count() == 5).isTrue();
        assertThat(text.nextLine()).isTrue();
        assertThat(text.nextBeforeLast(':')).isFalse();
    }

    @Test
    void rowsAreFoundByNameInWhateverOrderTheyCome() {
        List<String> made = new ArrayList<>();
        Rows<String> rows = new Rows<>(name -> {
            made.add(name);
            return "row of " + name;
        });
        for (String table : List.of("a 1\nb 2\nc 3", "a 4\nc 5\nd 6", "d 7\nc 8\nb 9\na 0", "")) {
            set(table);
            rows.rewind();
            while (text.nextLine() && text.nextWord()) {
                assertThat(rows.of(text)).isEqualTo("row of " + text.word());
            }
        }
        assertThat(made).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aFileThatIsReplacedAndOneThatGrowsAreReadAsTheyAreNow(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("f");
        KernelFile file = new KernelFile(path);
        assertThat(file.stripped()).isEmpty();
        Files.writeString(path, "one\n");
        assertThat(file.stripped()).isEqualTo("one");
        String longer = "x".repeat(10_000);
        Files.writeString(path, longer);
        assertThat(file.text()).isEqualTo(longer);
        Files.writeString(path, "two 2");
        KernelText now = file.read();
        assertThat(now.nextLine() && now.nextWord() && now.nextWord()).isTrue();
        assertThat(now.word()).isEqualTo("2");
    }
}
