package io.emberwatch.exporter.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.cert.Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Watches an exchange: times its phases, summed over redirects, and keeps the certificates. One exchange at a time. */
final class PhaseTimer extends EventListener {
    private static final double NANOS = 1e9;
    private static final List<String> PHASES = List.of("resolve", "connect", "tls", "processing", "transfer");

    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private List<Certificate> certificates = List.of();
    private long began;
    private long tlsBegan;
    private long answered;

    PhaseTimer() {
        PHASES.forEach(phase -> seconds.put(phase, 0.0));
    }

    synchronized Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }

    /** What the server of the last TLS connection showed. */
    synchronized void shown(List<Certificate> chain) {
        certificates = chain;
    }

    synchronized List<Certificate> certificates() {
        return certificates;
    }

    /** The body has been read to its end. */
    synchronized void bodyRead() {
        if (answered != 0) {
            add("transfer", answered);
        }
    }

    /** A name has been looked up, which is not left to the client. */
    synchronized void resolved(long nanos) {
        seconds.merge("resolve", nanos / NANOS, Double::sum);
    }

    private void add(String phase, long since) {
        seconds.merge(phase, (System.nanoTime() - since) / NANOS, Double::sum);
    }

    @Override
    public synchronized void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        began = System.nanoTime();
    }

    @Override
    public synchronized void secureConnectStart(Call call) {
        add("connect", began);
        tlsBegan = System.nanoTime();
    }

    @Override
    public synchronized void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        add("tls", tlsBegan);
    }

    @Override
    public synchronized void connectEnd(
            Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        if (tlsBegan == 0) {
            add("connect", began);
        }
        tlsBegan = 0;
    }

    @Override
    public synchronized void requestHeadersStart(Call call) {
        began = System.nanoTime();
    }

    @Override
    public synchronized void requestHeadersEnd(Call call, Request request) {
        answered = 0;
    }

    @Override
    public synchronized void responseHeadersStart(Call call) {
        add("processing", began);
        answered = System.nanoTime();
    }

    @Override
    public synchronized void responseHeadersEnd(Call call, Response response) {
        if (answered == 0) {
            answered = System.nanoTime();
        }
    }

    @Override
    public synchronized void callFailed(Call call, IOException e) {
        answered = 0;
    }
}
