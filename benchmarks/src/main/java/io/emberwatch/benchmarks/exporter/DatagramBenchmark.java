package io.emberwatch.benchmarks.exporter;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.exporter.lineprotocol.InfluxPart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Datagrams of eight lines of line protocol to a listener as it runs, as fast as one thread can send, and over UDP, where a
 * sender does not wait for the reader, evenly 640 000 lines a second too. What was sent must be what was received and what the
 * kernel dropped, to the datagram.
 */
public final class DatagramBenchmark implements Benchmark {
    private static final int LINES = 8;
    private static final int DATAGRAMS = 1000;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 2;
    private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final double LEAST = 500;
    private static final double EVENLY = 80_000;
    private static final int BURST = 40;
    private static final double NANOS = 1e9;

    @Override
    public String name() {
        return "exporter/datagrams";
    }

    @Override
    public String description() {
        return "lines/s over UDP and unixgram, eight to a datagram, every loss accounted for";
    }

    /** Sends one datagram, waiting for room where the socket has it. */
    @FunctionalInterface
    private interface Sender {
        void send(ByteBuffer datagram) throws IOException;

        /** What is sent next comes some time later. */
        default void pause() {}
    }

    /** Sends so many a second, a few at a time. */
    private static final class Even implements Sender {
        private final Sender sender;
        private long sent;
        private long begun;

        Even(Sender sender) {
            this.sender = sender;
        }

        @Override
        public void send(ByteBuffer datagram) throws IOException {
            if (sent == 0) {
                begun = System.nanoTime();
            }
            if (sent % BURST == 0) {
                for (long due = begun + (long) (sent / EVENLY * NANOS); due - System.nanoTime() > 0; ) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            sent++;
            sender.send(datagram);
        }

        @Override
        public void pause() {
            sent = 0;
        }
    }

    @Override
    public void run(Report report) throws IOException {
        try (Receivers receivers = new Receivers()) {
            String name = "udp://127.0.0.1:0";
            InfluxPart part = receivers.influx("{listeners: [{address: '" + name + "'}], series_ttl: 1h}");
            part.start();
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), part.port(name)));
                measure(report, receivers, "UDP", name, new Even(channel::write), true);
            } finally {
                part.close();
            }
        }
        try (Receivers receivers = new Receivers()) {
            String name = "udp://127.0.0.1:0";
            InfluxPart part = receivers.influx("{listeners: [{address: '" + name + "'}], series_ttl: 1h}");
            part.start();
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), part.port(name)));
                measure(report, receivers, "UDP, flooded", name, channel::write, false);
            } finally {
                part.close();
            }
        }
        Path folder = Files.createTempDirectory("datagrams");
        Path socket = folder.resolve("in");
        try (Receivers receivers = new Receivers()) {
            String name = "unixgram://" + socket;
            InfluxPart part = receivers.influx("{listeners: [{address: '" + name + "'}], series_ttl: 1h}");
            part.start();
            try (AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open()) {
                channel.connect(AFUNIXSocketAddress.of(socket));
                measure(report, receivers, "unixgram", name, channel::write, true);
            } finally {
                part.close();
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
    }

    private static void measure(
            Report report, Receivers receivers, String what, String thread, Sender sender, boolean judged)
            throws IOException {
        ByteBuffer[] datagrams = datagrams();
        double[] speed = new double[ROUNDS];
        double[] perCore = new double[ROUNDS];
        long sent = 0;
        double lost = 0;
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double before = packets(receivers);
            long cpu = Receivers.cpuNanos(thread);
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < ROUND_NANOS) {
                ByteBuffer datagram = datagrams[(int) (sent % DATAGRAMS)].duplicate();
                sender.send(datagram);
                sent++;
            }
            double received = packets(receivers) - before;
            double seconds = (System.nanoTime() - begun) / NANOS;
            lost = awaitAll(receivers, sent);
            sender.pause();
            double worked = (Receivers.cpuNanos(thread) - cpu) / NANOS;
            if (round >= 0) {
                speed[round] = received * LINES / seconds / 1e3;
                perCore[round] = (packets(receivers) - before) * LINES / worked / 1e3;
                report.say(String.format(
                        Locale.ROOT,
                        "%s: %.0f k lines/s read while sending; %.0f k per second of processor time",
                        what,
                        speed[round],
                        perCore[round]));
            }
        }
        double lines = receivers.sum("emberwatch_exporter_influx_lines_stored_total");
        if (lines != (sent - lost) * LINES) {
            throw new IOException(what + ": " + lines + " lines stored of " + (sent - lost) * LINES + " received");
        }
        report.say(String.format(
                Locale.ROOT, "%s: %d datagrams sent, %.0f dropped by the kernel and counted", what, sent, lost));
        double median = Measured.median(speed);
        report.figure(
                what + ", 8 lines a datagram", median, "k lines/s", judged ? "≥ 500" : "—", !judged || median >= LEAST);
        report.figure(what + ", per core of the reader", Measured.median(perCore), "k lines/s", "—", true);
    }

    // Returns how many the kernel has dropped once these and those received are all that were sent.
    private static double awaitAll(Receivers receivers, long sent) throws IOException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE_NANOS) {
            double dropped = receivers.sum("emberwatch_exporter_listener_kernel_drops_total");
            if (packets(receivers) + dropped == sent) {
                return dropped;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new IOException(packets(receivers) + " received and "
                + receivers.sum("emberwatch_exporter_listener_kernel_drops_total") + " dropped of " + sent);
    }

    private static double packets(Receivers receivers) {
        return receivers.sum("emberwatch_exporter_listener_packets_total");
    }

    private static ByteBuffer[] datagrams() {
        ByteBuffer[] datagrams = new ByteBuffer[DATAGRAMS];
        for (int i = 0; i < DATAGRAMS; i++) {
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < LINES; line++) {
                text.append(String.format(
                        Locale.ROOT,
                        "cpu,host=server%05d,core=%d user=%d.5,system=%d.25,idle=%d,load=1.5 1700000000%09d%n",
                        i,
                        line,
                        i % 100,
                        i % 50,
                        i,
                        i));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            datagrams[i] = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }
        return datagrams;
    }
}
