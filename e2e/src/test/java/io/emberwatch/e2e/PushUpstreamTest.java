package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.service.log.Logging;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The six components, each in a process of its own with a file as the O2 project has it, in the place of theirs. */
final class PushUpstreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long NANOS = 1_000_000_000L;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Set<String> first = ConcurrentHashMap.newKeySet();
    private final Set<String> second = ConcurrentHashMap.newKeySet();
    private int round;

    @BeforeAll
    static void keepKafkaQuiet() {
        Logging.configure("warn");
    }

    @Test
    void theSixFilesAreRunAsTheyAre() throws Exception {
        List<PushProcess> started = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                MattermostStub chat = MattermostStub.start();
                SmtpServer mail = SmtpServer.start();
                DatagramSocket one = listen(first);
                DatagramSocket two = listen(second);
                Producer<byte[], byte[]> producer = Topic.producer(broker.bootstrapServers())) {
            String kafka = broker.bootstrapServers();
            try {
                started.add(start("router", "router", streams(kafka) + """
                        component_config:
                          topic.input: telegraf
                          topic.output.database: influxdb-topic
                          topic.output.onoff: onoff-topic
                          topic.output.aggregator: aggregator-topic
                        database_filter:
                          - measurement: cpu
                        onoff_filter:
                          - measurement: dcs_state
                            field.name: state
                        aggregator_filter:
                          - measurement: cpu
                            field.name: usage_user
                        """));
                started.add(
                        start("aggregator", "aggregator", streams(kafka) + "  state.dir: /var/lib/nowhere\n" + """
                        aggregation_config:
                          window.s: 1
                          topic.input: aggregator-topic
                          topic.output: influxdb-topic
                        avg_filter:
                          - measurement: cpu
                            field.name: usage_user
                            tags.remove: host
                        """));
                started.add(start("onoff", "onoff", streams(kafka) + """
                        detector:
                          topic.input: onoff-topic
                          topic.output: influxdb-topic
                          refresh.period.s: 3600
                        """));
                started.add(start(
                        "influx",
                        "influx",
                        consumer(kafka, "influxdb-topic") + """
                        sender_config:
                          hostname: 127.0.0.1
                          port: %d,%d
                        """.formatted(one.getLocalPort(), two.getLocalPort())));
                started.add(
                        start("chat", "all", consumer(kafka, "mattermost-topic") + """
                        mattermost_config:
                          url: %s
                        """.formatted(chat.url("alerts"))));
                started.add(start("mail", "notify", consumer(kafka, "email-topic") + """
                        email_config:
                          hostname: 127.0.0.1
                          port: %d
                          from: monitoring@example.org
                          username: monitoring
                          password: not-a-real-one
                        """.formatted(mail.port())));
                for (PushProcess process : started) {
                    process.awaitReady();
                }
                // Groups that are new begin at the newest record, as theirs do: what was sent before is not theirs.
                Peers.await("everything comes out", PATIENCE, () -> {
                    sendRound(producer);
                    return missing(chat, mail).isEmpty();
                });
                assertThat(first).as("ports take turns").isNotEmpty();
                assertThat(second).isNotEmpty();
                assertThat(all()).as("nothing that no filter lets pass").noneMatch(line -> line.startsWith("mem"));
                assertThat(chat.posts().get(0).everything())
                        .contains("Test notification")
                        .contains("http://grafana.example.org:3000")
                        .contains("High value: 100.000");
                assertThat(mail.mails().get(0).to()).containsExactly("expert1@example.org", "expert2@example.org");
                assertThat(mail.mails().get(0).text())
                        .contains("Subject: Title1")
                        .contains("Dear experts");
            } catch (Throwable failed) {
                throw new AssertionError(
                        String.join(
                                "\n", started.stream().map(PushProcess::tail).toList()),
                        failed);
            }
        } finally {
            started.forEach(PushProcess::close);
        }
    }

    private PushProcess start(String name, String component, String yaml) throws IOException {
        return new PushProcess(folder, name, component, Files.writeString(folder.resolve(name + ".yaml"), yaml));
    }

    private static String streams(String kafka) {
        return """
                general:
                  log4jfilename: /etc/o2/log4j.properties
                kafka_config:
                  bootstrap.servers: %s
                  replication.factor: 1
                """.formatted(kafka);
    }

    private static String consumer(String kafka, String topic) {
        return """
                general:
                  log4jfilename: /etc/o2/log4j.properties
                kafka_consumer_config:
                  bootstrap.servers: %s
                  topic: %s
                """.formatted(kafka, topic);
    }

    private void sendRound(Producer<byte[], byte[]> producer) throws Exception {
        round++;
        long now = System.currentTimeMillis() * 1_000_000;
        send(producer, "telegraf", "cpu,host=flp1 usage_user=10,usage_system=5i " + now);
        send(producer, "telegraf", "mem,host=flp1 used=1i " + now);
        send(producer, "telegraf", "dcs_state,host=flp1 state=\"" + round + "\",mode=1i " + now / NANOS * NANOS);
        send(producer, "mattermost-topic", """
                {"description": "Test notification - %d", "client_url": "http://grafana.example.org:3000",
                 "details": "Triggered metrics:\\nHigh value: 100.000\\nHigher Value: 200.000"}
                """.formatted(round));
        send(producer, "email-topic", """
                {"subject": "Title1", "body": "Dear experts,\\n there is a notification for you %d",
                 "to_addresses": "expert1@example.org,expert2@example.org"}
                """.formatted(round));
    }

    private static void send(Producer<byte[], byte[]> producer, String topic, String text) throws Exception {
        producer.send(new ProducerRecord<>(topic, text.strip().getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private List<String> missing(MattermostStub chat, SmtpServer mail) {
        List<String> missing = new ArrayList<>();
        for (String beginning : List.of(
                "cpu,host=flp1 usage_user=10,usage_system=5i ",
                "dcs_state,host=flp1 state=\"",
                "cpu usage_user_avg=10")) {
            if (all().stream().noneMatch(line -> line.startsWith(beginning))) {
                missing.add(beginning);
            }
        }
        if (chat.posts().isEmpty()) {
            missing.add("a post");
        }
        if (mail.mails().isEmpty()) {
            missing.add("a mail");
        }
        return missing;
    }

    private List<String> all() {
        List<String> lines = new ArrayList<>(first);
        lines.addAll(second);
        return lines;
    }

    private static DatagramSocket listen(Set<String> lines) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(200);
        Thread thread = new Thread(() -> receive(socket, lines), "datagrams");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private static void receive(DatagramSocket socket, Set<String> lines) {
        byte[] buffer = new byte[65_536];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException quiet) {
                continue;
            } catch (IOException closed) {
                return;
            }
            new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(lines::add);
        }
    }
}
