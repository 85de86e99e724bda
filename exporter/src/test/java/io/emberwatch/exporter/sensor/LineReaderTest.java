package io.emberwatch.exporter.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    @Test
    void cutsLinesWhereverTheStreamIsCut() throws IOException {
        String text = "one\ntwo\r\n\nlast\n";
        for (int cut = 0; cut <= text.length(); cut++) {
            assertThat(read(8, text.substring(0, cut), text.substring(cut))).containsExactly("one", "two", "", "last");
        }
    }

    @Test
    void aLineOfTheGreatestLengthIsReadAndALongerOneSkipped() throws IOException {
        assertThat(read(4, "1234\n12345\nok\n")).containsExactly("1234", "<too long>", "ok");
        assertThat(read(4, "12", "34", "5", "6\nok\n")).containsExactly("<too long>", "ok");
    }

    @Test
    void tenMegabytesWithoutALineEndAreOneLineTooLong() throws IOException {
        byte[] endless = new byte[10 << 20];
        endless[endless.length - 1] = '\n';
        List<String> lines = new ArrayList<>();

        new LineReader(new ByteArrayInputStream(endless), 16, collector(lines)).readAll();

        assertThat(lines).containsExactly("<too long>");
    }

    @Test
    void whatEndsWithinALineIsNoLine() throws IOException {
        assertThat(read(8, "1 2 3\n4 5")).containsExactly("1 2 3", "<incomplete>");
        assertThat(read(4, "123456")).containsExactly("<incomplete>");
        assertThat(read(4, "")).isEmpty();
    }

    private static List<String> read(int maxLine, String... parts) throws IOException {
        List<InputStream> streams = new ArrayList<>();
        for (String part : parts) {
            streams.add(new ByteArrayInputStream(part.getBytes(StandardCharsets.UTF_8)));
        }
        List<String> lines = new ArrayList<>();
        new LineReader(new SequenceInputStream(Collections.enumeration(streams)), maxLine, collector(lines)).readAll();
        return lines;
    }

    private static LineReader.Handler collector(List<String> lines) {
        return new LineReader.Handler() {
            @Override
            public void line(String line) {
                lines.add(line);
            }

            @Override
            public void tooLong() {
                lines.add("<too long>");
            }

            @Override
            public void incomplete() {
                lines.add("<incomplete>");
            }
        };
    }
}
