package io.emberwatch.push.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;

/**
 * Sends lines in datagrams, as many whole ones in each as fit; a line that is longer goes alone, one that no datagram
 * can carry is refused. Nobody says whether they arrive.
 */
final class DatagramBackend implements Backend {
    private static final int LONGEST = 65_507; // a UDP datagram over IPv4

    private final Opening opening;
    private final byte[] buffer;
    private DatagramChannel channel;

    /** Opens the socket; a new one after one has failed. */
    @FunctionalInterface
    interface Opening {
        DatagramChannel open() throws IOException;
    }

    /** @param datagramBytes how long a datagram becomes at most */
    DatagramBackend(Opening opening, int datagramBytes) throws IOException {
        this.opening = opening;
        buffer = new byte[datagramBytes];
        channel = opening.open();
    }

    static Opening to(String host, int port) {
        return () -> {
            DatagramChannel channel = DatagramChannel.open();
            try {
                InetSocketAddress address = new InetSocketAddress(host, port);
                if (address.isUnresolved()) {
                    throw new UnknownHostException(host);
                }
                channel.connect(address);
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        };
    }

    @Override
    public void send(List<Line> lines) throws IOException {
        int end = 0;
        int refused = 0;
        for (Line line : lines) {
            if (line.length() > LONGEST) {
                refused++;
                continue;
            }
            if (end > 0 && end + line.length() > buffer.length) {
                write(ByteBuffer.wrap(buffer, 0, end));
                end = 0;
            }
            if (line.length() > buffer.length) {
                write(ByteBuffer.wrap(line.text()));
            } else {
                end = line.copyTo(buffer, end);
            }
        }
        if (end > 0) {
            write(ByteBuffer.wrap(buffer, 0, end));
        }
        if (refused > 0) {
            throw new RefusedException(refused, "longer than a datagram of " + LONGEST + " bytes");
        }
    }

    private void write(ByteBuffer datagram) throws IOException {
        if (!channel.isOpen()) {
            channel = opening.open();
        }
        try {
            channel.write(datagram);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
