package io.emberwatch.benchmarks.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Webhooks over many connections, each of which posts, waits for the answer, and posts again. One thread drives them all and
 * a body is made by writing another number into the last one, as whoever measures shares the machine with what is measured.
 */
final class Flood {
    private static final int FIRST = 100_000_000;
    private static final int DIGITS = 9;
    private static final int ANSWER_BYTES = 4096;
    private static final long PATIENCE_MILLIS = 30_000;

    private final byte[] body = Bodies.group("Flood", 1, FIRST);
    private final int[] places = places(new String(body, StandardCharsets.ISO_8859_1));
    private int number = FIRST;

    // Wherever the number stands, and the fingerprint, which is to be another as well.
    private static int[] places(String body) {
        List<Integer> places = new ArrayList<>();
        String mark = Integer.toString(FIRST);
        for (int at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + DIGITS)) {
            places.add(at);
        }
        String fingerprint = "\"fingerprint\":\"";
        places.add(body.indexOf(fingerprint) + fingerprint.length());
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A body that was not there before; the same array each time. */
    byte[] next() {
        number++;
        for (int place : places) {
            int rest = number;
            for (int i = place + DIGITS - 1; i >= place; i--) {
                body[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        return body;
    }

    /** How many a second were answered with 200. */
    double perSecond(int port, int connections, long seconds) throws IOException {
        ByteBuffer request = request();
        int head = request.position();
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        long taken = 0;
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                Connection connection = new Connection(port);
                connection.channel.register(selector, SelectionKey.OP_READ, connection);
                connection.post(fill(request, head));
            }
            int open = connections;
            while (open > 0) {
                if (selector.select(PATIENCE_MILLIS) == 0) {
                    throw new IOException("no answer within " + PATIENCE_MILLIS + " ms");
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    Connection connection = (Connection) key.attachment();
                    if (!connection.isAnswered()) {
                        continue;
                    }
                    taken += connection.status() == 200 ? 1 : 0;
                    if (System.nanoTime() < end) {
                        connection.post(fill(request, head));
                    } else {
                        connection.channel.close();
                        open--;
                    }
                }
                selector.selectedKeys().clear();
            }
        }
        return taken / ((System.nanoTime() - begin) / 1e9);
    }

    private ByteBuffer request() {
        byte[] head = ("POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(head.length + body.length).put(head);
    }

    private ByteBuffer fill(ByteBuffer request, int head) {
        return request.clear().position(head).put(next()).flip();
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final byte[] answer = new byte[ANSWER_BYTES];
        private final ByteBuffer in = ByteBuffer.wrap(answer);

        Connection(int port) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
        }

        void post(ByteBuffer request) throws IOException {
            in.clear();
            while (request.hasRemaining()) {
                channel.write(request);
            }
        }

        // Reads what has come; true when that is all of the answer.
        boolean isAnswered() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the connection was closed");
            }
            String text = new String(answer, 0, in.position(), StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            return end >= 0 && text.length() >= end + 4 + length(text.substring(0, end));
        }

        private static int length(String head) {
            return Arrays.stream(head.split("\r\n", -1))
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).trim()))
                    .findFirst()
                    .orElse(0);
        }

        int status() {
            return (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + answer[11] - '0';
        }
    }
}
