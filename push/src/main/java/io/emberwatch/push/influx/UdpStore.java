package io.emberwatch.push.influx;

import io.emberwatch.model.line.LineScanner;
import io.emberwatch.push.influx.WriteOutcome.Refused;
import io.emberwatch.push.influx.WriteOutcome.Retry;
import io.emberwatch.push.influx.WriteOutcome.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes to InfluxDB 1.x over UDP: as many whole lines to a datagram as fit, ports in turn, never faster than the pace.
 * Called by one thread.
 */
public final class UdpStore implements LineStore {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final UdpConfig config;
    private final DatagramChannel channel;
    private final ByteBuffer datagram;
    private final LineScanner scanner = new LineScanner();
    private final AtomicLong sent = new AtomicLong();
    private int lines;
    private int turn;
    private long notBefore = System.nanoTime();

    /** @throws IOException when no socket can be opened */
    public UdpStore(UdpConfig config) throws IOException {
        this.config = config;
        channel = DatagramChannel.open();
        datagram = ByteBuffer.allocate((int) config.datagram().bytes());
    }

    @Override
    public WriteOutcome write(byte[] text) {
        scanner.reset(text);
        try {
            while (scanner.next()) {
                int length = scanner.lineEnd() - scanner.lineStart() + 1;
                if (length > datagram.capacity()) {
                    datagram.clear();
                    lines = 0;
                    return new Refused("a line of " + length + " bytes does not fit into a datagram");
                }
                if (datagram.remaining() < length) {
                    send();
                }
                datagram.put(text, scanner.lineStart(), length - 1).put((byte) '\n');
                lines++;
            }
            send();
            return new Stored();
        } catch (IOException e) {
            datagram.clear();
            lines = 0;
            return new Retry(String.valueOf(e.getMessage()), Duration.ZERO);
        }
    }

    private void send() throws IOException {
        if (lines == 0) {
            return;
        }
        pace();
        int port = config.ports().get(turn);
        turn = (turn + 1) % config.ports().size();
        datagram.flip();
        channel.send(datagram, new InetSocketAddress(config.host(), port));
        sent.addAndGet(lines);
        datagram.clear();
        lines = 0;
    }

    /** Waits until the lines sent so far are due; what is behind by more than 10 ms is not made up for. */
    private void pace() {
        long now = System.nanoTime();
        while (notBefore - now > 0) {
            LockSupport.parkNanos(notBefore - now);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                break;
            }
            now = System.nanoTime();
        }
        notBefore =
                Math.max(notBefore, now - TimeUnit.MILLISECONDS.toNanos(10)) + SECOND * lines / config.linesPerSecond();
    }

    /** Lines sent so far. */
    public long sent() {
        return sent.get();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
