package io.emberwatch.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Debian's nginx, uWSGI, memcached, RabbitMQ and PostgreSQL, each with a configuration of its own on free ports. */
final class StatusServers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;
    private final Deque<ServerProcess> processes = new ArrayDeque<>();

    StatusServers(Path folder) {
        this.folder = folder;
    }

    private synchronized ServerProcess start(String name, Map<String, String> environment, List<String> command)
            throws IOException {
        ServerProcess process = ServerProcess.start(name, folder.resolve(name), environment, command);
        processes.push(process);
        return process;
    }

    /** nginx with {@code stub_status} at {@code /status}; gives its port. */
    int nginx() throws Exception {
        return nginx("nginx", "location / { return 200 \"hello\\n\"; }", "");
    }

    /** nginx with what is given in its server, and beside it. */
    int nginx(String name, String inServer, String beside) throws Exception {
        String program = Peers.program("/usr/sbin/nginx", "nginx-light");
        int port = Peers.freePort();
        Path home = Files.createDirectories(folder.resolve(name));
        Path config = Files.writeString(home.resolve("nginx.conf"), """
                daemon off;
                worker_processes 1;
                pid %1$s/nginx.pid;
                error_log stderr;
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  server {
                    listen 127.0.0.1:%2$d;
                    location /status { stub_status; }
                    %3$s
                  }
                  %4$s
                }
                """.formatted(home, port, inServer, beside));
        ServerProcess nginx =
                start(name, Map.of(), List.of(program, "-p", home.toString(), "-e", "stderr", "-c", config.toString()));
        awaitAlive(nginx, "nginx answers", () -> Http.isOk("http://127.0.0.1:" + port + "/status"));
        return port;
    }

    /** A uWSGI server with two workers and one application. */
    record Uwsgi(int port, String stats) {}

    /** @param stats {@code null} for a stats server over TCP, otherwise the path of a unix socket */
    Uwsgi uwsgi(String name, Path stats) throws Exception {
        String program = Peers.program("/usr/bin/uwsgi-core", "uwsgi-core");
        Path home = Files.createDirectories(folder.resolve(name));
        Path app = Files.writeString(home.resolve("app.py"), """
                def application(environ, start_response):
                    if environ['PATH_INFO'] == '/fail':
                        raise ValueError('asked for')
                    start_response('200 OK', [('Content-Type', 'text/plain')])
                    return [b'hello']
                """);
        int port = Peers.freePort();
        String where = stats == null ? "127.0.0.1:" + Peers.freePort() : stats.toString();
        ServerProcess uwsgi = start(
                name,
                Map.of(),
                List.of(
                        program,
                        "--plugin=python3",
                        "--http-socket=127.0.0.1:" + port,
                        "--stats=" + where,
                        "--wsgi-file=" + app,
                        "--master",
                        "--processes=2",
                        "--cache2=name=mycache,items=10",
                        "--need-app",
                        "--die-on-term"));
        awaitAlive(uwsgi, "uwsgi answers", () -> Http.isOk("http://127.0.0.1:" + port + "/"));
        return new Uwsgi(port, (stats == null ? "tcp://" : "unix://") + where);
    }

    /** memcached; gives its process so that it can be ended, and its port. */
    record Memcached(ServerProcess process, int port) {}

    Memcached memcached() throws Exception {
        String program = Peers.program("/usr/bin/memcached", "memcached");
        int port = Peers.freePort();
        ServerProcess process = start(
                "memcached",
                Map.of(),
                List.of(program, "-l", "127.0.0.1", "-p", String.valueOf(port), "-u", "nobody", "-m", "16"));
        awaitListening(process, port);
        return new Memcached(process, port);
    }

    /** A RabbitMQ server with its management plugin. */
    record Rabbitmq(int port, int managementPort, String node) {
        String management() {
            return "http://127.0.0.1:" + managementPort;
        }

        /** Asks the management plugin; gives the answer's body. */
        String ask(String method, String path, String json) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(management() + path))
                    .version(HttpClient.Version.HTTP_1_1)
                    .header(
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8)))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IOException(path + " → " + response.statusCode() + " " + response.body());
            }
            return response.body();
        }
    }

    Rabbitmq rabbitmq() throws Exception {
        Peers.program("/usr/sbin/rabbitmq-server", "rabbitmq-server");
        Path home = Files.createDirectories(folder.resolve("rabbitmq"));
        Path program;
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/rabbitmq/lib"))) {
            program = versions.findFirst().orElseThrow().resolve("sbin/rabbitmq-server");
        }
        int mapper = Peers.freePort();
        // Its own port mapper, in the foreground, so that nothing is left behind.
        start("epmd", Map.of(), List.of("/usr/bin/epmd", "-port", String.valueOf(mapper), "-address", "127.0.0.1"));
        int port = Peers.freePort();
        int management = Peers.freePort();
        String node = "emberwatch@localhost";
        Files.writeString(home.resolve("plugins"), "[rabbitmq_management].");
        Path config = Files.writeString(home.resolve("rabbitmq.conf"), """
                listeners.tcp.default = 127.0.0.1:%d
                management.tcp.ip = 127.0.0.1
                management.tcp.port = %d
                log.console = true
                log.file = false
                collect_statistics_interval = 1000
                """.formatted(port, management));
        Map<String, String> environment = Map.of(
                "HOME", home.toString(),
                "ERL_EPMD_PORT", String.valueOf(mapper),
                "RABBITMQ_NODENAME", node,
                "RABBITMQ_CONFIG_FILE", config.toString(),
                "RABBITMQ_MNESIA_BASE", home.resolve("mnesia").toString(),
                "RABBITMQ_LOG_BASE", home.resolve("log").toString(),
                "RABBITMQ_DIST_PORT", String.valueOf(Peers.freePort()),
                "RABBITMQ_ENABLED_PLUGINS_FILE", home.resolve("plugins").toString(),
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        ServerProcess process = start("rabbitmq", environment, List.of(program.toString()));
        Rabbitmq rabbitmq = new Rabbitmq(port, management, node);
        awaitAlive(process, "rabbitmq answers", () -> {
            rabbitmq.ask("GET", "/api/overview", "");
            return true;
        });
        return rabbitmq;
    }

    /** PostgreSQL with a user {@code watcher}, password {@code secret}, who must give it; gives its port. */
    int postgres() throws Exception {
        Path bin = Path.of(Peers.program(postgresProgram(), "postgresql")).getParent();
        Path home = Files.createDirectories(folder.resolve("postgres"));
        boolean root = System.getProperty("user.name").equals("root");
        List<String> as =
                root ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") : List.of();
        if (root) {
            letThrough(home);
            run(List.of("chown", "postgres", home.toString()));
        }
        Path data = home.resolve("data");
        run(join(as, bin + "/initdb", "-D", data.toString(), "-U", "admin", "--no-sync", "-A", "trust", "-E", "UTF8"));
        int port = Peers.freePort();
        ServerProcess process = start(
                "postgres",
                Map.of(),
                join(
                        as,
                        bin + "/postgres",
                        "-D",
                        data.toString(),
                        "-h",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(port),
                        "-k",
                        home.toString(),
                        "-c",
                        "fsync=off"));
        awaitAlive(process, "postgres answers", () -> {
            psql(bin, port, "SELECT 1");
            return true;
        });
        psql(bin, port, "CREATE ROLE watcher LOGIN PASSWORD 'secret'; GRANT pg_monitor TO watcher");
        psql(
                bin,
                port,
                "CREATE TABLE orders (id int primary key); INSERT INTO orders SELECT generate_series(1, 42); GRANT SELECT ON orders TO watcher");
        Path rules = data.resolve("pg_hba.conf");
        run(List.of(
                "sh",
                "-c",
                "printf 'host all watcher 127.0.0.1/32 scram-sha-256\\nhost all admin 127.0.0.1/32 trust\\n' > "
                        + rules));
        psql(bin, port, "SELECT pg_reload_conf()");
        return port;
    }

    /** The page of one of Debian's exporters. */
    String peer(String program, Map<String, String> environment, IntFunction<List<String>> options) throws Exception {
        return peer(program, environment, options, Peers.freePort());
    }

    /** One of Debian's exporters at a port; gives its page. */
    String peer(String program, Map<String, String> environment, IntFunction<List<String>> options, int port)
            throws Exception {
        String name = Path.of(program).getFileName().toString();
        List<String> command =
                join(List.of(Peers.program(program, name)), options.apply(port).toArray(new String[0]));
        ServerProcess process = start(name, environment, command);
        String url = "http://127.0.0.1:" + port + "/metrics";
        awaitAlive(process, name + " answers", () -> Http.isOk(url));
        return Http.get(url).body();
    }

    private static String postgresProgram() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> found = Files.list(versions)) {
                return found.sorted()
                        .findFirst()
                        .map(version -> version + "/bin/postgres")
                        .orElse(versions + "/postgres");
            }
        }
        return versions + "/postgres";
    }

    private static void psql(Path bin, int port, String sql) throws IOException, InterruptedException {
        run(List.of(
                bin + "/psql",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-U",
                "admin",
                "-d",
                "postgres",
                "-qc",
                sql));
    }

    private static List<String> join(List<String> first, String... rest) {
        return Stream.concat(first.stream(), Stream.of(rest)).toList();
    }

    private static void letThrough(Path home) throws IOException {
        for (Path up = home; up != null && !up.equals(Path.of("/tmp")) && up.getParent() != null; up = up.getParent()) {
            var permissions = Files.getPosixFilePermissions(up);
            permissions.addAll(PosixFilePermissions.fromString("--x--x--x"));
            Files.setPosixFilePermissions(up, permissions);
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    /** What is asked again and again. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void awaitListening(ServerProcess process, int port) throws Exception {
        awaitAlive(process, "it listens", () -> {
            try (java.net.Socket ignored = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
                return true;
            }
        });
    }

    private static void awaitAlive(ServerProcess process, String what, Condition condition) throws Exception {
        Peers.await(what, PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError(process.tail());
            }
            return condition.holds();
        });
    }

    @Override
    public void close() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }
}
