package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.service.log.Logging;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A notification topic of a real broker, read by a program that is killed meanwhile: every message is posted once. */
final class BridgeTopicsTest {
    private static final int MESSAGES = 60;
    private static final Pattern NUMBER = Pattern.compile("number-([0-9]+)-");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @BeforeAll
    static void keepKafkaQuiet() {
        Logging.configure("warn");
    }

    @Test
    void everyMessageIsPostedOnceThoughTheProgramIsKilled() throws Exception {
        int port = Peers.freePort();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
                MattermostStub chat = MattermostStub.start().bot("s3cret")) {
            chat.channel("alerts");
            Path config = Files.writeString(
                    folder.resolve("emberwatch.yml"), """
                    push:
                      kafka: {bootstrap_servers: "%s"}
                      notifications: {mattermost: {topic: mattermost-topic}}
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
                for (int kill = 0; kill < 3; kill++) {
                    for (int i = 0; i < MESSAGES / 3; i++) {
                        int number = kill * MESSAGES / 3 + i;
                        producer.send(new ProducerRecord<>(
                                        "mattermost-topic",
                                        "{\"description\": \"number-" + number
                                                + "-\", \"client_url\": \"http://x.example\"}"))
                                .get();
                    }
                    int wanted = kill * MESSAGES / 3 + 1;
                    Peers.await(
                            "some are posted",
                            Duration.ofSeconds(60),
                            () -> numbers(chat).size() >= wanted);
                    program.kill();
                    program = Program.start("notify", folder, command);
                }
                Peers.await(
                        "all are posted",
                        Duration.ofSeconds(60),
                        () -> numbers(chat).size() >= MESSAGES);
                assertThat(numbers(chat)).hasSize(MESSAGES).doesNotHaveDuplicates();
            } catch (Throwable failed) {
                throw new AssertionError(program.tail(), failed);
            } finally {
                program.close();
            }
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
