package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log of a JupyterHub, followed by the exporter and told line by line to its StatsD listener: the same events stand on
 * {@code /metrics}, in Debian's Carbon and, read back with whisper-fetch, in its Whisper files.
 */
final class HubLogScenarioTest {
    private static final Pattern LINE = Pattern.compile("\\[([IWE]) [^]]*] (.*)");
    private static final Pattern REQUEST = Pattern.compile("(\\d{3}) (GET|POST) .* ([0-9.]+)ms");
    private static final int LINES = 600;

    @TempDir
    Path folder;

    @Test
    @Timeout(90)
    void eventsOfALogReachStatsdGraphiteAndThePage() throws Exception {
        String carbonCache = Peers.program("/usr/bin/carbon-cache", "graphite-carbon");
        String whisperFetch = Peers.program("/usr/bin/whisper-fetch", "python3-whisper");
        int carbonPort = Peers.freePort();
        int statsdPort = Peers.freePort();
        int port = Peers.freePort();
        Path log = Files.createFile(folder.resolve("jupyterhub.log"));
        Path config = Files.writeString(folder.resolve("emberwatch.yml"), exporterConfig(log, statsdPort, carbonPort));
        try (ServerProcess carbon = startCarbon(carbonCache, carbonPort);
                ServerProcess exporter = Program.start(
                        "exporter",
                        folder,
                        "exporter",
                        "--config",
                        config.toString(),
                        "--listen",
                        "127.0.0.1:" + port)) {
            Peers.await("carbon", Duration.ofSeconds(20), () -> isOpen(carbonPort));
            String page = "http://127.0.0.1:" + port + "/metrics?collect%5B%5D=statsd&collect%5B%5D=tail";
            Peers.await("the exporter", Duration.ofSeconds(20), () -> Http.isOk(page));
            int logins = replay(log, statsdPort);

            List<String> expected = List.of(
                    "hub_logins_total " + logins,
                    "hub_log_lines_total{level=\"I\"} ",
                    "jupyterhub_login " + logins,
                    "jupyterhub_lines_total{level=\"E\"} ",
                    "jupyterhub_request_seconds_count{code=\"302\"} ");
            Peers.await(
                    "the events on the page",
                    Duration.ofSeconds(20),
                    () -> expected.stream().allMatch(Http.get(page).body()::contains));
            String body = Http.get(page).body();
            for (String level : List.of("I", "W", "E")) {
                assertThat(value(body, "jupyterhub_lines_total{level=\"" + level + "\"}"))
                        .as(level)
                        .isEqualTo(value(body, "hub_log_lines_total{level=\"" + level + "\"}"));
            }

            Path stored = folder.resolve("whisper/stats_counts/jupyterhub/login.wsp");
            Peers.await(
                    "the logins in " + stored,
                    Duration.ofSeconds(30),
                    () -> Files.exists(stored) && sum(whisperFetch, stored) == logins);
            assertThat(folder.resolve("whisper/stats/timers/jupyterhub/request/302/upper_90.wsp"))
                    .exists();
            assertThat(carbon.isAlive()).isTrue();
            assertThat(exporter.isAlive()).isTrue();
        }
    }

    private static String exporterConfig(Path log, int statsdPort, int carbonPort) {
        return """
                exporter:
                  tails:
                    - name: hub
                      paths: [%s]
                      rules:
                        - {name: hub_log_lines_total, match: '^\\[(?P<level>[IWE]) ', labels: {level: level}}
                        - {name: hub_logins_total, match: 'User logged in: '}
                  statsd:
                    listeners: [{address: 'tcp://127.0.0.1:%d'}]
                    mapping:
                      mappings:
                        - {match: jupyterhub.level.*, name: jupyterhub_lines_total, labels: {level: $1}}
                        - {match: jupyterhub.request.*, name: jupyterhub_request_seconds, labels: {code: $1}}
                    flush: {graphite: '127.0.0.1:%d', flush_interval: 1s}
                """.formatted(log, statsdPort, carbonPort);
    }

    private ServerProcess startCarbon(String program, int port) throws IOException {
        Path conf = Files.writeString(folder.resolve("carbon.conf"), """
                [cache]
                STORAGE_DIR = %1$s
                CONF_DIR = %1$s
                LOG_DIR = %1$s
                PID_DIR = %1$s
                LOCAL_DATA_DIR = %1$s/whisper
                USER =
                MAX_CACHE_SIZE = inf
                MAX_UPDATES_PER_SECOND = 1000
                MAX_CREATES_PER_MINUTE = inf
                LINE_RECEIVER_INTERFACE = 127.0.0.1
                LINE_RECEIVER_PORT = %2$d
                PICKLE_RECEIVER_PORT = 0
                CACHE_QUERY_INTERFACE = 127.0.0.1
                CACHE_QUERY_PORT = %3$d
                CARBON_METRIC_INTERVAL = 0
                """.formatted(folder, port, Peers.freePort()));
        Files.writeString(folder.resolve("storage-schemas.conf"), "[all]\npattern = .*\nretentions = 1s:1h\n");
        return ServerProcess.start("carbon", folder, List.of(program, "--config=" + conf, "--nodaemon", "start"));
    }

    private static boolean isOpen(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    /** Writes the log and tells StatsD what stands in it; returns how many logins there are. */
    private static int replay(Path log, int statsdPort) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            String time = String.format(Locale.ROOT, "2016-04-12 10:%02d:%02d.%03d", i / 60, i % 60, i);
            lines.add(
                    switch (i % 6) {
                        case 0 -> "[I " + time + " JupyterHub login:34] User logged in: student" + i;
                        case 1 -> "[W " + time + " JupyterHub auth:217] Failed login for student" + i;
                        case 2 ->
                            "[E " + time + " JupyterHub user:251] Unhandled error starting student's server: timeout";
                        default ->
                            "[I " + time + " JupyterHub log:100] " + (i % 2 == 0 ? 200 : 302)
                                    + " GET /hub/spawn (student" + i + "@10.0.0." + i % 256 + ") " + i + ".25ms";
                    });
        }
        Files.write(log, lines);
        int logins = 0;
        StringBuilder events = new StringBuilder();
        for (String line : lines) {
            Matcher parts = LINE.matcher(line);
            assertThat(parts.matches()).isTrue();
            events.append("jupyterhub.level.").append(parts.group(1)).append(":1|c\n");
            if (parts.group(2).startsWith("User logged in")) {
                logins++;
                events.append("jupyterhub.login:1|c\n");
            }
            Matcher request = REQUEST.matcher(parts.group(2));
            if (request.matches()) {
                events.append("jupyterhub.request.").append(request.group(1));
                events.append(':').append(request.group(3)).append("|ms\n");
            }
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), statsdPort)) {
            socket.getOutputStream().write(events.toString().getBytes(StandardCharsets.UTF_8));
        }
        return logins;
    }

    private static double value(String page, String series) {
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    private double sum(String whisperFetch, Path file) throws IOException, InterruptedException {
        ServerProcess fetch = ServerProcess.start(
                "fetch-" + System.nanoTime(), folder, List.of(whisperFetch, "--drop=nulls", file.toString()));
        assertThat(fetch.waitFor(20)).as(fetch.tail()).isZero();
        return fetch.output()
                .lines()
                .mapToDouble(line -> Double.parseDouble(line.split("\\s+", -1)[1]))
                .sum();
    }
}
