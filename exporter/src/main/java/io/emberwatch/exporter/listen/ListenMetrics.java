package io.emberwatch.exporter.listen;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** What is said of listeners, whatever their protocol. */
public final class ListenMetrics {
    private static final String PREFIX = "emberwatch_exporter_listener_";

    private final Counter bytes;
    private final Counter packets;
    private final Counter kernelDrops;
    private final Counter connections;
    private final Counter refused;
    private final Gauge open;

    /** Once per registry. */
    public ListenMetrics(CollectorRegistry registry) {
        bytes = counter(registry, "received_bytes_total", "Bytes that a listener received.");
        packets = counter(registry, "packets_total", "Datagrams that a listener received.");
        kernelDrops = counter(
                registry,
                "kernel_drops_total",
                "Datagrams that the kernel dropped before the listener read them, from /proc/net/udp.");
        connections = counter(registry, "connections_total", "Connections that a listener accepted.");
        refused = counter(
                registry,
                "connections_refused_total",
                "Connections that a listener closed at once because it had as many as it may.");
        open = Gauge.build(PREFIX + "open_connections", "Connections that are open.")
                .labelNames("listener")
                .register(registry);
    }

    private static Counter counter(CollectorRegistry registry, String name, String help) {
        return Counter.build(PREFIX + name, help).labelNames("listener").register(registry);
    }

    DatagramMetrics datagrams(String listener) {
        return new DatagramMetrics(bytes.labels(listener), packets.labels(listener), kernelDrops.labels(listener));
    }

    StreamMetrics stream(String listener) {
        return new StreamMetrics(
                bytes.labels(listener), connections.labels(listener), refused.labels(listener), open.labels(listener));
    }

    /** The metrics of a listener for datagrams. */
    record DatagramMetrics(Counter.Child bytes, Counter.Child packets, Counter.Child kernelDrops) {}

    /** The metrics of a listener for streams. */
    record StreamMetrics(Counter.Child bytes, Counter.Child connections, Counter.Child refused, Gauge.Child open) {}
}
