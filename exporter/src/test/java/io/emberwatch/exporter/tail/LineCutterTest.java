package io.emberwatch.exporter.tail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.tail.TailConfig.MultilineConfig;
import io.emberwatch.exporter.tail.rule.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LineCutterTest {
    private static final int MAX_LINE = 20;

    /** What became of a text that was read in pieces of some size. */
    private static final class Taken implements LineCutter.Handler {
        private final List<String> records = new ArrayList<>();
        private int lines;
        private int bytes;
        private int tooLong;
        private int mended;

        @Override
        public void record(byte[] text, int from, int to) {
            records.add(new String(text, from, to - from, UTF_8));
        }

        @Override
        public void read(int moreLines, int moreBytes) {
            lines += moreLines;
            bytes += moreBytes;
        }

        @Override
        public void lost(Loss loss) {
            assertThat(loss).isEqualTo(Loss.TOO_LONG);
            tooLong++;
        }

        @Override
        public void mended() {
            mended++;
        }
    }

    private static Taken read(byte[] text, @Nullable MultilineConfig multiline, Random random) {
        Taken taken = new Taken();
        LineCutter cutter = new LineCutter(MAX_LINE, multiline, taken);
        int offset = 0;
        boolean within = false;
        int seen = 0;
        while (offset < text.length || seen < text.length) {
            seen = Math.min(text.length, seen + 1 + random.nextInt(3 * MAX_LINE));
            boolean last = seen == text.length;
            // As much as is there, at least as long as a tailer's buffer would be.
            byte[] buffer = Arrays.copyOfRange(text, offset, seen);
            int consumed = cutter.cut(buffer, buffer.length, within, last);
            within = consumed < 0;
            offset += within ? ~consumed : consumed;
            if (last) {
                assertThat(offset).isEqualTo(text.length);
            }
        }
        return taken;
    }

    @Test
    void whereTheTextIsCutIntoPiecesMakesNoDifference() {
        Random random = new Random(11);
        MultilineConfig multiline = new MultilineConfig("^>", Duration.ofSeconds(5), 3);
        byte[] alphabet = {'a', 'b', '\n', '\n', '>', '\r', (byte) 0xc3, (byte) 0xbc, (byte) 0xff, 'c', 'd', 'e'};
        for (int i = 0; i < 3000; i++) {
            byte[] text = new byte[random.nextInt(300)];
            for (int k = 0; k < text.length; k++) {
                text[k] = alphabet[random.nextInt(random.nextInt(4) == 0 ? 2 : alphabet.length)];
            }
            for (MultilineConfig records : new @Nullable MultilineConfig[] {null, multiline}) {
                Taken whole = read(text, records, new Random(i) {
                    private static final long serialVersionUID = 1;

                    @Override
                    public int nextInt(int bound) {
                        return bound - 1;
                    }
                });
                Taken pieces = read(text, records, random);
                assertThat(pieces.records).as("%s", new String(text, UTF_8)).isEqualTo(whole.records);
                assertThat(pieces.lines).isEqualTo(whole.lines);
                assertThat(pieces.bytes).isEqualTo(text.length).isEqualTo(whole.bytes);
                assertThat(pieces.tooLong).isEqualTo(whole.tooLong);
                assertThat(pieces.mended).isEqualTo(whole.mended);
                assertThat(pieces.records).allMatch(record -> record.length() <= 3 * MAX_LINE);
            }
        }
    }

    @Test
    void bytesThatAreNotUtf8AreReplaced() {
        Taken taken = read(new byte[] {'a', (byte) 0xff, 'b', '\r', '\n', 'c'}, null, new Random(1));
        assertThat(taken.records).containsExactly("a\ufffdb", "c");
        assertThat(taken.mended).isEqualTo(1);
    }
}
