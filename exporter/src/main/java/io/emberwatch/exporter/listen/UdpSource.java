package io.emberwatch.exporter.listen;

import io.emberwatch.service.http.ListenAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A UDP socket. */
final class UdpSource implements DatagramSource {
    private static final Logger logger = LoggerFactory.getLogger("exporter.listen");

    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final KernelDrops drops = new KernelDrops(Path.of("/proc/net"));

    private UdpSource(DatagramChannel channel) throws IOException {
        this.channel = channel;
        this.local = (InetSocketAddress) channel.getLocalAddress();
    }

    static UdpSource open(ListenAddress address, int receiveBuffer) throws IOException {
        InetSocketAddress wanted = SocketAddresses.of(address);
        InetAddress host = wanted.getAddress();
        DatagramChannel channel = host instanceof Inet4Address && !host.isAnyLocalAddress()
                ? DatagramChannel.open(StandardProtocolFamily.INET)
                : DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            int granted = channel.getOption(StandardSocketOptions.SO_RCVBUF);
            if (granted < receiveBuffer) {
                logger.atInfo()
                        .addKeyValue("listener", "udp://" + address)
                        .addKeyValue("asked", receiveBuffer)
                        .addKeyValue("granted", granted)
                        .log("the kernel keeps less than asked for; raise net.core.rmem_max to lose less in bursts");
            }
            channel.bind(wanted);
            return new UdpSource(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public boolean receive(ByteBuffer buffer) throws IOException {
        return channel.receive(buffer) != null;
    }

    @Override
    public int port() {
        return local.getPort();
    }

    @Override
    public long kernelDrops() {
        return drops.at(local);
    }

    @Override
    public void close() {
        SocketAddresses.closeQuietly(channel);
    }
}
