package io.emberwatch.exporter.statsd;

import io.emberwatch.service.http.ListenAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends lines to Carbon over one connection that is kept, made anew when it breaks. At most {@value #MOST_WAITING} flushes
 * wait; further ones are lost and counted.
 */
final class CarbonSender implements AutoCloseable {
    static final int MOST_WAITING = 30;

    private static final Logger logger = LoggerFactory.getLogger("exporter.statsd");
    private static final int CONNECT_MILLIS = 5000;
    private static final int ATTEMPTS = 2;
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final ListenAddress address;
    private final StatsdMetrics metrics;
    private final InstantSource clock;
    private final BlockingQueue<List<String>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;
    private volatile @Nullable Socket socket;
    private volatile boolean running = true;
    private boolean troubled;
    private volatile Sent sent = new Sent(0, 0, 0, 0);

    /**
     * What became of what was to be sent.
     *
     * @param lastFlush when something was sent, in seconds since the epoch; 0 if never
     * @param lastTrouble when something could not be sent, in the same way
     * @param flushMillis how long the last sending took
     * @param flushBytes how much the last sending sent
     */
    record Sent(long lastFlush, long lastTrouble, long flushMillis, int flushBytes) {}

    CarbonSender(ListenAddress address, StatsdMetrics metrics, InstantSource clock) {
        this.address = address;
        this.metrics = metrics;
        this.clock = clock;
        thread = new Thread(this::run, "carbon-sender");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Takes lines, each with its line end. */
    void send(List<String> lines) {
        if (!waiting.offer(lines)) {
            metrics.flushLost.inc(lines.size());
        }
    }

    Sent sent() {
        return sent;
    }

    private void run() {
        try {
            while (running || !waiting.isEmpty()) {
                List<String> lines = waiting.poll(1, TimeUnit.SECONDS);
                if (lines != null) {
                    (deliver(lines) ? metrics.flushed : metrics.flushLost).inc(lines.size());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiting.forEach(lines -> metrics.flushLost.inc(lines.size()));
        disconnect();
    }

    private boolean deliver(List<String> lines) {
        byte[] text = String.join("", lines).getBytes(StandardCharsets.UTF_8);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long begun = System.nanoTime();
            try {
                OutputStream out = connected().getOutputStream();
                out.write(text);
                out.flush();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                sent = new Sent(clock.instant().getEpochSecond(), sent.lastTrouble(), millis, text.length);
                settle(null);
                return true;
            } catch (IOException e) {
                long now = clock.instant().getEpochSecond();
                sent = new Sent(sent.lastFlush(), now, sent.flushMillis(), sent.flushBytes());
                disconnect();
                settle(e);
            }
        }
        return false;
    }

    private Socket connected() throws IOException {
        Socket open = socket;
        // Carbon never says anything: an end of its stream means that it has gone.
        if (open != null && !open.isClosed()) {
            if (!hasGone(open)) {
                return open;
            }
            disconnect();
        }
        Socket fresh = new Socket();
        socket = fresh;
        InetAddress host = address.host().isEmpty() ? InetAddress.getLoopbackAddress() : first(address.host());
        fresh.connect(new InetSocketAddress(host, address.port()), CONNECT_MILLIS);
        return fresh;
    }

    private static InetAddress first(String host) throws IOException {
        return InetAddress.getAllByName(host)[0];
    }

    private static boolean hasGone(Socket open) {
        try {
            open.setSoTimeout(1);
            return open.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException stillThere) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void disconnect() {
        Socket open = socket;
        socket = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                logger.debug("did not close cleanly: {}", e.getMessage());
            }
        }
    }

    private void settle(@Nullable IOException trouble) {
        if (troubled == (trouble != null)) {
            return;
        }
        troubled = trouble != null;
        if (trouble == null) {
            logger.atInfo().addKeyValue("carbon", address).log("Carbon takes lines again");
        } else {
            logger.atWarn()
                    .addKeyValue("carbon", address)
                    .addKeyValue("reason", trouble.getMessage())
                    .log("could not send to Carbon");
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disconnect();
        thread.interrupt();
    }
}
