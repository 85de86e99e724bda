package io.emberwatch.exporter.probe;

import io.emberwatch.exporter.probe.ModuleConfig.IpProtocol;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Chooses the address of a host by the protocol that a module prefers. */
final class Resolver {
    private static final int IP4_BYTES = 4;

    private Resolver() {}

    /** @throws UnknownHostException when there is no address of a protocol that will do */
    static InetAddress resolve(String host, IpProtocol preferred, boolean fallback, ProbeResult result)
            throws UnknownHostException {
        long started = System.nanoTime();
        InetAddress[] addresses = InetAddress.getAllByName(host);
        long nanos = System.nanoTime() - started;
        for (InetAddress address : addresses) {
            if ((address.getAddress().length == IP4_BYTES) == (preferred == IpProtocol.IP4)) {
                result.resolved(nanos, address);
                return address;
            }
        }
        if (!fallback || addresses.length == 0) {
            throw new UnknownHostException(host + " has no address of " + preferred);
        }
        result.resolved(nanos, addresses[0]);
        return addresses[0];
    }
}
