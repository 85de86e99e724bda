package io.emberwatch.exporter.listen;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * A datagram socket in the file system. The JDK has none, so this one class uses junixsocket; it is loaded when such a
 * socket is configured and not before.
 */
final class UnixgramSource implements DatagramSource {
    private final AFUNIXDatagramChannel channel;
    private final SocketFile file;
    private final Object identity;

    private UnixgramSource(AFUNIXDatagramChannel channel, SocketFile file, Object identity) {
        this.channel = channel;
        this.file = file;
        this.identity = identity;
    }

    static UnixgramSource open(Path path, ListenerConfig config) throws IOException {
        SocketFile file = new SocketFile(path, config);
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        try {
            channel.bind(AFUNIXSocketAddress.of(file.bindPath()));
            file.publish();
            return new UnixgramSource(channel, file, file.identity());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public boolean receive(ByteBuffer buffer) throws IOException {
        return channel.receive(buffer) != null || buffer.position() > 0;
    }

    @Override
    public int port() {
        return 0;
    }

    /** The kernel drops nothing here: who sends waits. */
    @Override
    public long kernelDrops() {
        return 0;
    }

    @Override
    public void close() {
        SocketAddresses.closeQuietly(channel);
        file.remove(identity);
    }
}
