package io.emberwatch.exporter.status;

import io.emberwatch.model.flow.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A connection to a server, over TCP or a unix socket, that ends at a deadline whatever the server does, and reads no
 * more than a bound in all.
 */
public final class Wire implements Closeable {
    private static final int BUFFER = 8192;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Deadline deadline;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).flip();
    private long room;

    private Wire(SocketChannel channel, Selector selector, Deadline deadline, long limit) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.deadline = deadline;
        room = limit;
        channel.configureBlocking(false);
        key = channel.register(selector, 0);
    }

    /**
     * Connects over TCP.
     *
     * @param limit how many bytes may be read in all
     */
    public static Wire tcp(String host, int port, Deadline deadline, long limit) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(host + ": there is no such host");
        }
        return connect(SocketChannel.open(), address, deadline, limit);
    }

    /** Connects to a unix socket. */
    public static Wire unix(Path path, Deadline deadline, long limit) throws IOException {
        return connect(
                SocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(path), deadline, limit);
    }

    private static Wire connect(SocketChannel channel, SocketAddress address, Deadline deadline, long limit)
            throws IOException {
        Selector selector = Selector.open();
        try {
            Wire wire = new Wire(channel, selector, deadline, limit);
            if (!channel.connect(address)) {
                do {
                    wire.await(SelectionKey.OP_CONNECT, "connecting to " + address);
                } while (!channel.finishConnect());
            }
            return wire;
        } catch (IOException e) {
            channel.close();
            selector.close();
            throw e;
        }
    }

    private void await(int operation, String doing) throws IOException {
        key.interestOps(operation);
        long millis = deadline.remaining().toMillis();
        if (millis < 1 || selector.select(millis) == 0) {
            throw new SocketTimeoutException("no answer in time while " + doing);
        }
        selector.selectedKeys().clear();
    }

    public void send(String text) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                await(SelectionKey.OP_WRITE, "sending");
            }
        }
    }

    /**
     * The next line without its end.
     *
     * @throws EOFException when the connection ends before the line
     * @throws TargetFault when it is longer than {@code limit} bytes, or the bound of the connection is reached
     */
    public String line(int limit) throws IOException, TargetFault {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("the connection ended in the middle of an answer");
            }
            byte b = in.get();
            if (b == '\n') {
                String text = line.toString(StandardCharsets.UTF_8);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() >= limit) {
                throw new TargetFault(TargetFault.Reason.TOO_LARGE, "a line is longer than " + limit + " bytes");
            }
            line.write(b);
        }
    }

    /** Everything up to the end of the connection. */
    public byte[] toEnd() throws IOException, TargetFault {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (in.hasRemaining() || fill()) {
            all.write(in.array(), in.position(), in.remaining());
            in.position(in.limit());
        }
        return all.toByteArray();
    }

    private boolean fill() throws IOException, TargetFault {
        if (room <= 0) {
            throw new TargetFault(TargetFault.Reason.TOO_LARGE, "the answer is larger than it may be");
        }
        in.clear();
        in.limit((int) Math.min(BUFFER, room));
        int read = channel.read(in);
        while (read == 0) {
            await(SelectionKey.OP_READ, "waiting for an answer");
            read = channel.read(in);
        }
        in.flip();
        room -= Math.max(0, read);
        if (deadline.isPast()) {
            throw new SocketTimeoutException("no whole answer in time");
        }
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
