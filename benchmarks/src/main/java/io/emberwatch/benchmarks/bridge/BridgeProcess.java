package io.emberwatch.benchmarks.bridge;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.benchmarks.Measured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A bridge in a process of its own, and somebody who takes its posts. */
final class BridgeProcess implements AutoCloseable {
    /** What the delivered program gives its bridge. */
    static final List<String> DELIVERED =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k", "-Xmx128m");

    private static final byte[] OK = "ok".getBytes(StandardCharsets.UTF_8);

    static {
        // Read once when the JDK's server class loads. Without it every answer of the chat waits 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Process process;
    private final HttpServer chat;
    private final int port;
    private final AtomicInteger posts = new AtomicInteger();

    /** With a digest when much happens at once. */
    BridgeProcess(Path folder) throws IOException {
        this(folder, 30, "4GiB");
    }

    /**
     * @param stormIncidents beyond how many a minute there is a digest
     * @param size of the outbox
     */
    BridgeProcess(Path folder, int stormIncidents, String size) throws IOException {
        chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        chat.createContext("/", http -> {
            http.getRequestBody().readAllBytes();
            http.sendResponseHeaders(200, OK.length);
            http.getResponseBody().write(OK);
            http.close();
            posts.incrementAndGet();
        });
        chat.setExecutor(Executors.newFixedThreadPool(8, task -> {
            Thread thread = new Thread(task, "chat");
            thread.setDaemon(true);
            return thread;
        }));
        chat.start();
        port = freePort();
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                bridge:
                  mattermost:
                    - {name: chat, url: "http://127.0.0.1:%d/hooks/x", rate_per_second: 100000, burst: 100000}
                  calm: {storm_incidents: %d, digest_interval: 5s}
                  outbox: {max_size: %s}
                """.formatted(
                        chat.getAddress().getPort(), stormIncidents, size));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(DELIVERED);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "io.emberwatch.launcher.Emberwatch",
                "bridge",
                "--config=" + config,
                "--listen=127.0.0.1:" + port,
                "--data=" + folder.resolve("data")));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("bridge.log").toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!answers()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IOException("the bridge did not start: " + Files.readString(folder.resolve("bridge.log")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try (Wire wire = new Wire(port, "/webhook")) {
            return wire.post(Bodies.group("Begin", 1, 0)) == 200;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** How many posts have come. */
    int posts() {
        return posts.get();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    double cpuSeconds() throws IOException {
        return Measured.cpuSeconds(process.pid());
    }

    long residentBytes() throws IOException {
        return Measured.residentBytes(process.pid());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        chat.stop(0);
    }
}
