package io.emberwatch.benchmarks.bridge;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.benchmarks.Benchmark;
import io.emberwatch.benchmarks.Measured;
import io.emberwatch.benchmarks.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Durable webhooks a second, their delay, processor time for an alert, and memory in a storm. */
public final class BridgeBenchmark implements Benchmark {
    private static final int[] CLIENTS = {8, 32, 64};
    private static final int ROUNDS = 3;
    private static final long ROUND_SECONDS = 4;
    private static final int WANTED = 5000;
    private static final int PACED = 2000;
    private static final int PER_SECOND = 200;
    private static final int STORM_GROUPS = 1000;

    private final Flood flood = new Flood();

    @Override
    public String name() {
        return "bridge/webhooks";
    }

    @Override
    public String description() {
        return "durable webhooks beside SQLite synchronous=FULL one by one, and beside Alertmanager's processor time";
    }

    @Override
    public void run(Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bridge-benchmark");
        report.say("in " + folder);
        try (BridgeProcess bridge = new BridgeProcess(Files.createDirectory(folder.resolve("a")))) {
            flood.perSecond(bridge.port(), CLIENTS[1], ROUND_SECONDS);
            for (int clients : CLIENTS) {
                compare(report, bridge, clients, folder);
            }
            double[] delays = paced(bridge);
            report.figure("p50 at 200/s", delays[0], "ms", "", true);
            report.figure("p99 at 200/s", delays[1], "ms", "≤ 50 ms", delays[1] <= 50);
            report.figure("resident memory after it", bridge.residentBytes() / 1e6, "MB", "", true);
        }
        report.figure("requests to a server that only answers, 32 clients", ceiling(CLIENTS[1]), "/s", "", true);
        new AlertmanagerShare(folder).run(report);
        storm(report, Files.createDirectory(folder.resolve("storm")));
    }

    // In turn, so that whatever else the machine does meets all of them.
    private void compare(Report report, BridgeProcess bridge, int clients, Path folder) throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        List<Double> rollback = new ArrayList<>();
        List<Double> floor = new ArrayList<>();
        List<Double> bridgeCpu = new ArrayList<>();
        List<Double> clientCpu = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double before = bridge.cpuSeconds();
            double own = Measured.ownCpuSeconds();
            ours.add(flood.perSecond(bridge.port(), clients, ROUND_SECONDS));
            double taken = ours.get(round) * ROUND_SECONDS;
            bridgeCpu.add((bridge.cpuSeconds() - before) / taken * 1e6);
            clientCpu.add((Measured.ownCpuSeconds() - own) / taken * 1e6);
            String name = clients + "-" + round;
            plain.add(plain(folder.resolve("wal-" + name + ".db"), "WAL"));
            rollback.add(plain(folder.resolve("rollback-" + name + ".db"), "DELETE"));
            floor.add(floor(folder.resolve("floor-" + name)));
            report.say(String.format(
                    "%.0f/s, %.0f and %.0f µs of processor time; beside %.0f/s, %.0f/s and %.0f/s",
                    ours.get(round),
                    bridgeCpu.get(round),
                    clientCpu.get(round),
                    plain.get(round),
                    rollback.get(round),
                    floor.get(round)));
        }
        String what = "webhooks on disk, " + clients + " clients, beside ";
        report.atLeast(what + "SQLite one by one", middle(ours), middle(plain), "/s", 3);
        report.atLeast(what + "a bare append and fsync one by one", middle(ours), middle(floor), "/s", 1);
        report.figure(
                "webhooks on disk, " + clients + " clients",
                middle(ours),
                "/s",
                "≥ " + WANTED + "/s",
                middle(ours) >= WANTED);
        report.figure("SQLite one by one with its rollback journal", middle(rollback), "/s", "", true);
        report.figure("processor time of the bridge for one", middle(bridgeCpu), "µs", "", true);
        report.figure("processor time of clients and chat for one", middle(clientCpu), "µs", "", true);
    }

    // What is left when nothing is read, kept or told: no receiver on this server takes more.
    private double ceiling(int clients) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.createContext("/", http -> {
            http.getRequestBody().readAllBytes();
            http.sendResponseHeaders(200, -1);
            http.close();
        });
        ExecutorService pool = Executors.newCachedThreadPool();
        server.setExecutor(pool);
        server.start();
        try {
            flood.perSecond(server.getAddress().getPort(), clients, ROUND_SECONDS);
            return flood.perSecond(server.getAddress().getPort(), clients, ROUND_SECONDS);
        } finally {
            server.stop(0);
            pool.shutdownNow();
        }
    }

    private double floor(Path file) throws IOException {
        long taken = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROUND_SECONDS);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (System.nanoTime() < end) {
                channel.write(ByteBuffer.wrap(flood.next()));
                channel.force(false);
                taken++;
            }
        }
        return taken / (double) ROUND_SECONDS;
    }

    private static double middle(List<Double> values) {
        return Measured.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    // The journal is the write-ahead log, as the bridge's is; SQLite's own default is DELETE, the rollback journal.
    private double plain(Path file, String journal) throws IOException {
        long taken = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROUND_SECONDS);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = " + journal);
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("CREATE TABLE inbox (id INTEGER PRIMARY KEY, raw BLOB NOT NULL)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO inbox (raw) VALUES (?)")) {
                while (System.nanoTime() < end) {
                    insert.setBytes(1, flood.next());
                    insert.executeUpdate();
                    taken++;
                }
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return taken / (double) ROUND_SECONDS;
    }

    // Medians of delays in milliseconds: the middle one and the 99th of a hundred.
    private double[] paced(BridgeProcess bridge) throws IOException {
        double[] delays = new double[PACED];
        try (Wire wire = new Wire(bridge.port(), "/webhook")) {
            long next = System.nanoTime();
            for (int i = 0; i < PACED; i++) {
                next += TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
                LockSupport.parkNanos(next - System.nanoTime());
                long begin = System.nanoTime();
                wire.post(Bodies.group("Paced", 1, i));
                delays[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        Arrays.sort(delays);
        return new double[] {delays[PACED / 2], delays[PACED * 99 / 100]};
    }

    private static void storm(Report report, Path folder) throws IOException, InterruptedException {
        try (BridgeProcess bridge = new BridgeProcess(folder)) {
            int taken = 0;
            long begin = System.nanoTime();
            try (Wire wire = new Wire(bridge.port(), "/webhook")) {
                for (int group = 0; group < STORM_GROUPS; group++) {
                    taken += wire.post(Bodies.group("Storm" + group % 20, 100, group)) == 200 ? 100 : 0;
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
            report.figure(
                    "alerts of a storm of 100 000 taken with the delivered heap of 128 MB",
                    taken,
                    "",
                    "100 000, alive",
                    taken == 100_000 && bridge.isAlive());
            report.figure("the same, a second", taken / seconds, "/s", "", true);
            report.figure("resident memory after it", bridge.residentBytes() / 1e6, "MB", "", true);
        }
    }
}
