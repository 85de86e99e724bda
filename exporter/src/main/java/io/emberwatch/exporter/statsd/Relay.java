package io.emberwatch.exporter.statsd;

import io.emberwatch.exporter.listen.Loss;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.service.http.ListenAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every line on as it came, over UDP, as statsd_exporter's relay and the repeater of Etsy's statsd do: in datagrams of at
 * most {@value #MOST_BYTES} bytes, each sent when the next line does not fit or after a second. Nobody waits: what a socket
 * has no room for, and a line that is longer than a datagram, is lost and counted.
 */
final class Relay implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("exporter.statsd");
    static final int MOST_BYTES = 1400;

    private final List<Target> targets = new ArrayList<>();
    private final StatsdMetrics metrics;
    private final byte[] packet = new byte[MOST_BYTES];
    private int length;
    private int lines;

    Relay(List<ListenAddress> addresses, StatsdMetrics metrics) {
        this.metrics = metrics;
        for (ListenAddress address : addresses) {
            targets.add(new Target(address, metrics.relay(address.toString())));
        }
    }

    /** Opens what is sent through. */
    synchronized void start() throws IOException {
        for (Target target : targets) {
            target.open();
        }
    }

    /** A receiver that relays what it takes before {@code next} does. */
    Receiver before(Receiver next) {
        return new Receiver() {
            @Override
            public void take(byte[] in, int from, int to) {
                relay(in, from, to);
                next.take(in, from, to);
            }

            @Override
            public void lost(Loss loss) {
                next.lost(loss);
            }
        };
    }

    private synchronized void relay(byte[] in, int from, int to) {
        int start = from;
        while (start < to) {
            int end = start;
            while (end < to && in[end] != '\n') {
                end++;
            }
            add(in, start, end > start && in[end - 1] == '\r' ? end - 1 : end);
            start = end + 1;
        }
    }

    private void add(byte[] in, int from, int to) {
        int size = to - from;
        if (size == 0) {
            return;
        }
        if (size + 1 > MOST_BYTES) {
            metrics.relayTooLong.inc();
            return;
        }
        if (length + size + 1 > MOST_BYTES) {
            flush();
        }
        System.arraycopy(in, from, packet, length, size);
        length += size;
        packet[length++] = '\n';
        lines++;
    }

    /** Sends what there is. */
    synchronized void flush() {
        if (lines > 0) {
            for (Target target : targets) {
                target.send(ByteBuffer.wrap(packet, 0, length), lines);
            }
            length = 0;
            lines = 0;
        }
    }

    @Override
    public synchronized void close() {
        flush();
        targets.forEach(Target::close);
    }

    /** Where to. */
    private static final class Target {
        private final ListenAddress address;
        private final StatsdMetrics.RelayMetrics metrics;
        private InetSocketAddress destination = new InetSocketAddress(0);
        private @Nullable DatagramChannel channel;

        Target(ListenAddress address, StatsdMetrics.RelayMetrics metrics) {
            this.address = address;
            this.metrics = metrics;
        }

        void open() throws IOException {
            InetSocketAddress to = new InetSocketAddress(address.host(), address.port());
            if (to.isUnresolved()) {
                throw new IOException("relay: " + address + ": the name cannot be resolved");
            }
            DatagramChannel opened = DatagramChannel.open(
                    to.getAddress() instanceof Inet4Address
                            ? StandardProtocolFamily.INET
                            : StandardProtocolFamily.INET6);
            channel = opened;
            opened.configureBlocking(false);
            // Not connected: then nobody hears that nobody listens there, as with any other sender of StatsD.
            destination = to;
        }

        void send(ByteBuffer datagram, int lines) {
            try {
                if (channel != null && channel.send(datagram, destination) > 0) {
                    metrics.packets().inc();
                    metrics.lines().inc(lines);
                    return;
                }
            } catch (IOException e) {
                logger.debug("not relayed to {}: {}", address, e.getMessage());
            }
            metrics.lost().inc(lines);
        }

        void close() {
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException e) {
                    logger.debug("not closed: {}", e.getMessage());
                }
                channel = null;
            }
        }
    }
}
