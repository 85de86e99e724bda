package io.emberwatch.model.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LineScannerTest {
    @Test
    void findsTheBordersOfEveryPart() {
        LineScanner scanner = scan("cpu,host=a\\ b,core=0 user=1.5,n=2i,ok=t,msg=\"x, y\" 1700000000000000000");

        assertThat(scanner.next()).isTrue();
        assertThat(scanner.fault()).isNull();
        assertThat(part(scanner, scanner.measurementStart(), scanner.measurementEnd()))
                .isEqualTo("cpu");
        assertThat(scanner.tagCount()).isEqualTo(2);
        assertThat(part(scanner, scanner.tagKeyStart(0), scanner.tagKeyEnd(0))).isEqualTo("host");
        assertThat(part(scanner, scanner.tagValueStart(0), scanner.tagValueEnd(0)))
                .isEqualTo("a\\ b");
        assertThat(part(scanner, scanner.lineStart(), scanner.seriesEnd())).isEqualTo("cpu,host=a\\ b,core=0");
        assertThat(scanner.fieldCount()).isEqualTo(4);
        assertThat(fields(scanner)).containsExactly("FLOAT 1.5", "INTEGER 2i", "BOOLEAN t", "STRING \"x, y\"");
        assertThat(scanner.timestamp()).isEqualTo(1_700_000_000_000_000_000L);
        assertThat(scanner.next()).isFalse();
    }

    @Test
    void passesOverBlankLinesAndComments() {
        assertThat(outcomes("\n  \n# a comment with\ttab\r\n\r\n  m v=1\n   # another\n n v=2 \r\n\r"))
                .containsExactly("m v=1", "n v=2 ");
    }

    @Test
    void goesOnBehindAFaultyLine() {
        assertThat(outcomes("a v=1\nb v=\nc v=3\n")).containsExactly("a v=1", "FIELD_VALUE@10 b v=", "c v=3");
    }

    @Test
    void findsTheLinesBehindAnUnclosedQuote() {
        assertThat(outcomes("a s=\"open\nb v=2\nc v=3"))
                .containsExactly("UNTERMINATED_STRING@4 a s=\"open", "b v=2", "c v=3");
        assertThat(outcomes("a s=\"open\nb s=\"x\" 1\nc v=3"))
                .containsExactly("FIELD_END@15 a s=\"open", "b s=\"x\" 1", "c v=3");
    }

    @Test
    void keepsALineFeedWithinAString() {
        assertThat(outcomes("a s=\"one\ntwo\" 5\nb v=1")).containsExactly("a s=\"one\ntwo\" 5", "b v=1");
    }

    @Test
    void findsAsManyTagsAndFieldsAsThereAre() {
        StringBuilder line = new StringBuilder("m");
        for (int i = 0; i < 100; i++) {
            line.append(",t").append(i).append("=v");
        }
        for (int i = 0; i < 100; i++) {
            line.append(i == 0 ? ' ' : ',').append('f').append(i).append('=').append(i);
        }
        LineScanner scanner = scan(line.toString());

        assertThat(scanner.next()).isTrue();
        assertThat(scanner.tagCount()).isEqualTo(100);
        assertThat(scanner.fieldCount()).isEqualTo(100);
        assertThat(part(scanner, scanner.fieldValueStart(99), scanner.fieldValueEnd(99)))
                .isEqualTo("99");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            m                        | FIELDS_MISSING
            m,                       | TAG_KEY
            m,=v f=1                 | TAG_KEY
            m,t f=1                  | TAG_EQUALS
            m,t= f=1                 | TAG_VALUE
            m,t=a=b f=1              | TAG_END
            m,t=v                    | TAG_END
            m,t=v,t=w f=1            | DUPLICATE_TAG
            ,t=v f=1                 | MEASUREMENT
            m f                      | FIELD_EQUALS
            m =1                     | FIELD_KEY
            m f=                     | FIELD_VALUE
            m f=x                    | FIELD_VALUE
            m f=+1                   | FIELD_VALUE
            m f=1x                   | FLOAT
            m f=1e                   | FLOAT
            m f=.                    | FLOAT
            m f=0x1p3                | FLOAT
            m f=-inf                 | FLOAT
            m f=1e309                | OUT_OF_RANGE
            m f=-i                   | INTEGER
            m f=1.5i                 | INTEGER
            m f=9223372036854775808i | OUT_OF_RANGE
            m f=99999999999999999999i | OUT_OF_RANGE
            m f=-1u                  | UNSIGNED
            m f=18446744073709551616u | OUT_OF_RANGE
            m f=99999999999999999999u | OUT_OF_RANGE
            m f=tRUE                 | BOOLEAN
            m f=TRue                 | BOOLEAN
            m f=fals                 | BOOLEAN
            m f="a                   | UNTERMINATED_STRING
            m f="a\\"                | UNTERMINATED_STRING
            m f="a"b                 | FIELD_END
            m f=1, g=2               | FIELD_KEY
            m f=1 2 3                | TIMESTAMP
            m f=1 1-2                | TIMESTAMP
            m f=1 -                  | TIMESTAMP
            m f=1 now                | TIMESTAMP
            m f=1 9223372036854775808 | TIMESTAMP_RANGE
            """)
    void refusesWithAReason(String line, LineFault reason) {
        LineScanner scanner = scan(line.replace("\\\\", "\\"));

        assertThat(scanner.next()).isTrue();
        assertThat(scanner.fault()).isEqualTo(reason);
        assertThat(scanner.next()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m f=1.",
                "m f=.5",
                "m f=-.5e3",
                "m f=1E+10",
                "m f=0.0e999999999999",
                "m f=1.7976931348623157e308",
                "m f=-9223372036854775808i",
                "m f=18446744073709551615u",
                "m f=00000000000000000000001u",
                "m f=-0i",
                "m f=T",
                "m f=False",
                "m f=\"\"",
                "m f=\"\\\\\"",
                "m f=1 -9223372036854775808",
                "m=n f=1",
                "m,\\==\\, f=1",
                "m,a=\\\\ f=1", // the second backslash belongs to the space that follows
                "\\, f=1",
                "ü,ö=ä ß=1"
            })
    void takes(String line) {
        LineScanner scanner = scan(line);

        assertThat(scanner.next()).isTrue();
        assertThat(scanner.fault()).isEqualTo(line.startsWith("m,a=") ? LineFault.TAG_END : null);
    }

    @Test
    void refusesInvalidUtf8InKeysAndStringsButNotInComments() {
        assertThat(fault(bytes('m', 0xff, ' ', 'f', '=', '1'))).isEqualTo(LineFault.UTF8);
        assertThat(fault(bytes('m', ' ', 'f', '=', '"', 0xc3, '"'))).isEqualTo(LineFault.UTF8);
        assertThat(fault(bytes('m', ',', 't', '=', 0xed, 0xa0, 0x80, ' ', 'f', '=', '1')))
                .isEqualTo(LineFault.UTF8);
        assertThat(fault(bytes('m', ',', 't', '=', 0xf4, 0x90, 0x80, 0x80, ' ', 'f', '=', '1')))
                .isEqualTo(LineFault.UTF8);
        assertThat(fault(bytes('m', ',', 't', '=', 0xf0, 0x9f, 0x94, 0xa5, ' ', 'f', '=', '1')))
                .isNull();
        assertThat(fault(bytes('#', 0xff, '\n', 'm', ' ', 'f', '=', '1'))).isNull();
    }

    @Test
    void refusesALineBeyondTheBoundAndFindsTheNext() {
        LineScanner scanner = new LineScanner(Dialect.V2, 10);
        byte[] text = "m v=123456\nm v=1234567\nm s=\"aaaaaaaaaaaaaaaaaa\"\nm v=1".getBytes(StandardCharsets.UTF_8);
        scanner.reset(text);

        assertThat(outcomes(scanner))
                .containsExactly(
                        "m v=123456",
                        "LINE_TOO_LONG@21 m v=1234567",
                        "LINE_TOO_LONG@33 m s=\"aaaaaaaaaaaaaaaaaa\"",
                        "m v=1");
    }

    @Test
    void refusesMoreTagsThanTheBound() {
        StringBuilder line = new StringBuilder("m");
        for (int i = 0; i <= LineScanner.MAX_TAGS; i++) {
            line.append(",t").append(i).append("=v");
        }
        LineScanner scanner = scan(line + " f=1");

        assertThat(scanner.next()).isTrue();
        assertThat(scanner.fault()).isEqualTo(LineFault.TOO_MANY_TAGS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            m f=1u                | UNSIGNED_VALUE
            m,time=1 f=1          | RESERVED_TAG
            m,timer=1 f=1         |
            m time=1              | RESERVED_FIELD
            m time=1,f=1          |
            m f=1i                |
            m f=1 5               |
            0 \\\\="="            | UNTERMINATED_STRING
            m \\0=",""=3,"="      | FIELD_END
            """)
    void takesOnlyWhatInfluxDb1Takes(String line, String reason) {
        LineScanner scanner = new LineScanner(Dialect.INFLUXDB_1, 1000);
        scanner.reset(line.getBytes(StandardCharsets.UTF_8));

        assertThat(scanner.next()).isTrue();
        assertThat(scanner.fault()).isEqualTo(reason == null ? null : LineFault.valueOf(reason));
    }

    @Test
    void refusesTheDatagramsThatEndInfluxDb1() {
        for (Dialect dialect : Dialect.values()) {
            for (String killer : List.of("0 \\\\=\"=\"", "m \\0=\",\"=3,\"=\"")) {
                LineScanner scanner = new LineScanner(dialect, 1000);
                scanner.reset(killer.getBytes(StandardCharsets.UTF_8));

                assertThat(scanner.next()).isTrue();
                assertThat(scanner.fault()).isNotNull();
            }
        }
    }

    @Test
    void refusesCarriageReturnsForInfluxDb1() {
        LineScanner scanner = new LineScanner(Dialect.INFLUXDB_1, 1000);
        scanner.reset("m v=1\r\n# comment\r\n\r\nn v=\"1\"\r\no v=1".getBytes(StandardCharsets.UTF_8));

        assertThat(outcomes(scanner))
                .containsExactly("CARRIAGE_RETURN@5 m v=1", "CARRIAGE_RETURN@18 ", "n v=\"1\"", "o v=1");
    }

    @Test
    void scansAPartOfAnArray() {
        LineScanner scanner = new LineScanner();
        scanner.reset("xxm v=1yy".getBytes(StandardCharsets.UTF_8), 2, 7);

        assertThat(outcomes(scanner)).containsExactly("m v=1");
    }

    private static List<String> fields(LineScanner scanner) {
        List<String> fields = new ArrayList<>();
        for (int f = 0; f < scanner.fieldCount(); f++) {
            fields.add(
                    scanner.fieldKind(f) + " " + part(scanner, scanner.fieldValueStart(f), scanner.fieldValueEnd(f)));
        }
        return fields;
    }

    private static LineFault fault(byte[] text) {
        LineScanner scanner = new LineScanner();
        scanner.reset(text);
        assertThat(scanner.next()).isTrue();
        return scanner.fault();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static List<String> outcomes(String text) {
        return outcomes(scan(text));
    }

    private static List<String> outcomes(LineScanner scanner) {
        List<String> outcomes = new ArrayList<>();
        while (scanner.next()) {
            String line = part(scanner, scanner.lineStart(), scanner.lineEnd());
            LineFault fault = scanner.fault();
            outcomes.add(fault == null ? line : fault + "@" + scanner.faultOffset() + " " + line);
        }
        return outcomes;
    }

    private static LineScanner scan(String text) {
        LineScanner scanner = new LineScanner();
        scanner.reset(text.getBytes(StandardCharsets.UTF_8));
        return scanner;
    }

    private static String part(LineScanner scanner, int from, int to) {
        return new String(scanner.input(), from, to - from, StandardCharsets.UTF_8);
    }
}
