package io.emberwatch.exporter.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ConnectionTest {
    private final List<String> lines = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private final PendingBytes room = new PendingBytes(1000);
    private final Receiver receiver = new Receiver() {
        @Override
        public void take(byte[] in, int from, int to) {
            new String(in, from, to - from, StandardCharsets.UTF_8).lines().forEach(lines::add);
        }

        @Override
        public void lost(Loss loss) {
            losses.add(loss);
        }
    };

    @Test
    void findsLinesWhereverTheyAreCut() {
        String text = "one\ntwo\n\nthree is longer\nfour";
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            lines.clear();
            Connection connection = new Connection(new LineFraming(20), receiver, room);
            for (int at = 0; at < text.length(); ) {
                int to = Math.min(text.length(), at + 1 + random.nextInt(9));
                send(connection, text.substring(at, to));
                at = to;
            }
            connection.end(true);

            assertThat(lines).containsExactly("one", "two", "", "three is longer", "four");
            assertThat(losses).isEmpty();
            assertThat(room.taken()).isZero();
        }
    }

    @Test
    void losesALineThatIsTooLongAndFindsTheNext() {
        Connection connection = new Connection(new LineFraming(5), receiver, room);
        send(connection, "12345\n123");
        send(connection, "45\n123");
        send(connection, "456");
        send(connection, "789\nok\n1234567");
        send(connection, "8\nend\n");

        assertThat(lines).containsExactly("12345", "12345", "ok", "end");
        assertThat(losses).containsExactly(Loss.TOO_LONG, Loss.TOO_LONG);
    }

    @Test
    void keepsNoMoreThanThereIsRoomFor() {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Connection connection = new Connection(new LineFraming(500), receiver, room);
            connections.add(connection);
            send(connection, "unfinished");
        }

        assertThat(room.taken()).isLessThanOrEqualTo(1000);
        assertThat(losses).hasSizeBetween(90, 99).containsOnly(Loss.NO_ROOM);
        connections.forEach(connection -> connection.end(false));
        assertThat(room.taken()).isZero();
        assertThat(losses).hasSize(100).contains(Loss.CUT_OFF);
    }

    private static void send(Connection connection, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(connection.take(bytes, bytes.length)).isTrue();
    }
}
