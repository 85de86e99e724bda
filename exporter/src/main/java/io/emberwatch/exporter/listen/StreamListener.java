package io.emberwatch.exporter.listen;

import io.emberwatch.exporter.listen.ListenMetrics.StreamMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections, over TCP or in the file system, and reads them all with one thread.
 *
 * <p>Bounded: so many connections as configured; of each at most one unfinished frame, and of all together an eighth of the
 * memory there is, at most 64 MiB, of unfinished frames. A slow client costs its unfinished frame and no thread.
 */
final class StreamListener implements Listener {
    private static final long MOST_PENDING_BYTES = 64 << 20;

    private static final Logger logger = LoggerFactory.getLogger("exporter.listen");
    private static final int READ_BYTES = 256 << 10;
    private static final int BACKLOG = 1024;
    private static final long TICK_MILLIS = 1000;
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);

    private final ListenerConfig config;
    private final Framing framing;
    private final Receiver receiver;
    private final StreamMetrics metrics;
    private final byte[] bytes = new byte[READ_BYTES];
    private final PendingBytes room =
            new PendingBytes(Math.min(MOST_PENDING_BYTES, Runtime.getRuntime().maxMemory() / 8));

    private @Nullable SocketFile file;
    private @Nullable Object fileIdentity;
    private @Nullable ServerSocketChannel server;
    private @Nullable Selector selector;
    private @Nullable Thread thread;
    private int connections;
    private volatile int port;
    private volatile boolean running;

    StreamListener(ListenerConfig config, Framing framing, Receiver receiver, StreamMetrics metrics) {
        this.config = config;
        this.framing = framing;
        this.receiver = receiver;
        this.metrics = metrics;
    }

    @Override
    public synchronized void start() throws IOException {
        try {
            Selector opened = Selector.open();
            selector = opened;
            ServerSocketChannel bound = bind();
            server = bound;
            bound.configureBlocking(false);
            SelectionKey accepting = bound.register(opened, SelectionKey.OP_ACCEPT);
            if (bound.getLocalAddress() instanceof InetSocketAddress internet) {
                port = internet.getPort();
            }
            running = true;
            Thread reader = new Thread(() -> serve(opened, accepting), config.name());
            reader.setDaemon(true);
            thread = reader;
            reader.start();
        } catch (IOException | RuntimeException e) {
            closeSockets();
            throw new IOException("cannot listen on " + config.name() + ": " + e.getMessage(), e);
        }
    }

    private ServerSocketChannel bind() throws IOException {
        if (config.address().network() == ListenerAddress.Network.UNIX) {
            SocketFile socketFile =
                    new SocketFile(Objects.requireNonNull(config.address().path()), config);
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server = channel;
            SocketAddress address = UnixDomainSocketAddress.of(socketFile.bindPath());
            channel.bind(address, BACKLOG);
            socketFile.publish();
            file = socketFile;
            fileIdentity = socketFile.identity();
            return channel;
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        server = channel;
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(SocketAddresses.of(Objects.requireNonNull(config.address().internet())), BACKLOG);
        return channel;
    }

    private void serve(Selector opened, SelectionKey accepting) {
        long lastTick = System.nanoTime();
        while (running) {
            try {
                opened.select(TICK_MILLIS);
            } catch (IOException e) {
                logger.atError()
                        .setCause(e)
                        .addKeyValue("listener", config.name())
                        .log("the socket failed");
                break;
            }
            Iterator<SelectionKey> ready = opened.selectedKeys().iterator();
            while (ready.hasNext() && running) {
                SelectionKey key = ready.next();
                ready.remove();
                if (key == accepting) {
                    accept(opened, accepting);
                } else if (key.isValid() && key.attachment() instanceof Connection connection) {
                    read(key, connection);
                }
            }
            long now = System.nanoTime();
            if (now - lastTick >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                lastTick = now;
                closeIdle(opened, now);
                if (accepting.isValid()) {
                    accepting.interestOps(SelectionKey.OP_ACCEPT);
                }
            }
        }
        for (SelectionKey key : opened.keys()) {
            if (key.attachment() instanceof Connection connection) {
                // What has arrived is read to its end.
                read(key, connection);
                end(key, connection, false);
            }
        }
        running = false;
    }

    private void accept(Selector opened, SelectionKey accepting) {
        try {
            ServerSocketChannel from = (ServerSocketChannel) accepting.channel();
            for (SocketChannel channel = from.accept(); channel != null; channel = from.accept()) {
                if (connections >= config.maxConnections()) {
                    metrics.refused().inc();
                    SocketAddresses.closeQuietly(channel);
                    continue;
                }
                channel.configureBlocking(false);
                Connection connection = new Connection(framing, receiver, room);
                connection.heard(System.nanoTime());
                channel.register(opened, SelectionKey.OP_READ, connection);
                connections++;
                metrics.connections().inc();
                metrics.open().set(connections);
            }
        } catch (IOException e) {
            // Most likely no file descriptor is left: the next tick tries again.
            accepting.interestOps(0);
            logger.atWarn()
                    .addKeyValue("listener", config.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("could not accept a connection");
        }
    }

    private void read(SelectionKey key, Connection connection) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int count;
        try {
            count = ((SocketChannel) key.channel()).read(buffer);
        } catch (IOException e) {
            end(key, connection, false);
            return;
        }
        if (count < 0) {
            end(key, connection, true);
            return;
        }
        if (count > 0) {
            metrics.bytes().inc(count);
            connection.heard(System.nanoTime());
            boolean readable;
            try {
                readable = connection.take(bytes, count);
            } catch (RuntimeException e) {
                // A fault of ours in what one client sent must not end the others.
                logger.atError()
                        .setCause(e)
                        .addKeyValue("listener", config.name())
                        .log("what a client sent could not be worked on");
                readable = false;
            }
            if (!readable) {
                end(key, connection, false);
            }
        }
    }

    private void end(SelectionKey key, Connection connection, boolean well) {
        if (key.isValid()) {
            key.cancel();
            try {
                connection.end(well);
            } catch (RuntimeException e) {
                logger.atError()
                        .setCause(e)
                        .addKeyValue("listener", config.name())
                        .log("what a client sent could not be worked on");
            }
            SocketAddresses.closeQuietly(key.channel());
            connections--;
            metrics.open().set(connections);
        }
    }

    private void closeIdle(Selector opened, long now) {
        long patience = config.idleTimeout().toNanos();
        for (SelectionKey key : opened.keys()) {
            if (key.attachment() instanceof Connection connection && now - connection.lastHeard() > patience) {
                end(key, connection, false);
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public ListenerAddress.Network network() {
        return config.address().network();
    }

    @Override
    public double received() {
        return metrics.connections().get();
    }

    @Override
    public void close() {
        running = false;
        Thread reader;
        synchronized (this) {
            if (selector != null) {
                selector.wakeup();
            }
            reader = thread;
        }
        Joining.join(reader, PATIENCE_MILLIS);
        closeSockets();
    }

    private synchronized void closeSockets() {
        if (server != null) {
            SocketAddresses.closeQuietly(server);
        }
        if (selector != null) {
            SocketAddresses.closeQuietly(selector);
        }
        if (file != null && fileIdentity != null) {
            file.remove(fileIdentity);
        }
    }
}
