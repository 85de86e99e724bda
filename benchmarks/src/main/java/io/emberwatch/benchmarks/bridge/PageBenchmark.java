package io.emberwatch.benchmarks.bridge;

import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** How soon the last of two hundred listeners to the live page has what a webhook brought. */
public final class PageBenchmark implements Benchmark {
    private static final int LISTENERS = 200;
    private static final int ROUNDS = 60;

    private final AtomicReference<Round> round = new AtomicReference<>(new Round("nothing", new CountDownLatch(0)));

    private record Round(String name, CountDownLatch missing) {}

    @Override
    public String name() {
        return "bridge/page";
    }

    @Override
    public String description() {
        return "from a webhook to the last of 200 listeners of the live page";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bridge-page");
        List<Socket> sockets = new ArrayList<>();
        try (BridgeProcess bridge = new BridgeProcess(folder);
                Wire wire = new Wire(bridge.port(), "/webhook")) {
            for (int i = 0; i < LISTENERS; i++) {
                sockets.add(listen(bridge.port()));
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
            double[] delays = new double[ROUNDS];
            double cpu = 0;
            for (int i = 0; i < ROUNDS; i++) {
                Round next = new Round("Page" + i + "x", new CountDownLatch(LISTENERS));
                round.set(next);
                double before = bridge.cpuSeconds();
                long begin = System.nanoTime();
                wire.post(Bodies.group(next.name(), 1, i));
                if (!next.missing().await(30, TimeUnit.SECONDS)) {
                    throw new IOException(next.missing().getCount() + " listeners were not told");
                }
                delays[i] = (System.nanoTime() - begin) / 1e6;
                cpu += bridge.cpuSeconds() - before;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            Arrays.sort(delays);
            report.figure("webhook to the last of 200 listeners, median", delays[ROUNDS / 2], "ms", "", true);
            report.figure(
                    "webhook to the last of 200 listeners, worst of " + ROUNDS,
                    delays[ROUNDS - 1],
                    "ms",
                    "≤ 1000 ms",
                    delays[ROUNDS - 1] <= 1000);
            report.figure("processor time for it", cpu / ROUNDS * 1e3, "ms", "", true);
            report.figure("resident memory", Measured.residentBytes(bridge.pid()) / 1e6, "MB", "", true);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private Socket listen(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write("GET /bridge/stream HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 4096);
        Thread listener = new Thread(() -> follow(in), "listener");
        listener.setDaemon(true);
        listener.start();
        return socket;
    }

    private void follow(BufferedReader in) {
        try {
            Round told = round.get();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Round now = round.get();
                if (!now.equals(told) && line.contains(now.name())) {
                    told = now;
                    now.missing().countDown();
                }
            }
        } catch (IOException e) {
            return; // the benchmark is over
        }
    }
}
