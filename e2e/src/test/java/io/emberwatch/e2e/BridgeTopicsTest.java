package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.service.log.Logging;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A notification topic of a real broker, read by a program that is killed, loses its partitions and finds its outbox
 * locked meanwhile: every message is posted once. {@code -Demberwatch.crash.topics=50} is the long version.
 */
final class BridgeTopicsTest {
    private static final int KILLS = Integer.getInteger("emberwatch.crash.topics", 2);
    private static final int BATCH = 20;
    private static final Pattern NUMBER = Pattern.compile("number-([0-9]+)-");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @BeforeAll
    static void keepKafkaQuiet() {
        Logging.configure("warn");
    }

    @Test
    void everyMessageIsPostedOnceThoughTheProgramIsKilledTheGroupChangesAndTheDiskIsBusy() throws Exception {
        int port = Peers.freePort();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                MattermostStub chat = MattermostStub.start().bot("s3cret")) {
            chat.channel("alerts");
            Path config = Files.writeString(
                    folder.resolve("emberwatch.yml"), """
                    push:
                      kafka: {bootstrap_servers: "%s"}
                      notifications:
                        mattermost:
                          topic: mattermost-topic
                          group: notifiers
                          properties: {session.timeout.ms: "2000", heartbeat.interval.ms: "500"}
                    bridge:
                      mattermost:
                        - {name: chat, server: "%s", token: s3cret, team: ops, channel: alerts}
                    """.formatted(broker.bootstrapServers(), chat.server()));
            String[] command = {
                "push", "notify", "--config=" + config, "--listen=127.0.0.1:" + port, "--data=" + folder.resolve("data")
            };
            ServerProcess program = Program.start("notify", folder, command);
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrapServers()),
                    new StringSerializer(),
                    new StringSerializer())) {
                for (int kill = 0; kill < KILLS; kill++) {
                    send(producer, kill * BATCH);
                    int wanted = kill * BATCH + 1;
                    Peers.await(
                            "some are posted",
                            Duration.ofMinutes(1),
                            () -> numbers(chat).size() >= wanted);
                    program.kill();
                    program = Program.start("notify", folder, command);
                }
                awaitAll(chat, KILLS * BATCH);
                aMemberThatForgetsWhatItHasRead(broker.bootstrapServers(), producer);
                awaitAll(chat, (KILLS + 1) * BATCH);
                assertThat(restarts(port))
                        .as("a rebalance is no reason to leave the group, which would be the next rebalance")
                        .isZero();
                theOutboxIsLockedForAWhile(producer, "http://127.0.0.1:" + port);
                awaitAll(chat, (KILLS + 2) * BATCH);
                assertThat(numbers(chat)).hasSize((KILLS + 2) * BATCH).doesNotHaveDuplicates();
            } catch (Throwable failed) {
                throw new AssertionError(program.tail(), failed);
            } finally {
                program.close();
            }
        }
    }

    @Test
    void oneConsumerForChatAndOneForMailDoNotStandInEachOthersWay() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                MattermostStub chat = MattermostStub.start().bot("s3cret");
                SmtpServer mail = SmtpServer.start("nobody@example.test");
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            chat.channel("alerts");
            String[] chats =
                    consumer(broker, "chats", "mattermost: {group: chat-room, %s}", """
                    mattermost: [{name: chat, server: "%s", token: s3cret, team: ops, channel: alerts}]
                    """.formatted(chat.server()));
            String[] mails = consumer(broker, "mails", "email: {group: mail-room, %s}", """
                    email: [{name: mail, host: 127.0.0.1, port: %d, tls: none, from: e@example.test, to: [ops@example.test]}]
                    """.formatted(mail.port()));
            ServerProcess first = Program.start("chats", folder, chats);
            try (ServerProcess second = Program.start("mails", folder, mails)) {
                send(producer, 0);
                sendMails(producer, 0);
                awaitAll(chat, BATCH);
                awaitMails(mail, BATCH);
                first.kill();
                send(producer, BATCH);
                sendMails(producer, BATCH);
                awaitMails(mail, 2 * BATCH);
                assertThat(numbers(chat)).as("nobody reads them now").hasSize(BATCH);
                first = Program.start("chats", folder, chats);
                awaitAll(chat, 2 * BATCH);
                assertThat(numbers(chat)).hasSize(2 * BATCH).doesNotHaveDuplicates();
                assertThat(mail.mails())
                        .hasSize(2 * BATCH)
                        .allSatisfy(one -> assertThat(one.to()).containsExactly("ops@example.test"));
                assertThat(second.isAlive()).isTrue();
            } catch (Throwable failed) {
                throw new AssertionError(first.tail(), failed);
            } finally {
                first.close();
            }
        }
    }

    private String[] consumer(EmbeddedBroker broker, String name, String topic, String channels) throws Exception {
        Path config = Files.writeString(folder.resolve(name + ".yml"), """
                push:
                  kafka: {bootstrap_servers: "%s"}
                  notifications:
                    %s
                bridge:
                  %s
                """.formatted(
                        broker.bootstrapServers(),
                        topic.formatted("properties: {session.timeout.ms: \"2000\", heartbeat.interval.ms: \"500\"}"),
                        channels.strip()));
        return new String[] {
            "push",
            "notify",
            "--config=" + config,
            "--listen=127.0.0.1:" + Peers.freePort(),
            "--data=" + folder.resolve(name)
        };
    }

    private static void sendMails(KafkaProducer<String, String> producer, int from) throws Exception {
        for (int number = from; number < from + BATCH; number++) {
            producer.send(new ProducerRecord<>(
                            "email-topic",
                            "{\"subject\": \"mail " + number + "\", \"body\": \"it is ill\","
                                    + " \"to_addresses\": \"ops@example.test,nobody@example.test\"}"))
                    .get();
        }
    }

    private static void awaitMails(SmtpServer mail, int count) throws Exception {
        Peers.await("all are mailed", Duration.ofMinutes(1), () -> mail.mails().size() >= count);
    }

    private static void awaitAll(MattermostStub chat, int count) throws Exception {
        Peers.await("all are posted", Duration.ofMinutes(3), () -> numbers(chat).size() >= count);
    }

    private static void send(KafkaProducer<String, String> producer, int from) throws Exception {
        for (int number = from; number < from + BATCH; number++) {
            producer.send(new ProducerRecord<>(
                            "mattermost-topic",
                            "{\"description\": \"number-" + number + "-\", \"client_url\": \"http://x.example\"}"))
                    .get();
        }
    }

    // It joins the group, so that partitions move to it and back.
    private static void aMemberThatForgetsWhatItHasRead(String servers, KafkaProducer<String, String> producer)
            throws Exception {
        try (KafkaConsumer<String, String> other = new KafkaConsumer<>(
                // Should it not be able to say that it leaves, it is not waited for as long as Kafka does by default,
                // 45 s.
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "group.id",
                        "notifiers",
                        "enable.auto.commit",
                        "false",
                        "session.timeout.ms",
                        "6000"),
                new StringDeserializer(),
                new StringDeserializer())) {
            other.subscribe(List.of("mattermost-topic"));
            Peers.await("it has joined", Duration.ofMinutes(1), () -> {
                other.poll(Duration.ofMillis(100));
                return !other.groupMetadata().memberId().isEmpty()
                        && other.groupMetadata().generationId() > 0;
            });
            send(producer, KILLS * BATCH);
            other.poll(Duration.ofMillis(500));
        }
    }

    private static double restarts(int port) throws IOException {
        return Http.get("http://127.0.0.1:" + port + "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("emberwatch_push_thread_restarts_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private void theOutboxIsLockedForAWhile(KafkaProducer<String, String> producer, String url) throws Exception {
        Path outbox = folder.resolve("data/bridge/outbox.db");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + outbox);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            send(producer, (KILLS + 1) * BATCH);
            Peers.await(
                    "the program says that it waits",
                    Duration.ofSeconds(30),
                    () -> Http.get(url + "/metrics")
                            .body()
                            .lines()
                            .anyMatch(line -> line.startsWith("emberwatch_push_notifications_total{")
                                    && line.contains("later")
                                    && !line.endsWith(" 0")));
            statement.execute("ROLLBACK");
        }
    }

    private static List<String> numbers(MattermostStub chat) {
        List<String> numbers = new ArrayList<>();
        chat.botPosts().forEach(post -> {
            Matcher found = NUMBER.matcher(post.attachmentTexts());
            while (found.find()) {
                numbers.add(found.group(1));
            }
        });
        return numbers;
    }
}
