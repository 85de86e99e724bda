package io.emberwatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A real etcd cluster with some writes going on, so that its latencies are measured. */
final class EtcdCluster implements AutoCloseable {
    // A busy disk would be a fault that no test has made; in memory, syncing costs nothing.
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path folder;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final List<ServerProcess> members = new ArrayList<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);
    private final String program = Peers.program("/usr/bin/etcd", "etcd-server");

    private final Path data;

    private EtcdCluster(Path folder) throws IOException {
        this.folder = folder;
        data = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "etcd-") : folder;
    }

    static EtcdCluster start(Path folder, int size) throws Exception {
        EtcdCluster cluster = new EtcdCluster(folder);
        for (int i = 0; i < size; i++) {
            cluster.clientPorts.add(Peers.freePort());
            cluster.peerPorts.add(Peers.freePort());
        }
        for (int i = 0; i < size; i++) {
            cluster.members.add(cluster.startMember(i, "new"));
        }
        for (int i = 0; i < size; i++) {
            cluster.awaitHealthy(i);
        }
        Thread writer = new Thread(cluster::write, "etcd-writer");
        writer.setDaemon(true);
        writer.start();
        return cluster;
    }

    private ServerProcess startMember(int index, String state) throws IOException {
        String peers = IntStream.range(0, peerPorts.size())
                .mapToObj(i -> "etcd-" + i + "=http://127.0.0.1:" + peerPorts.get(i))
                .collect(Collectors.joining(","));
        return ServerProcess.start(
                "etcd-" + index,
                folder,
                List.of(
                        program,
                        "--name=etcd-" + index,
                        "--data-dir=" + data.resolve("etcd-" + index),
                        "--listen-client-urls=" + url(index),
                        "--advertise-client-urls=" + url(index),
                        "--listen-peer-urls=http://127.0.0.1:" + peerPorts.get(index),
                        "--initial-advertise-peer-urls=http://127.0.0.1:" + peerPorts.get(index),
                        "--initial-cluster=" + peers,
                        "--initial-cluster-state=" + state,
                        "--logger=zap"));
    }

    String url(int index) {
        return "http://127.0.0.1:" + clientPorts.get(index);
    }

    int size() {
        return members.size();
    }

    void awaitHealthy(int index) throws Exception {
        Peers.await(
                "etcd-" + index + " healthy",
                Duration.ofSeconds(30),
                () -> Http.get(url(index) + "/health").body().contains("true"));
    }

    /** A member that does not lead: its end costs the cluster its spare, and no election follows. */
    int follower() throws IOException {
        for (int i = 0; i < size(); i++) {
            if (Http.get(url(i) + "/metrics").body().contains("\netcd_server_is_leader 0\n")) {
                return i;
            }
        }
        throw new IOException("every member leads");
    }

    /** Ends a member, as an operator would. */
    void stop(int index) {
        members.get(index).close();
    }

    /** Brings a stopped member back with its data. */
    void restart(int index) throws Exception {
        members.set(index, startMember(index, "existing"));
        awaitHealthy(index);
    }

    long pid(int index) {
        return members.get(index).pid();
    }

    // About ten small writes a second, to whichever member answers.
    private void write() {
        for (int i = 0; writing.get(); i++) {
            String body = "{\"key\":\"a2V5\",\"value\":\"dmFsdWU=\"}";
            try {
                Http.post(url(i % size()) + "/v3/kv/put", "application/json", body);
            } catch (IOException stopped) {
                continue;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
        }
    }

    @Override
    public void close() {
        writing.set(false);
        members.forEach(ServerProcess::close);
        if (data.startsWith(MEMORY)) {
            delete(data);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
