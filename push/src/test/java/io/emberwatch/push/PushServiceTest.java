package io.emberwatch.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.Sample;
import io.emberwatch.push.broker.EmbeddedBroker;
import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.RecordWriter;
import io.emberwatch.push.notify.NotificationSink.Handover;
import io.emberwatch.push.notify.TopicMessage;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PushServiceTest {
    @TempDir
    Path directory;

    @Test
    void runsTheConfiguredComponents() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            PushConfig config =
                    ConfigReader.parse("push.yml", """
                    kafka: {bootstrap_servers: "%s"}
                    router:
                      input: in
                      database: {topic: db}
                      onoff: {topic: onoff}
                      aggregator: {topic: agg}
                    aggregator: {input: agg, aggregations: [{functions: [avg]}]}
                    onoff: {input: onoff}
                    notifications: {mattermost: {topic: chat}, email: {topic: mail}}
                    sink: {topic: in}
                    """.formatted(broker.bootstrapServers()), PushConfig.class);
            List<TopicMessage> delivered = new CopyOnWriteArrayList<>();
            PushService service = new PushService(config, context(), message -> {
                delivered.add(message);
                return delivered.size() == 1
                        ? new Handover.Later("not yet", Duration.ofMillis(10))
                        : new Handover.Taken();
            });
            service.start();
            try {
                service.sampleSink().append(List.of(new Sample(Labels.of("__name__", "m"), 1000, 1)));
                send(config.kafka(), "chat", "{\"description\": \"d\", \"client_url\": \"http://x\"}");
                send(config.kafka(), "mail", "{\"subject\": \"s\"}");
                send(config.kafka(), "mail", "{\"subject\": \"s\", \"body\": \"b\", \"to_addresses\": \"a@x, b@x\"}");

                until(() -> value(service, "emberwatch_push_onoff_changes_total") == 1);
                until(() -> value(service, "emberwatch_push_aggregator_messages_total") == 1);
                until(() -> delivered.size() == 3);
                until(() -> service.notReady().isEmpty());
                assertThat(delivered)
                        .contains(
                                new TopicMessage.Chat("d", "http://x", null),
                                new TopicMessage.Mail("s", "b", List.of("a@x", "b@x")));
                assertThat(value(service, "emberwatch_push_sink_delivered_samples_total"))
                        .isEqualTo(1);
            } finally {
                service.stop();
            }
        }
    }

    @Test
    void waitsForKafkaAndSaysSo() throws Exception {
        PushConfig config = ConfigReader.parse("push.yml", """
                kafka:
                  bootstrap_servers: 127.0.0.1:1
                  properties: {default.api.timeout.ms: "300", request.timeout.ms: "200"}
                onoff: {}
                """, PushConfig.class);
        PushService service = new PushService(config, context());

        service.start();
        until(() -> service.notReady().toString().contains("127.0.0.1:1"));
        assertThat(service.notReady()).singleElement().asString().startsWith("onoff waits: ");
        service.stop();
    }

    @Test
    void runsNothingWithoutConfiguration() throws Exception {
        PushService service = new PushService(ConfigReader.defaults(PushConfig.class), context());
        service.start();

        assertThat(service.sampleSink()).isNull();
        assertThat(service.notReady()).isEmpty();
        assertThat(value(service, "emberwatch_push_router_lines_total")).isZero();
        service.stop();
    }

    private static void send(KafkaConfig kafka, String topic, String value) {
        try (RecordWriter writer = new RecordWriter(kafka, "test")) {
            writer.send(topic, null, value.getBytes(StandardCharsets.UTF_8), fault -> {});
        }
    }

    private static double value(PushService service, String name) {
        return service.metrics().stream()
                .filter(family -> family.name().equals(name))
                .map(MetricFamily::points)
                .flatMap(List::stream)
                .mapToDouble(point -> point.value())
                .sum();
    }

    private ServiceContext context() {
        ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_700_000_000));
        return new ServiceContext(clock, new ManualScheduler(clock), directory, directory);
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
