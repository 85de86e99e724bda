package io.emberwatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real etcd cluster that is broken on purpose: slow disks through strace, starved processors through a control group or
 * stop signals, long ways between members through {@link ScoreLabLink}, a database that is full, files that run out.
 */
final class ScoreLab implements AutoCloseable {
    // A busy disk would be a fault that nobody has made; in memory, syncing costs nothing.
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final Path CPU_GROUPS = Path.of("/sys/fs/cgroup/cpu");
    private static final int PERIOD_MICROS = 100_000;
    private static final int SHARES_OF_OTHERS = 1024;

    private static final long QUOTA_BYTES = 128L << 20;

    private final Path folder;
    private final Path data;
    private final Path first = CPU_GROUPS.resolve("emberwatch-lab-first-" + Long.toHexString(System.nanoTime()));
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final List<ScoreLabLink> links = new ArrayList<>();
    private final List<ServerProcess> members = new ArrayList<>();
    private final Map<Integer, ServerProcess> straces = new HashMap<>();
    private final Map<Integer, Thread> starving = new HashMap<>();
    private String filesBefore = "";
    private final List<Socket> idle = new ArrayList<>();
    private final String etcd = Peers.program("/usr/bin/etcd", "etcd-server");
    private final String etcdctl = Peers.program("/usr/bin/etcdctl", "etcd-client");

