package io.emberwatch.push.influx;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.push.influx.WriteOutcome.Refused;
import io.emberwatch.push.influx.WriteOutcome.Retry;
import io.emberwatch.push.influx.WriteOutcome.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class InfluxSinkTest {
    private final FakeDatabase database = new FakeDatabase();
    private final List<String> dead = new ArrayList<>();

    @Test
    void gathersRecordsIntoLargeRequests() {
        InfluxSink sink = sink(Dialect.V2, 3);

        assertThat(store(sink, "a v=1", "b v=2\nc v=3\n", "d v=4\n")).isZero();

        assertThat(database.requests).containsExactly("a v=1\nb v=2\nc v=3\n", "d v=4\n");
        assertThat(sink.stored()).isEqualTo(4);
    }

    @Test
    void keepsWhatCouldHarmTheDatabaseFromIt() {
        assertThat(store(sink(Dialect.INFLUXDB_1, 100), "a v=1u\n0 \\\\=\"=\"\nb v=2\n", "m,time=1 v=1"))
                .isZero();

        assertThat(database.requests).containsExactly("a v=1i\nb v=2\n");
        assertThat(dead).containsExactly("unterminated_string 0 \\\\=\"=\"", "reserved_tag m,time=1 v=1");
    }

    @Test
    void findsTheLinesThatTheDatabaseRefuses() {
        StringBuilder record = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            record.append(i == 17 || i == 64 ? "bad" : "good")
                    .append(",n=")
                    .append(i)
                    .append(" v=1\n");
        }

        assertThat(store(sink(Dialect.V2, 1000), record.toString())).isZero();

        assertThat(database.lines).hasSize(98);
        assertThat(dead).containsExactly("refused: no bad bad,n=17 v=1\n", "refused: no bad bad,n=64 v=1\n");
        assertThat(database.requests.size()).isLessThan(40);
    }

    @Test
    void waitsLongerEachTimeWhileTheDatabaseIsAway() {
        InfluxSink sink = sink(Dialect.V2, 100);
        database.away = new Retry("gone", Duration.ZERO);

        assertThat(store(sink, "a v=1")).isEqualTo(Duration.ofSeconds(1));
        assertThat(store(sink, "a v=1")).isEqualTo(Duration.ofSeconds(2));
        assertThat(sink.trouble()).isEqualTo("gone");
        for (int i = 0; i < 10; i++) {
            store(sink, "a v=1");
        }
        assertThat(store(sink, "a v=1")).isEqualTo(Duration.ofSeconds(30));
        database.away = new Retry("busy", Duration.ofSeconds(77));
        assertThat(store(sink, "a v=1")).isEqualTo(Duration.ofSeconds(77));
        assertThat(sink.stored()).isZero();

        database.away = null;
        assertThat(store(sink, "a v=1")).isZero();
        assertThat(sink.trouble()).isEmpty();
        assertThat(sink.stored()).isEqualTo(1);
        database.away = new Retry("gone", Duration.ZERO);
        assertThat(store(sink, "a v=1")).isEqualTo(Duration.ofSeconds(1));
    }

    private InfluxSink sink(Dialect dialect, int batchLines) {
        return new InfluxSink(
                database,
                dialect,
                List.of(),
                batchLines,
                (line, reason) -> dead.add(reason + " " + new String(line, StandardCharsets.UTF_8)));
    }

    private static Duration store(InfluxSink sink, String... records) {
        List<byte[]> bytes = new ArrayList<>();
        for (String record : records) {
            bytes.add(record.getBytes(StandardCharsets.UTF_8));
        }
        return sink.store(bytes);
    }

    /** Refuses a request whole when one of its lines begins with {@code bad}. */
    private static final class FakeDatabase implements LineStore {
        final List<String> requests = new ArrayList<>();
        final TreeSet<String> lines = new TreeSet<>();
        Retry away;

        @Override
        public WriteOutcome write(byte[] text) {
            if (away != null) {
                return away;
            }
            String request = new String(text, StandardCharsets.UTF_8);
            requests.add(request);
            if (request.lines().anyMatch(line -> line.startsWith("bad"))) {
                return new Refused("no bad");
            }
            request.lines().forEach(lines::add);
            return new Stored();
        }

        @Override
        public void close() {}
    }
}
