package io.emberwatch.benchmarks.exporter;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** The packed program beside Debian's node_exporter: the same collectors of the same host over one kept connection each. */
public final class HostScrapeBenchmark implements Benchmark {
    private static final Path NODE_EXPORTER = Path.of("/usr/bin/prometheus-node-exporter");
    private static final List<String> COLLECTORS = List.of(
            "conntrack",
            "cpu",
            "diskstats",
            "filefd",
            "filesystem",
            "loadavg",
            "meminfo",
            "netdev",
            "pressure",
            "stat",
            "time",
            "uname",
            "vmstat");
    private static final int ROUNDS = 7;
    private static final int SCRAPES = 300;
    private static final int STARTS = 5;
    private static final double MILLIS = 1e3;
    private static final double MEBIBYTE = 1 << 20;
    private static final double MOST_CPU = 0.5;
    private static final double MOST_TIME = 0.6;
    private static final double MOST_RESIDENT = 80;
    private static final double MOST_START = 0.5;

    @Override
    public String name() {
        return "exporter/host";
    }

    @Override
    public String description() {
        return "scrapes of this host, resident memory and start, beside Debian's node_exporter";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        if (!Files.isExecutable(NODE_EXPORTER)) {
            throw new IOException("apt-get install prometheus-node-exporter");
        }
        Path program = program();
        Path folder = Files.createTempDirectory("host-benchmark");
        Path config = Files.writeString(
                folder.resolve("host.yml"),
                "exporter: {host: {collectors: [" + String.join(", ", COLLECTORS) + "]}}\n");
        int rehearsed = new ProcessBuilder(program.toString(), "exporter", "--rehearse")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        report.say("class-data archive: " + (rehearsed == 0 ? "made" : "could not be made"));
        start(report, program, config);
        int ourPort = freePort();
        int theirPort = freePort();
        Process ours = start(List.of(
                program.toString(), "exporter", "--config", config.toString(), "--listen", "127.0.0.1:" + ourPort));
        Process theirs = start(nodeExporter(theirPort));
        try {
            await(ourPort);
            await(theirPort);
            LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
            double resident = Measured.residentBytes(ours.pid()) / MEBIBYTE;
            report.say(String.format(
                    Locale.ROOT, "node_exporter resident: %.0f MiB", Measured.residentBytes(theirs.pid()) / MEBIBYTE));
            compare(
                    report,
                    new Target(ours.pid(), ourPort, "/metrics?collect[]=host"),
                    new Target(theirs.pid(), theirPort, "/metrics"));
            report.figure("resident memory, host only, idle", resident, "MiB", "≤ 80 MB", resident <= MOST_RESIDENT);
        } finally {
            ours.destroy();
            theirs.destroy();
        }
    }

    private record Target(long pid, int port, String path) {}

    private static void compare(Report report, Target ours, Target theirs) throws IOException {
        double[][] cpu = new double[2][ROUNDS];
        double[][] time = new double[2][ROUNDS];
        Target[] targets = {ours, theirs};
        // The first two rounds warm up.
        for (int round = -2; round < ROUNDS; round++) {
            for (int i = 0; i < targets.length; i++) {
                double before = Measured.cpuSeconds(targets[i].pid);
                double[] took = scrape(targets[i].port, targets[i].path);
                if (round >= 0) {
                    cpu[i][round] = (Measured.cpuSeconds(targets[i].pid) - before) / SCRAPES * MILLIS;
                    time[i][round] = Measured.median(took) * MILLIS;
                }
            }
        }
        report.atMost(
                "host page, processor time per scrape",
                Measured.median(cpu[0]),
                Measured.median(cpu[1]),
                "ms",
                MOST_CPU);
        report.atMost(
                "host page, p50 over a kept connection",
                Measured.median(time[0]),
                Measured.median(time[1]),
                "ms",
                MOST_TIME);
    }

    private static double[] scrape(int port, String path) throws IOException {
        double[] took = new double[SCRAPES];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            byte[] request = ("GET " + path
                            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/plain;version=0.0.4\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < SCRAPES; i++) {
                long began = System.nanoTime();
                socket.getOutputStream().write(request);
                readAnswer(in);
                took[i] = (System.nanoTime() - began) / 1e9;
            }
        }
        return took;
    }

    private static void readAnswer(InputStream in) throws IOException {
        String status = line(in);
        if (!status.contains(" 200 ")) {
            throw new IOException("answered " + status);
        }
        int length = -1;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        if (length >= 0) {
            in.skipNBytes(length);
            return;
        }
        for (int chunk = chunk(in); chunk > 0; chunk = chunk(in)) {
            in.skipNBytes(chunk + 2L);
        }
        line(in);
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed within an answer");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    private static void start(Report report, Path program, Path config) throws IOException, InterruptedException {
        double[] seconds = new double[STARTS];
        double[] cpu = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            int port = freePort();
            long began = System.nanoTime();
            Process process = start(List.of(
                    program.toString(), "exporter", "--config", config.toString(), "--listen", "127.0.0.1:" + port));
            await(port);
            seconds[i] = (System.nanoTime() - began) / 1e9;
            cpu[i] = Measured.cpuSeconds(process.pid());
            process.destroy();
            process.waitFor();
        }
        report.say(String.format(
                Locale.ROOT, "start: %.2f s of processor time to the first page (median)", Measured.median(cpu)));
        double median = Measured.median(seconds);
        report.figure("start to first good page, wall", median, "s", "≤ 0.5 s", median <= MOST_START);
    }

    // Answers with a good page, not only opens the port.
    private static void await(int port) throws IOException {
        for (int i = 0; i < 3000; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                readAnswer(new BufferedInputStream(socket.getInputStream()));
                return;
            } catch (IOException notYet) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
        throw new IOException("nothing answers at port " + port);
    }

    private static List<String> nodeExporter(int port) {
        List<String> command = new ArrayList<>(List.of(
                NODE_EXPORTER.toString(),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.disable-exporter-metrics",
                "--collector.disable-defaults"));
        COLLECTORS.forEach(collector -> command.add("--collector." + collector));
        return command;
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // Where the launcher's packaging leaves the unpacked program.
    private static Path program() throws IOException {
        Path target = Path.of("launcher/target");
        try (var found = Files.find(target, 4, (path, attributes) -> path.endsWith("bin/emberwatch"))) {
            return found.findFirst()
                    .orElseThrow(() -> new IOException("the program is not packed: ./emberwatch build"))
                    .toAbsolutePath();
        }
    }
}
