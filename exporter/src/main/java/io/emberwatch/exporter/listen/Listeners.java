package io.emberwatch.exporter.listen;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The listeners of one protocol. */
public final class Listeners implements AutoCloseable {
    private final Map<String, Listener> listeners = new TreeMap<>();
    private final ListenMetrics metrics;

    public Listeners(ListenMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Adds a listener, not started.
     *
     * @param framing how a stream is cut; a datagram is a frame of its own
     */
    public void add(ListenerConfig config, Framing framing, Receiver receiver) {
        boolean datagrams = config.address().network() == ListenerAddress.Network.UDP
                || config.address().network() == ListenerAddress.Network.UNIXGRAM;
        Listener listener = datagrams
                ? new DatagramListener(config, receiver, metrics.datagrams(config.name()))
                : new StreamListener(config, framing, receiver, metrics.stream(config.name()));
        if (listeners.put(config.name(), listener) != null) {
            throw new IllegalArgumentException("listeners: " + config.name() + " occurs twice");
        }
    }

    /**
     * Starts all.
     *
     * @throws IOException when one cannot; those before it run
     */
    public void start() throws IOException {
        for (Listener listener : listeners.values()) {
            listener.start();
        }
    }

    /** Brings counters of the kernel up to date. */
    public void refresh() {
        listeners.values().forEach(Listener::refresh);
    }

    /** Datagrams received by the listeners of a kind. */
    public double packets(ListenerAddress.Network network) {
        return listeners.values().stream()
                .filter(listener -> listener.network() == network)
                .mapToDouble(Listener::received)
                .sum();
    }

    /** Connections accepted, over TCP and in the file system. */
    public double connections() {
        return packets(ListenerAddress.Network.TCP) + packets(ListenerAddress.Network.UNIX);
    }

    /** Datagrams that the kernel dropped before they were read. */
    public double kernelDrops() {
        return listeners.values().stream().mapToDouble(Listener::kernelDrops).sum();
    }

    /** Those that do not listen. */
    public List<String> notReady() {
        List<String> reasons = new ArrayList<>();
        listeners.forEach((name, listener) -> {
            if (!listener.isRunning()) {
                reasons.add(name + " does not listen");
            }
        });
        return reasons;
    }

    /** The port of the listener with this name, as the system chose it; 0 when it has none. */
    public int port(String name) {
        Listener listener = listeners.get(name);
        return listener == null ? 0 : listener.port();
    }

    @Override
    public void close() {
        listeners.values().forEach(Listener::close);
    }
}
