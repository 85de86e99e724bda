package io.emberwatch.exporter.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.exporter.listen.ListenMetrics;
import io.emberwatch.exporter.listen.Receiver;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementPortTest {
    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000_000));
    private final CollectorRegistry registry = new CollectorRegistry();
    private ServerSocket carbon;
    private StatsdPart part;
    private Receiver receiver;

    @BeforeEach
    void open() throws Exception {
        carbon = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        part = new StatsdPart(
                ConfigReader.parse(
                        "s",
                        "flush: {graphite: '127.0.0.1:" + carbon.getLocalPort() + "', management: '127.0.0.1:0'}",
                        StatsdConfig.class),
                new ServiceContext(clock, new ManualScheduler(clock), Path.of("data"), Path.of(".")),
                registry,
                new ListenMetrics(registry));
        part.start();
        receiver = part.receiver();
    }

    @AfterEach
    void close() throws IOException {
        part.close();
        carbon.close();
    }

    @Test
    void tellsWhatCameSinceTheLastFlush() throws Exception {
        hear("a.hits:2|c\na.hits:1|c|@0.5\nb:1|c\ntook:20|ms\ntook:7.5|ms\nlevel:3|g\nlevel:+1|g\nnonsense\n");
        clock.advance(Duration.ofSeconds(5));

        assertThat(ask("counters")).isEqualTo("{ \"a.hits\": 4,\n  \"b\": 1 }\nEND\n\n");
        assertThat(ask("timers")).isEqualTo("{ \"took\": [20, 7.5] }\nEND\n\n");
        assertThat(ask("gauges")).isEqualTo("{ \"level\": 4 }\nEND\n\n");
        assertThat(ask("stats")).isEqualTo("""
                uptime: 5
                messages.last_msg_seen: 5
                messages.bad_lines_seen: 1
                graphite.last_flush: 5
                graphite.last_exception: 5
                graphite.flush_time: 0
                graphite.flush_length: 0
                END

                """);
    }

    @Test
    void forgetsNamesAndFoldersOfThem() throws Exception {
        hear("a.x:1|c\na.y.z:1|c\nab:1|c\na.x:1|g\nt:1|ms\n");

        assertThat(ask("delcounters a.* none")).isEqualTo("""
                deleted: a.x
                deleted: a.y.z
                metric none not found
                END

                """);
        assertThat(ask("counters")).isEqualTo("{ \"ab\": 1 }\nEND\n\n");
        assertThat(ask("gauges")).as("of another kind").isEqualTo("{ \"a.x\": 1 }\nEND\n\n");
        assertThat(ask("deltimers t\ndelgauges a.x\ntimers\ngauges"))
                .isEqualTo("deleted: t\nEND\n\ndeleted: a.x\nEND\n\n{ }\nEND\n\n{ }\nEND\n\n");
        hear("a.x:5|c\n");
        assertThat(ask("counters"))
                .as("what is deleted begins anew")
                .isEqualTo("{ \"a.x\": 5,\n  \"ab\": 1 }\nEND\n\n");
    }

    @Test
    void answersWhatIsAskedBeside() throws Exception {
        assertThat(ask("help\r\n")).startsWith("Commands: stats, counters").endsWith("quit\n\n");
        assertThat(ask("health\nhealth DOWN\nhealth maybe\nhealth up"))
                .isEqualTo("health: up\nhealth: down\nhealth: down\nhealth: up\n");
        assertThat(ask("config"))
                .startsWith("\ngraphiteHost: 127.0.0.1\n")
                .contains("\nflushInterval: 10000\n", "\npercentThreshold: 90\n", "\ngraphite > globalPrefix: stats\n");
        assertThat(ask("shutdown now\n\nquit\nhelp"))
                .as("nothing is answered after quit")
                .isEqualTo("ERROR\nERROR\n");
        assertThat(registry.getSampleValue(
                        "emberwatch_exporter_statsd_management_commands_total",
                        new String[] {"command"},
                        new String[] {"unknown"}))
                .isEqualTo(2);
    }

    @Test
    void nobodyCanHoldIt() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * ManagementPort.MOST_CONNECTIONS; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), part.managementPort()));
            }
            assertThat(ask("health")).isEqualTo("health: up\n");
            Socket first = silent.get(0);
            first.setSoTimeout(10_000);
            assertThat(ended(first)).as("the oldest is cut").isTrue();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        assertThat(ask("x".repeat(ManagementPort.LONGEST_COMMAND + 1) + "\nhealth"))
                .as("nothing is answered after a command without an end")
                .isEmpty();
        assertThat(ask("health")).isEqualTo("health: up\n");
    }

    private void hear(String lines) {
        byte[] bytes = lines.getBytes(UTF_8);
        receiver.take(bytes, 0, bytes.length);
    }

    private static boolean ended(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private String ask(String commands) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), part.managementPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(commands.getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }
}
