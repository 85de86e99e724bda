package io.emberwatch.push.kafka;

import io.emberwatch.push.metrics.PushMetrics;
import io.emberwatch.push.notify.NotificationSink;
import io.emberwatch.push.notify.NotificationSink.Handover;
import io.emberwatch.push.notify.TopicMessage;
import io.emberwatch.push.notify.TopicMessageReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the messages of a notification topic over, one after the other, and commits each that was taken. */
public final class NotificationConsumer extends TopicReader {
    private static final Logger logger = LoggerFactory.getLogger("push");

    private final String topic;
    private final Function<byte[], TopicMessage> reader;
    private final NotificationSink sink;
    private final PushMetrics metrics;
    private final DeadLetters dead;
    private volatile String trouble = "";

    private NotificationConsumer(
            String name,
            Source source,
            Function<byte[], TopicMessage> reader,
            NotificationSink sink,
            PushMetrics metrics)
            throws IOException {
        super(name, source.kafka, source.oneByOne(), metrics);
        this.topic = source.topic;
        this.reader = reader;
        this.sink = sink;
        this.metrics = metrics;
        String deadTopic = source.topic + ".dead";
        Topics.require(source.kafka, List.of(source.topic, deadTopic));
        dead = new DeadLetters(source.kafka, deadTopic, source.group + "-dead");
    }

    private record Source(KafkaConfig kafka, String topic, String group, Map<String, String> properties) {
        /** One record at a time, so that what was delivered is never delivered again for the sake of its neighbour. */
        ConsumerLoop.ConsumerGroup oneByOne() {
            Map<String, String> one = new HashMap<>(properties);
            one.put("max.poll.records", "1");
            return new ConsumerLoop.ConsumerGroup(topic, group, one);
        }
    }

    /** A consumer of chat messages that is not started yet. */
    public static NotificationConsumer mattermost(
            KafkaConfig kafka, NotifyConfig.MattermostTopic topic, NotificationSink sink, PushMetrics metrics)
            throws IOException {
        return new NotificationConsumer(
                "mattermost",
                new Source(kafka, topic.topic(), topic.group(), topic.properties()),
                TopicMessageReader::chat,
                sink,
                metrics);
    }

    /** A consumer of mails that is not started yet. */
    public static NotificationConsumer email(
            KafkaConfig kafka, NotifyConfig.EmailTopic topic, NotificationSink sink, PushMetrics metrics)
            throws IOException {
        return new NotificationConsumer(
                "email",
                new Source(kafka, topic.topic(), topic.group(), topic.properties()),
                TopicMessageReader::mail,
                sink,
                metrics);
    }

    @Override
    Duration handle(List<KafkaRecord> records) {
        for (KafkaRecord record : records) {
            Handover handover = handOver(record);
            if (handover instanceof Handover.Later later) {
                trouble = later.reason();
                metrics.notifications.labels(name(), "later").inc();
                return later.after();
            }
            if (handover instanceof Handover.Never never) {
                refuse(record, never.reason());
            } else {
                metrics.notifications.labels(name(), "taken").inc();
            }
        }
        trouble = "";
        dead.flush();
        return Duration.ZERO;
    }

    private Handover handOver(KafkaRecord record) {
        byte[] value = record.value();
        try {
            return sink.take(
                    reader.apply(value == null ? new byte[0] : value),
                    new NotificationSink.Place(topic, record.partition(), record.offset(), record.timestampMillis()));
        } catch (IllegalArgumentException e) {
            return new Handover.Never(String.valueOf(e.getMessage()));
        }
    }

    private void refuse(KafkaRecord record, String reason) {
        metrics.notifications.labels(name(), "refused").inc();
        logger.atWarn()
                .addKeyValue("component", name())
                .addKeyValue("source", record.source())
                .addKeyValue("reason", reason)
                .log("a message of a notification topic cannot be delivered");
        byte[] value = record.value();
        dead.write(record.key(), value == null ? new byte[0] : value, reason, record.source());
    }

    @Override
    String trouble() {
        return trouble.isEmpty() ? "" : "cannot deliver: " + trouble;
    }

    @Override
    public void close() {
        super.close();
        dead.close();
    }
}
