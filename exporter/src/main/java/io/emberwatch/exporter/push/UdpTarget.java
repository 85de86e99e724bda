package io.emberwatch.exporter.push;

import io.emberwatch.exporter.push.PushConfig.UdpConfig;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;

/** InfluxDB over UDP: lines joined into datagrams. That nobody listens is noticed on this machine alone. */
final class UdpTarget implements LineTarget {
    private final UdpConfig config;

    UdpTarget(UdpConfig config) {
        this.config = config;
    }

    @Override
    public void send(byte[] lines) throws IOException {
        InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw new IOException(config.host() + ": the name is not known");
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address);
            int most = (int) config.maxDatagram().bytes();
            int from = 0;
            int end = 0;
            for (int i = 0; i < lines.length; i++) {
                if (lines[i] == '\n') {
                    if (i + 1 - from > most && end > from) {
                        send(socket, lines, from, end);
                        from = end;
                    }
                    end = i + 1;
                }
            }
            send(socket, lines, from, end);
        }
    }

    private static void send(DatagramSocket socket, byte[] lines, int from, int to) throws IOException {
        if (to > from) {
            socket.send(new DatagramPacket(lines, from, to - from));
        }
    }
}
