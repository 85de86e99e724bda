package io.emberwatch.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An etcd cluster of three members on loopback, from the system's own etcd, with its data in a folder of its own. */
final class DemoEtcd implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger("demo");
    private static final int MEMBERS = 3;
    private static final List<String> PROGRAMS = List.of("/usr/bin/etcd", "/usr/local/bin/etcd");

    private final List<Process> members = new ArrayList<>();
    private final List<URI> urls = new ArrayList<>();

    private DemoEtcd() {}

    /** @throws MissingException when etcd is not installed */
    static DemoEtcd start(Path folder) throws IOException, MissingException {
        String program = PROGRAMS.stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElseThrow(() -> new MissingException(
                        "--demo needs etcd: install the package etcd-server (apt-get install etcd-server)"));
        DemoEtcd cluster = new DemoEtcd();
        try {
            cluster.startMembers(program, freshFolder(folder));
        } catch (IOException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    // Members find each other by ports that are chosen anew, so yesterday's data would not fit.
    private static Path freshFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.createTempDirectory(folder, "run-");
    }

    private void startMembers(String program, Path folder) throws IOException {
        List<Integer> clientPorts = ports();
        List<Integer> peerPorts = ports();
        String peers = IntStream.range(0, MEMBERS)
                .mapToObj(i -> "demo-" + i + "=http://127.0.0.1:" + peerPorts.get(i))
                .collect(Collectors.joining(","));
        for (int i = 0; i < MEMBERS; i++) {
            String client = "http://127.0.0.1:" + clientPorts.get(i);
            String peer = "http://127.0.0.1:" + peerPorts.get(i);
            urls.add(URI.create(client));
            members.add(new ProcessBuilder(
                            program,
                            "--name=demo-" + i,
                            "--data-dir=" + folder.resolve("demo-" + i),
                            "--listen-client-urls=" + client,
                            "--advertise-client-urls=" + client,
                            "--listen-peer-urls=" + peer,
                            "--initial-advertise-peer-urls=" + peer,
                            "--initial-cluster=" + peers,
                            "--initial-cluster-state=new",
                            "--logger=zap")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("demo-" + i + ".log").toFile())
                    .start());
        }
        logger.atInfo()
                .addKeyValue("members", urls)
                .addKeyValue("folder", folder)
                .log("etcd started");
    }

    private static List<Integer> ports() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            for (int i = 0; i < MEMBERS; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
        return ports;
    }

    List<URI> urls() {
        return List.copyOf(urls);
    }

    @Override
    public void close() {
        members.forEach(Process::destroy);
        for (Process member : members) {
            try {
                if (!member.waitFor(5, TimeUnit.SECONDS)) {
                    member.destroyForcibly();
                }
            } catch (InterruptedException e) {
                member.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
