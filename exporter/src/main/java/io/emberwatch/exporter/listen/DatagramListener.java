package io.emberwatch.exporter.listen;

import io.emberwatch.exporter.listen.ListenMetrics.DatagramMetrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads datagrams, one after another, and hands each on as a whole. */
final class DatagramListener implements Listener {
    private static final Logger logger = LoggerFactory.getLogger("exporter.listen");

    // No datagram is longer: UDP has 64 KiB, and a socket in the file system what net.core.wmem_max allows, 208 KiB.
    private static final int LARGEST_DATAGRAM = 1 << 20;
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);

    private final ListenerConfig config;
    private final Receiver receiver;
    private final DatagramMetrics metrics;
    private @Nullable DatagramSource source;
    private @Nullable Thread thread;
    private long kernelDrops;
    private volatile boolean running;

    DatagramListener(ListenerConfig config, Receiver receiver, DatagramMetrics metrics) {
        this.config = config;
        this.receiver = receiver;
        this.metrics = metrics;
    }

    @Override
    public synchronized void start() throws IOException {
        DatagramSource opened;
        try {
            opened = open();
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new IOException("cannot listen on " + config.name() + ": " + e.getMessage(), e);
        }
        source = opened;
        running = true;
        Thread reader = new Thread(() -> read(opened), config.name());
        reader.setDaemon(true);
        thread = reader;
        reader.start();
    }

    private DatagramSource open() throws IOException {
        ListenerAddress address = config.address();
        if (address.network() == ListenerAddress.Network.UNIXGRAM) {
            return UnixgramSource.open(Objects.requireNonNull(address.path()), config);
        }
        return UdpSource.open(Objects.requireNonNull(address.internet()), (int)
                config.receiveBuffer().bytes());
    }

    private void read(DatagramSource opened) {
        byte[] bytes = new byte[LARGEST_DATAGRAM];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (running) {
            buffer.clear();
            try {
                if (!opened.receive(buffer)) {
                    continue;
                }
            } catch (IOException e) {
                if (running) {
                    logger.atError()
                            .setCause(e)
                            .addKeyValue("listener", config.name())
                            .log("the socket failed and is not read any more");
                }
                break;
            }
            metrics.packets().inc();
            metrics.bytes().inc(buffer.position());
            try {
                receiver.take(bytes, 0, buffer.position());
            } catch (RuntimeException e) {
                // A fault of ours in one datagram must not end the listener.
                logger.atError()
                        .setCause(e)
                        .addKeyValue("listener", config.name())
                        .log("a datagram could not be worked on");
            }
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public synchronized int port() {
        return source == null ? 0 : source.port();
    }

    @Override
    public ListenerAddress.Network network() {
        return config.address().network();
    }

    @Override
    public double received() {
        return metrics.packets().get();
    }

    @Override
    public synchronized double kernelDrops() {
        return kernelDrops;
    }

    @Override
    public synchronized void refresh() {
        if (source != null && running) {
            long now = source.kernelDrops();
            if (now > kernelDrops) {
                metrics.kernelDrops().inc(now - kernelDrops);
                kernelDrops = now;
            }
        }
    }

    @Override
    public void close() {
        Thread reader;
        synchronized (this) {
            refresh();
            running = false;
            if (source != null) {
                source.close();
            }
            reader = thread;
        }
        Joining.join(reader, PATIENCE_MILLIS);
    }
}
