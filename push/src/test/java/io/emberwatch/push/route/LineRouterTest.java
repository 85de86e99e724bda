package io.emberwatch.push.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.model.line.LineFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LineRouterTest {
    private final Map<Destination, List<FilterConfig>> filters = new EnumMap<>(Destination.class);
    private final Collected out = new Collected();

    @Test
    void sendsTheRecordItselfWhenEveryLinePasses() {
        filters.put(Destination.DATABASE, List.of());
        byte[] record = bytes("cpu user=1 1\nmem used=2i 1\n");

        router(Dialect.V2, false).route(record, out);

        assertThat(out.databaseRecord).isSameAs(record);
    }

    @Test
    void sendsOnlyTheLinesThatPass() {
        filters.put(Destination.DATABASE, List.of(measurement("cpu")));

        assertThat(database("cpu user=1\nmem used=2\ncpu user=3\n")).isEqualTo("cpu user=1\ncpu user=3\n");
        assertThat(database("mem used=2\ncpu user=1")).isEqualTo("cpu user=1\n");
        assertThat(database("mem used=2")).isNull();
    }

    @Test
    void leavesOutBlankLinesCommentsAndCarriageReturns() {
        filters.put(Destination.DATABASE, List.of());

        assertThat(database("# one\ncpu user=1\n\ncpu user=2\r\ncpu user=3\r\n\n"))
                .isEqualTo("cpu user=1\ncpu user=2\ncpu user=3\n");
        assertThat(database("cpu user=1\n\n")).isEqualTo("cpu user=1\n");
        assertThat(database("cpu user=1\r")).isEqualTo("cpu user=1\n");
        assertThat(database("  cpu user=1  ")).isEqualTo("cpu user=1  \n");
    }

    @Test
    void sendsEachFieldInTheInternalFormat() {
        filters.put(Destination.ONOFF, List.of(fields("dcs", "state", "mode")));
        filters.put(Destination.AGGREGATOR, List.of(fields("cpu", "user")));

        RouteCounts counts = router(Dialect.V2, false)
                .route(bytes("dcs,id=1 state=t,mode=2i,x=3 5\ncpu,host=a user=1.5,system=2 6\n"), out);

        assertThat(out.fields)
                .containsExactly(
                        "ONOFF dcs#state id=1#t#5", "ONOFF dcs#mode id=1#2i#5", "AGGREGATOR cpu#user host=a#1.5#6");
        assertThat(counts).isEqualTo(new RouteCounts(2, 5, 0, 0, 0, 0, 2, 1));
    }

    @Test
    void refusesFaultyLinesAndGoesOn() {
        filters.put(Destination.DATABASE, List.of());

        RouteCounts counts = router(Dialect.V2, false)
                .route(bytes("cpu user=1\nlog,host=a msg=\"hello, world\",v= 1\ncpu user=2"), out);

        assertThat(text(out.databaseRecord)).isEqualTo("cpu user=1\ncpu user=2\n");
        assertThat(out.dead).containsExactly("FIELD_VALUE@43 log,host=a msg=\"hello, world\",v= 1");
        assertThat(counts.dead()).isEqualTo(1);
        assertThat(counts.lines()).isEqualTo(3);
    }

    @Test
    void countsWhatNoFilterLetsPass() {
        filters.put(Destination.DATABASE, List.of(measurement("cpu")));

        RouteCounts counts = router(Dialect.V2, false).route(bytes("cpu a=1\nmem b=1\nnet c=1"), out);

        assertThat(counts.unrouted()).isEqualTo(2);
        assertThat(counts.databaseLines()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cpu      | cpu,host=a v=1  | true
            cpu      | cpu2 v=1        | false
            cpu*     | cpu2 v=1        | true
            c?u      | cpu v=1         | true
            c?u      | cu v=1          | false
            /cpu.+/  | cpu2 v=1        | true
            /pu/     | cpu v=1         | false
            !cpu     | mem v=1         | true
            !cpu     | cpu v=1         | false
            !/c.*/   | cpu v=1         | false
            my cpu   | my\\ cpu v=1    | true
            a\\*b    | a*b v=1         | true
            a\\*b    | axb v=1         | false
            """)
    void choosesByMeasurement(String pattern, String line, boolean passes) {
        filters.put(Destination.DATABASE, List.of(measurement(pattern)));

        assertThat(database(line) != null).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a   | cpu,host=a v=1      | true
            a   | cpu,host=b v=1      | false
            a   | cpu v=1             | false
            !a  | cpu v=1             | true
            b c | cpu,x=1,host=b\\ c v=1 | true
            /a?/ | cpu v=1            | true
            """)
    void choosesByTag(String pattern, String line, boolean passes) {
        filters.put(Destination.DATABASE, List.of(new FilterConfig(null, Map.of("host", pattern), List.of())));
        filters.put(Destination.ONOFF, List.of(new FilterConfig(null, Map.of("host", pattern), List.of("v"))));

        assertThat(database(line) != null).isEqualTo(passes);
        assertThat(out.fields).hasSize(passes ? 1 : 0);
    }

    @Test
    void choosesFieldsWithNegation() {
        filters.put(Destination.ONOFF, List.of(fields("m", "a*", "!ab")));
        filters.put(Destination.AGGREGATOR, List.of(fields("m", "!ab")));

        router(Dialect.V2, false).route(bytes("m aa=1,ab=2,b=3"), out);

        assertThat(out.fields).containsExactly("ONOFF m#aa #1#", "AGGREGATOR m#aa #1#", "AGGREGATOR m#b #3#");
    }

    @Test
    void passesALineToTheDatabaseWholeWhenOneOfItsFieldsPasses() {
        filters.put(Destination.DATABASE, List.of(fields("m", "b")));

        assertThat(database("m a=1,b=2\nm a=1\n")).isEqualTo("m a=1,b=2\n");
    }

    @Test
    void gathersFieldsByPartition() {
        filters.put(Destination.AGGREGATOR, List.of());
        LineRouter router = new LineRouter(
                new RouteRules(filters), new LineRouter.Settings(Dialect.V2, true, 1000), (topic, key) -> key[0] - 'a');

        router.route(bytes("a x=1,y=2 5\nb x=3 5\na,t=u x=4 6"), out);

        assertThat(out.fields)
                .containsExactly(
                        "AGGREGATOR batch a#x [a#x\t#1#5, a#y\t#2#5, a#x\tt=u#4#6]",
                        "AGGREGATOR batch b#x [b#x\t#3#5]");
    }

    @Test
    void makesLinesFitForInfluxDb1() {
        filters.put(Destination.DATABASE, List.of());
        filters.put(Destination.ONOFF, List.of(measurement("n")));

        RouteCounts counts = router(Dialect.INFLUXDB_1, false).route(bytes("""
                                m a=1u,b=2i,c=9223372036854775807u 5
                                m a=9223372036854775808u
                                m,time=x a=1
                                m a=1\r
                                n,time=x a=1
                                m time=1
                                """), out);

        assertThat(text(out.databaseRecord)).isEqualTo("m a=1i,b=2i,c=9223372036854775807i 5\nm a=1\n");
        assertThat(out.dead)
                .containsExactly(
                        "UNSIGNED_VALUE@37 m a=9223372036854775808u",
                        "RESERVED_TAG@62 m,time=x a=1",
                        "RESERVED_TAG@82 n,time=x a=1",
                        "RESERVED_FIELD@95 m time=1");
        assertThat(counts).isEqualTo(new RouteCounts(6, 8, 0, 3, 1, 2, 1, 0));
    }

    @Test
    void saysWhatIsWrongWithAPattern() {
        assertThatThrownBy(() -> measurement("/(/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"/(/\"");
        assertThatThrownBy(() -> measurement("!")).hasMessage("\"!\": a pattern must not be empty");
        List<FilterConfig> tooMany = Collections.nCopies(65, new FilterConfig(null, Map.of("host", "a"), List.of()));
        assertThatThrownBy(() -> new RouteRules(Map.of(Destination.ONOFF, tooMany)))
                .hasMessageContaining("more than 64");
    }

    private LineRouter router(Dialect dialect, boolean batched) {
        return new LineRouter(
                new RouteRules(filters), new LineRouter.Settings(dialect, batched, 1000), (topic, key) -> 0);
    }

    private String database(String record) {
        out.databaseRecord = null;
        router(Dialect.V2, false).route(bytes(record), out);
        return text(out.databaseRecord);
    }

    private static FilterConfig measurement(String pattern) {
        return new FilterConfig(pattern, Map.of(), List.of());
    }

    private static FilterConfig fields(String measurement, String... fields) {
        return new FilterConfig(measurement, Map.of(), List.of(fields));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static final class Collected implements RouteOutput {
        byte[] databaseRecord;
        final List<String> fields = new ArrayList<>();
        final List<String> dead = new ArrayList<>();

        @Override
        public void database(byte[] lines) {
            databaseRecord = lines;
        }

        @Override
        public void field(Destination destination, byte[] key, byte[] value) {
            fields.add(destination + " " + text(key) + " " + text(value));
        }

        @Override
        public void fields(Destination destination, byte[] key, byte[] batch) {
            fields.add(destination + " batch " + text(key) + " "
                    + List.of(text(batch).stripTrailing().split("\n", -1)));
        }

        @Override
        public void dead(byte[] line, LineFault fault, int offset) {
            dead.add(fault + "@" + offset + " " + text(line));
        }
    }
}