    private ScoreLab(Path folder) throws IOException {
        this.folder = folder;
        data = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "etcd-lab-") : folder.resolve("data");
    }

    static ScoreLab start(Path folder, int size) throws Exception {
        ScoreLab lab = new ScoreLab(folder);
        lab.undisturbed(ProcessHandle.current().pid()); // the ways between members lead through it
        for (int i = 0; i < size; i++) {
            lab.clientPorts.add(Peers.freePort());
            lab.peerPorts.add(Peers.freePort());
            lab.links.add(new ScoreLabLink(lab.peerPorts.get(i)));
        }
        for (int i = 0; i < size; i++) {
            lab.members.add(lab.startMember(i, "new"));
        }
        for (int i = 0; i < size; i++) {
            lab.awaitHealthy(i);
        }
        return lab;
    }

    private ServerProcess startMember(int index, String state) throws IOException {
        String peers = IntStream.range(0, links.size())
                .mapToObj(i -> "etcd-" + i + "=http://127.0.0.1:" + links.get(i).port())
                .collect(Collectors.joining(","));
        ServerProcess member = ServerProcess.start(
                "etcd-" + index,
                folder,
                List.of(
                        etcd,
                        "--name=etcd-" + index,
                        "--data-dir=" + data.resolve("etcd-" + index),
                        "--listen-client-urls=" + url(index),
                        "--advertise-client-urls=" + url(index),
                        "--listen-peer-urls=http://127.0.0.1:" + peerPorts.get(index),
                        "--initial-advertise-peer-urls=http://127.0.0.1:"
                                + links.get(index).port(),
                        "--initial-cluster=" + peers,
                        "--initial-cluster-state=" + state,
                        "--quota-backend-bytes=" + QUOTA_BYTES,
                        "--logger=zap"));
        undisturbed(member.pid());
        return member;
    }

    /**
     * Puts a process before all others of the machine, so that what is measured is what the laboratory does. Where groups
     * of processes cannot be made it stays as it is.
     */
    void undisturbed(long pid) throws IOException {
        if (Files.isWritable(CPU_GROUPS)) {
            Files.createDirectories(first);
            Files.writeString(first.resolve("cpu.shares"), String.valueOf(64 * SHARES_OF_OTHERS));
            Files.writeString(first.resolve("cgroup.procs"), String.valueOf(pid));
        }
    }

    int size() {
        return clientPorts.size();
    }

    String url(int index) {
        return "http://127.0.0.1:" + clientPorts.get(index);
    }

    List<String> urls() {
        return IntStream.range(0, size()).mapToObj(this::url).toList();
    }

    String target(int index) {
        return "127.0.0.1:" + clientPorts.get(index);
    }

    void awaitHealthy(int index) throws Exception {
        Peers.await(
                "etcd-" + index + " healthy",
                Duration.ofSeconds(30),
                () -> Http.get(url(index) + "/health").body().contains("true"));
    }

    int leader() throws Exception {
        int[] found = {-1};
        Peers.await("a leader", Duration.ofSeconds(30), () -> {
            for (int i = 0; i < size(); i++) {
                if (members.get(i).isAlive() && isLeader(i)) {
                    found[0] = i;
                    return true;
                }
            }
            return false;
        });
        return found[0];
    }

    private boolean isLeader(int index) {
        try {
            return Http.get(url(index) + "/metrics").body().contains("\netcd_server_is_leader 1\n");
        } catch (IOException down) {
            return false;
        }
    }

    /** A member that does not lead; the {@code n}-th of them. */
    int follower(int n) throws Exception {
        int leader = leader();
        return IntStream.range(0, size())
                .filter(i -> i != leader)
                .skip(n)
                .findFirst()
                .orElseThrow();
    }

    void slowFsync(int index, int millis) throws IOException {
        String delay = "delay_exit=" + millis * 1000L;
        ServerProcess strace = ServerProcess.start(
                "strace-" + index,
                folder,
                List.of(
                        Peers.program("/usr/bin/strace", "strace"),
                        "-f",
                        "-qq",
                        "-o/dev/null",
                        "-p" + members.get(index).pid(),
                        "-e",
                        "trace=fdatasync,fsync",
                        "-e",
                        "inject=fdatasync,fsync:" + delay));
        undisturbed(strace.pid());
        straces.put(index, strace);
    }

    void fastFsync() {
        straces.values().forEach(ServerProcess::close);
        straces.clear();
    }

    /** Gives a member only so much of one processor. */
    void starve(int index, int percent) throws IOException {
        Path group = CPU_GROUPS.resolve("emberwatch-lab-" + members.get(index).pid());
        if (Files.isWritable(CPU_GROUPS)) {
            Files.createDirectories(group);
            Files.writeString(group.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD_MICROS));
            Files.writeString(group.resolve("cpu.shares"), String.valueOf(64 * SHARES_OF_OTHERS));
            Files.writeString(group.resolve("cpu.cfs_quota_us"), String.valueOf(PERIOD_MICROS / 100 * percent));
            Files.writeString(
                    group.resolve("cgroup.procs"),
                    String.valueOf(members.get(index).pid()));
            return;
        }
        Thread thread = new Thread(() -> inTurns(index, percent), "starve-" + index);
        thread.setDaemon(true);
        starving.put(index, thread);
        thread.start();
    }

    private void inTurns(int index, int percent) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                pause(index);
                TimeUnit.MILLISECONDS.sleep(100 - percent);
                resume(index);
                TimeUnit.MILLISECONDS.sleep(percent);
            }
        } catch (InterruptedException | IOException ended) {
            Thread.currentThread().interrupt();
        }
    }

    void feed(int index) throws Exception {
        Thread turns = starving.remove(index);
        if (turns != null) {
            turns.interrupt();
            turns.join();
            resume(index);
            return;
        }
        Path group = CPU_GROUPS.resolve("emberwatch-lab-" + members.get(index).pid());
        undisturbed(members.get(index).pid());
        Files.delete(group);
    }

    void pause(int index) throws IOException {
        signal("-STOP", index);
    }

    void resume(int index) throws IOException {
        signal("-CONT", index);
    }

    private void signal(String name, int index) throws IOException {
        run("kill", name, String.valueOf(members.get(index).pid()));
    }

    void stop(int index) {
        members.get(index).close();
    }

    void kill(int index) throws InterruptedException {
        members.get(index).kill();
    }

    void startAgain(int index) throws IOException {
        members.set(index, startMember(index, "existing"));
    }

    /** Starts every member that is not there, and gives how many were not. */
    int revive() throws Exception {
        int gone = 0;
        for (int i = 0; i < size(); i++) {
            if (!members.get(i).isAlive()) {
                startAgain(i);
                gone++;
            }
        }
        for (int i = 0; i < size(); i++) {
            awaitHealthy(i);
        }
        return gone;
    }

    /** Lengthens the way to every member. */
    void delay(int millis) {
        links.forEach(link -> link.delayMillis(millis));
    }

    void delayTo(int index, int millis) {
        links.get(index).delayMillis(millis);
    }

    /** Leaves a member only so many files more than it has, and takes them with connections that say nothing. */
    void exhaustFiles(int index, int spare) throws IOException {
        Path limits = Path.of("/proc/" + members.get(index).pid() + "/limits");
        filesBefore = Files.readAllLines(limits).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+", -1)[3])
                .findFirst()
                .orElse("1024");
        long open;
        try (Stream<Path> files =
                Files.list(Path.of("/proc/" + members.get(index).pid() + "/fd"))) {
            open = files.count();
        }
        run("prlimit", "--pid=" + members.get(index).pid(), "--nofile=" + (open + spare) + ":");
        connect(index, spare + 10);
    }

    void connect(int index, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            idle.add(new Socket(InetAddress.getLoopbackAddress(), clientPorts.get(index)));
        }
    }

    void freeFiles(int index) throws IOException {
        disconnect();
        if (!members.get(index).isAlive()) {
            startAgain(index); // it gave up when it could not open its next log file
            return;
        }
        run("prlimit", "--pid=" + members.get(index).pid(), "--nofile=" + filesBefore + ":");
    }

    void disconnect() throws IOException {
        for (Socket socket : idle) {
            socket.close();
        }
        idle.clear();
    }

    /** Writes until the cluster refuses for lack of space. */
    void fill() throws Exception {
        String value = "A".repeat(400_000);
        for (int i = 0; i < 1000; i++) {
            String key = Base64.getEncoder().encodeToString(("fill-" + i).getBytes(StandardCharsets.UTF_8));
            String body = "{\"key\":\"" + key + "\",\"value\":\"" + value + "\"}";
            if (Http.post(url(i % size()) + "/v3/kv/put", "application/json", body)
                            .statusCode()
                    != 200) {
                return;
            }
        }
        throw new AssertionError("the database is never full");
    }

    /** What an operator does about a full database: forget the past, give back the space, disarm the alarm. */
    void repairSpace() throws Exception {
        etcdctl("del", "--prefix", "fill-");
        compact();
        for (int i = 0; i < size(); i++) {
            defragment(i);
        }
        etcdctl("alarm", "disarm");
    }

    /** Waits until the old revisions are gone from the file, which a defragmentation right after it needs. */
    void compact() throws Exception {
        String status = Http.post(url(leader()) + "/v3/kv/range", "application/json", "{\"key\":\"a2V5\"}")
                .body();
        String revision = status.replaceAll("(?s).*\"revision\":\"(\\d+)\".*", "$1");
        etcdctl("compact", "--physical=true", revision);
    }

    void defragment(int index) throws IOException {
        run(etcdctl, "--endpoints=" + url(index), "--command-timeout=60s", "defrag");
    }

    void snapshot(int index) throws IOException {
        Path file = data.resolve("snapshot-" + System.nanoTime());
        run(etcdctl, "--endpoints=" + url(index), "snapshot", "save", file.toString());
        Files.deleteIfExists(file);
    }

    void moveLeader() throws Exception {
        int leader = leader();
        String status = Http.post(url(follower(0)) + "/v3/maintenance/status", "application/json", "{}")
                .body();
        long id = Long.parseUnsignedLong(status.replaceAll("(?s).*\"member_id\":\"(\\d+)\".*", "$1"));
        run(etcdctl, "--endpoints=" + url(leader), "move-leader", Long.toHexString(id));
    }

    private void etcdctl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(etcdctl, "--endpoints=" + String.join(",", urls())));
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private void run(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("commands.log").toFile()));
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws Exception {
        fastFsync();
        for (Integer index : List.copyOf(starving.keySet())) {
            feed(index);
        }
        disconnect();
        members.forEach(ServerProcess::close);
        for (ScoreLabLink link : links) {
            link.close();
        }
        delete(data);
        if (Files.exists(first)) {
            // The laboratory's own process may be among the first.
            for (String pid : Files.readAllLines(first.resolve("cgroup.procs"))) {
                Files.writeString(CPU_GROUPS.resolve("cgroup.procs"), pid);
            }
            Files.delete(first);
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
