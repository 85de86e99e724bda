package io.emberwatch.model.line;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Run with {@code JAZZER_FUZZ=1} to search; otherwise the seeds are replayed. */
final class LineFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void everyByteOfAnyTextIsPassedOverOrPartOfOneLine(byte[] text) throws LineException {
        for (Dialect dialect : Dialect.values()) {
            LineScanner scanner = new LineScanner(dialect, 4096);
            scanner.reset(text);
            int behind = 0;
            while (scanner.next()) {
                assertThat(scanner.lineStart()).isGreaterThanOrEqualTo(behind);
                assertThat(scanner.lineEnd()).isBetween(scanner.lineStart(), text.length);
                behind = scanner.lineEnd();
                if (scanner.fault() == null) {
                    readsBackTheSame(LineDecoder.point(scanner, Precision.NANOSECONDS));
                } else {
                    assertThat(scanner.faultOffset()).isBetween(scanner.lineStart(), text.length);
                }
            }
        }
    }

    private static void readsBackTheSame(LinePoint point) throws LineException {
        LineWriter writer = new LineWriter();
        try {
            writer.begin(point.measurement());
            for (LinePoint.Tag tag : point.tags().stream()
                    .sorted((a, b) -> a.key().compareTo(b.key()))
                    .toList()) {
                writer.tag(tag.key(), tag.value());
            }
            point.fields().forEach(field -> writer.field(field.key(), field.value()));
        } catch (IllegalArgumentException e) {
            // A name may end with a backslash that cannot be written back.
            assertThat(e).hasMessageContaining("backslash");
            return;
        }
        Long time = point.timestampNanos();
        byte[] line = (time == null ? writer.end() : writer.end(time)).toByteArray();

        LinePoint again = LineDecoder.decode(line, Precision.NANOSECONDS).get(0);
        assertThat(again.measurement()).isEqualTo(point.measurement());
        assertThat(again.tags()).containsExactlyInAnyOrderElementsOf(point.tags());
        assertThat(again.fields()).isEqualTo(point.fields());
        assertThat(again.timestampNanos()).isEqualTo(time);
    }
}
