package io.emberwatch.push.client;

import java.io.File;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The one class that needs junixsocket: the JDK has no datagram sockets in the file system. */
final class UnixSocket {
    private UnixSocket() {}

    static DatagramBackend.Opening to(String path) {
        return () -> connect(path);
    }

    private static DatagramChannel connect(String path) throws IOException {
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        try {
            channel.connect(AFUNIXSocketAddress.of(new File(path)));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
