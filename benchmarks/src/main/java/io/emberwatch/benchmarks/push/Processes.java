package io.emberwatch.benchmarks.push;

import io.emberwatch.benchmarks.Measured;
import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.service.log.Logging;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Broker, components and database in processes of their own, each with its processor time and memory. */
final class Processes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private final Path folder;
    private final List<One> running = new CopyOnWriteArrayList<>();
    private final Thread ending = new Thread(this::end, "end-processes");

    /** @param folder what they write, removed with them */
    Processes(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(ending);
    }

    /** A process that was started here. */
    static final class One {
        final String name;
        final int port;
        private final Process process;

        One(String name, int port, Process process) {
            this.name = name;
            this.port = port;
            this.process = process;
        }

        double cpuSeconds() throws IOException {
            return Measured.cpuSeconds(process.pid());
        }

        /** Of it what the JVM's compilers took, whose share ends with time; 0 for what is no JVM. */
        double compilerSeconds() throws IOException {
            return CompilerTime.seconds(process.pid());
        }

        /** Most bytes that were resident at a time. */
        long peakBytes() throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            throw new IOException(name + " tells no peak of memory");
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    /** The broker: folder and port. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logging.configure("warn");
        EmbeddedBroker.start(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Map.of(
                        "log.retention.bytes", Long.toString(512L << 20),
                        "log.segment.bytes", Integer.toString(64 << 20),
                        "log.retention.check.interval.ms", "5000"));
        new CountDownLatch(1).await();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    One broker() throws IOException {
        return broker(freePort());
    }

    One broker(int port) throws IOException {
        List<String> command = java("512m");
        command.addAll(
                List.of(Processes.class.getName(), folder.resolve("kafka").toString(), Integer.toString(port)));
        return start("broker", port, command);
    }

    /** A component as a user starts it, with 256 MB of heap. */
    One component(String name, Path config, int number, List<String> before) throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(before);
        command.addAll(java("256m"));
        command.addAll(List.of(
                "io.emberwatch.launcher.Emberwatch",
                "push",
                name,
                "--config=" + config,
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve(name + number)));
        return start(name + number, port, command);
    }

    One influx(int port) throws IOException {
        Path program = Path.of("/usr/bin/influxd");
        if (!Files.isExecutable(program)) {
            throw new IOException("influxd is missing: apt-get install influxdb");
        }
        Path own = folder.resolve("influx" + port);
        Path settings =
                Files.writeString(folder.resolve("influxdb" + port + ".conf"), """
                reporting-disabled = true
                bind-address = "127.0.0.1:%d"
                [meta]
                  dir = "%3$s/meta"
                [data]
                  dir = "%3$s/data"
                  wal-dir = "%3$s/wal"
                  index-version = "tsi1"
                  max-series-per-database = 0
                  max-values-per-tag = 0
                  query-log-enabled = false
                [monitor]
                  store-enabled = false
                [http]
                  bind-address = "127.0.0.1:%2$d"
                  log-enabled = false
                """.formatted(freePort(), port, own));
        One influx = start("influxd", port, List.of(program.toString(), "-config", settings.toString()));
        await("http://127.0.0.1:" + port + "/ping");
        return influx;
    }

    private static List<String> java(String heap) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                // One that ends takes the account of its time with it.
                "-XX:-UseDynamicNumberOfCompilerThreads",
                "-cp",
                classPath()));
    }

    /** These processes have folders of their own, so nothing in it may be relative to this one's. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private One start(String name, int port, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        One one = new One(name, port, process);
        running.add(one);
        return one;
    }

    static void await(String url) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
                if (CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < 300) {
                    return;
                }
            } catch (IOException notYet) {
                // asked again
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
            pause(100);
        }
        throw new IOException(url + " does not answer");
    }

    /** The sum of a metric's series. */
    static double metric(One one, String name) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + one.port + "/metrics"))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static void pause(long millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Also when the benchmark itself is told to end: nothing is left running, and no gigabytes of a broker's log. */
    private void end() {
        try {
            endAll();
        } catch (IOException | UncheckedIOException e) {
            System.getLogger("push").log(System.Logger.Level.WARNING, "left behind: " + folder, e);
        }
    }

    private void endAll() throws IOException {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).process.destroyForcibly();
        }
        try {
            for (One one : running) {
                one.process.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Folders.delete(folder);
    }

    @Override
    public void close() throws IOException {
        endAll();
        Runtime.getRuntime().removeShutdownHook(ending);
    }
}
