package io.emberwatch.push.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Finds the topics that components need, and makes those that are missing when that is allowed. */
public final class Topics {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Topics() {}

    /**
     * Makes sure that topics exist.
     *
     * @return the number of partitions of each
     * @throws IOException when Kafka does not answer within 10 s, or a topic is missing and must not be made
     */
    public static Map<String, Integer> require(KafkaConfig config, Collection<String> topics) throws IOException {
        try (Admin admin = Admin.create(ClientProperties.admin(config, TIMEOUT))) {
            Set<String> missing = new TreeSet<>(topics);
            missing.removeAll(admin.listTopics().names().get());
            if (!missing.isEmpty()) {
                if (!config.createTopics()) {
                    throw new IOException("topics are missing at " + config.bootstrapServers() + ": "
                            + String.join(", ", missing) + "; make them or set create_topics: true");
                }
                create(admin, config, missing);
            }
            return partitions(admin, topics);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(
                    "Kafka at " + config.bootstrapServers() + " does not answer as it should: "
                            + (cause == null ? e : cause).getMessage(),
                    e);
        } catch (KafkaException e) {
            throw unusable(config, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Kafka at " + config.bootstrapServers(), e);
        }
    }

    /** What a client says when it cannot even be made: an address that does not resolve, a property that is wrong. */
    static IOException unusable(KafkaConfig config, KafkaException fault) {
        Throwable cause = fault.getCause();
        return new IOException(
                "Kafka at " + config.bootstrapServers() + " cannot be used: " + fault.getMessage()
                        + (cause == null ? "" : ": " + cause.getMessage()),
                fault);
    }

    /** A topic that was just made is not known to every broker at once. */
    private static Map<String, Integer> partitions(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                Map<String, Integer> partitions = new HashMap<>();
                for (TopicDescription topic :
                        admin.describeTopics(topics).allTopicNames().get().values()) {
                    partitions.put(topic.name(), topic.partitions().size());
                }
                return partitions;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static void create(Admin admin, KafkaConfig config, Set<String> names)
            throws ExecutionException, InterruptedException {
        List<NewTopic> topics = new ArrayList<>();
        names.forEach(name -> topics.add(new NewTopic(name, config.partitions(), (short) config.replicationFactor())));
        try {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException e) {
            // Another instance may have been quicker.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
