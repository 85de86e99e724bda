package io.emberwatch.benchmarks.exporter;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import io.emberwatch.exporter.graphite.GraphitePart;
import io.emberwatch.exporter.listen.Receiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Carbon's plaintext protocol over one TCP connection, into our listener and into Debian's carbon-cache, which keeps it in memory. */
public final class CarbonBenchmark implements Benchmark {
    private static final String CARBON = "/usr/bin/carbon-cache";
    private static final int LINES = 500_000;
    private static final int PATHS = 5000;
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 4;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Override
    public String name() {
        return "exporter/carbon";
    }

    @Override
    public String description() {
        return "Carbon lines/s per core over TCP, beside Debian's carbon-cache";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(CARBON))) {
            throw new IOException(CARBON + " is missing; the Debian package is graphite-carbon");
        }
        byte[] text = text();
        double[] theirs = peer(text, report);
        try (Receivers receivers = new Receivers()) {
            int port = freePort();
            String address = "tcp://127.0.0.1:" + port;
            GraphitePart part = receivers.graphite("{listeners: [{address: '" + address + "'}], sample_expiry: 0s}");
            part.start();
            double[] listened = new double[ROUNDS];
            double[] alone = new double[ROUNDS];
            Receiver receiver = part.receiver();
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                double before = receivers.sum("emberwatch_exporter_graphite_samples_stored_total");
                long begun = Receivers.cpuNanos(address);
                send(port, text);
                while (receivers.sum("emberwatch_exporter_graphite_samples_stored_total") - before < LINES) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                }
                double nanos = Receivers.cpuNanos(address) - begun;
                begun = Receivers.cpuNanos();
                receiver.take(text, 0, text.length);
                double parsing = Receivers.cpuNanos() - begun;
                if (round >= 0) {
                    listened[round] = LINES / nanos * 1e9;
                    alone[round] = LINES / parsing * 1e9;
                    report.say(String.format(
                            Locale.ROOT,
                            "%.0f lines/s over TCP, %.0f without the socket",
                            listened[round],
                            alone[round]));
                }
            }
            part.close();
            report.atLeast("Carbon lines over TCP", Measured.median(listened), Measured.median(theirs), "lines/s", 20);
            report.figure("Carbon lines without the socket", Measured.median(alone), "lines/s", "—", true);
        }
    }

    private static double[] peer(byte[] text, Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("carbon-benchmark");
        int port = freePort();
        Path config = Files.writeString(folder.resolve("carbon.conf"), """
                [cache]
                STORAGE_DIR = %1$s
                CONF_DIR = %1$s
                LOG_DIR = %1$s
                PID_DIR = %1$s
                LOCAL_DATA_DIR = %1$s/whisper
                USER =
                MAX_CACHE_SIZE = inf
                MAX_UPDATES_PER_SECOND = 1
                MAX_CREATES_PER_MINUTE = 1
                LINE_RECEIVER_INTERFACE = 127.0.0.1
                LINE_RECEIVER_PORT = %2$d
                PICKLE_RECEIVER_PORT = 0
                CACHE_QUERY_INTERFACE = 127.0.0.1
                CACHE_QUERY_PORT = %3$d
                CARBON_METRIC_INTERVAL = 0
                LOG_UPDATES = False
                ENABLE_LOGROTATION = False
                """.formatted(folder, port, freePort()));
        Files.writeString(folder.resolve("storage-schemas.conf"), "[all]\npattern = .*\nretentions = 60s:1d\n");
        Process carbon = new ProcessBuilder(CARBON, "--config=" + config, "--nodaemon", "start")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        try {
            awaitPort(port);
            double[] speeds = new double[ROUNDS];
            for (int round = -1; round < ROUNDS; round++) {
                double before = quietCpuSeconds(carbon.pid());
                send(port, text);
                speeds[Math.max(0, round)] = LINES / (quietCpuSeconds(carbon.pid()) - before);
                report.say(String.format(Locale.ROOT, "carbon-cache: %.0f lines/s", speeds[Math.max(0, round)]));
            }
            return speeds;
        } finally {
            carbon.destroyForcibly().waitFor();
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    // The processor time once it has not grown by more than a step for a second.
    private static double quietCpuSeconds(long pid) throws IOException {
        double last = Measured.cpuSeconds(pid);
        while (true) {
            LockSupport.parkNanos(QUIET_NANOS);
            double now = Measured.cpuSeconds(pid);
            if (now - last <= 0.03) {
                return now;
            }
            last = now;
        }
    }

    private static void awaitPort(int port) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private static void send(int port, byte[] text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(text);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static byte[] text() {
        Random random = new Random(20261121);
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < LINES; line++) {
            int path = random.nextInt(PATHS);
            text.append("servers.web")
                    .append(path / 50)
                    .append(".cpu.core")
                    .append(path % 50)
                    .append(".user ");
            text.append(random.nextInt(10_000))
                    .append('.')
                    .append(random.nextInt(100))
                    .append(' ');
            text.append(1_790_000_000 + line / PATHS).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
