package io.emberwatch.push.kafka;

import io.emberwatch.model.Labels;
import io.emberwatch.model.MetricFamily;
import io.emberwatch.model.MetricPoint;
import io.emberwatch.model.MetricType;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** One cluster, asked through Kafka's admin client, which is kept between readings. Used by one thread at a time. */
final class ClusterStatus implements AutoCloseable {
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";
    private static final String GROUP = "consumergroup";

    private final ClusterStatusConfig config;
    private final Duration timeout;
    private @Nullable Admin admin;

    ClusterStatus(ClusterStatusConfig config, Duration timeout) {
        this.config = config;
        this.timeout = timeout;
    }

    /** A cluster that did not answer. */
    static final class Unreadable extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        Unreadable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    String instance() {
        return config.instance();
    }

    List<MetricFamily> read(Duration share) throws Unreadable {
        Duration patience = share.compareTo(timeout) < 0 ? share : timeout;
        try {
            Round round = new Round(open(), System.nanoTime() + patience.toNanos());
            round.read();
            return round.families();
        } catch (KafkaException | ExecutionException | TimeoutException e) {
            close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new Unreadable(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new Unreadable("interrupted", e);
        }
    }

    private Admin open() {
        Admin known = admin;
        if (known == null) {
            Properties properties = new Properties();
            properties.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
            properties.setProperty(CommonClientConfigs.CLIENT_ID_CONFIG, "emberwatch-status");
            String millis = Long.toString(Math.max(1, timeout.toMillis()));
            properties.setProperty(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
            properties.setProperty(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis);
            config.properties().forEach(properties::setProperty);
            known = Admin.create(properties);
            admin = known;
        }
        return known;
    }

    @Override
    public void close() {
        Admin known = admin;
        admin = null;
        if (known != null) {
            known.close(Duration.ZERO);
        }
    }

    /** One reading. */
    private final class Round {
        private final Admin client;
        private final long end;
        private final Map<String, List<MetricPoint>> points = new LinkedHashMap<>();
        private final Map<String, String> helps = new HashMap<>();

        Round(Admin client, long end) {
            this.client = client;
            this.end = end;
        }

        private <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
            return future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }

        void read() throws ExecutionException, TimeoutException, InterruptedException {
            KafkaFuture<Collection<Node>> nodes = client.describeCluster().nodes();
            KafkaFuture<Collection<GroupListing>> groups =
                    client.listGroups(ListGroupsOptions.forConsumerGroups()).all();
            brokers(await(nodes));
            List<String> topics = await(client.listTopics(new ListTopicsOptions().listInternal(true))
                            .names())
                    .stream()
                    .filter(config.topics()::takes)
                    .sorted()
                    .toList();
            Map<String, TopicDescription> described =
                    new TreeMap<>(await(client.describeTopics(topics).allTopicNames()));
            Map<TopicPartition, Long> ends = topics(described);
            groups(await(groups), ends);
        }

        private void brokers(Collection<Node> nodes) {
            add("kafka_brokers", "Number of Brokers in the Kafka Cluster.", nodes.size());
            for (Node node : nodes) {
                add(
                        "kafka_broker_info",
                        "Information about the Kafka Broker",
                        1,
                        "id",
                        node.idString(),
                        "address",
                        node.host() + ":" + node.port());
            }
        }

        private Map<TopicPartition, Long> topics(Map<String, TopicDescription> described)
                throws ExecutionException, TimeoutException, InterruptedException {
            Map<TopicPartition, OffsetSpec> latest = new LinkedHashMap<>();
            Map<TopicPartition, OffsetSpec> earliest = new LinkedHashMap<>();
            for (TopicDescription topic : described.values()) {
                add(
                        "kafka_topic_partitions",
                        "Number of partitions for this Topic",
                        topic.partitions().size(),
                        TOPIC,
                        topic.name());
                for (TopicPartitionInfo partition : topic.partitions()) {
                    partition(topic.name(), partition);
                    // One without a leader has nobody to say where it ends.
                    if (partition.leader() != null && !partition.leader().isEmpty()) {
                        TopicPartition key = new TopicPartition(topic.name(), partition.partition());
                        latest.put(key, OffsetSpec.latest());
                        earliest.put(key, OffsetSpec.earliest());
                    }
                }
            }
            KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends =
                    client.listOffsets(latest).all();
            KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> begins =
                    client.listOffsets(earliest).all();
            Map<TopicPartition, Long> current = new LinkedHashMap<>();
            Map<TopicPartition, ListOffsetsResultInfo> known = await(ends);
            for (TopicPartition key : latest.keySet()) {
                ListOffsetsResultInfo info = known.get(key);
                if (info != null) {
                    current.put(key, info.offset());
                    add(
                            "kafka_topic_partition_current_offset",
                            "Current Offset of a Broker at Topic/Partition",
                            info.offset(),
                            labels(key));
                }
            }
            await(begins)
                    .forEach((key, info) -> add(
                            "kafka_topic_partition_oldest_offset",
                            "Oldest Offset of a Broker at Topic/Partition",
                            info.offset(),
                            labels(key)));
            return current;
        }

        private void partition(String topic, TopicPartitionInfo partition) {
            String[] labels = {TOPIC, topic, PARTITION, String.valueOf(partition.partition())};
            Node leader = partition.leader();
            int leaderId = leader == null || leader.isEmpty() ? -1 : leader.id();
            List<Node> replicas = partition.replicas();
            add("kafka_topic_partition_leader", "Leader Broker ID of this Topic/Partition", leaderId, labels);
            add(
                    "kafka_topic_partition_replicas",
                    "Number of Replicas for this Topic/Partition",
                    replicas.size(),
                    labels);
            add(
                    "kafka_topic_partition_in_sync_replica",
                    "Number of In-Sync Replicas for this Topic/Partition",
                    partition.isr().size(),
                    labels);
            boolean preferred = !replicas.isEmpty() && replicas.get(0).id() == leaderId;
            add(
                    "kafka_topic_partition_leader_is_preferred",
                    "1 if Topic/Partition is using the Preferred Broker",
                    preferred ? 1 : 0,
                    labels);
            add(
                    "kafka_topic_partition_under_replicated_partition",
                    "1 if Topic/Partition is under Replicated",
                    partition.isr().size() < replicas.size() ? 1 : 0,
                    labels);
        }

        private void groups(Collection<GroupListing> listed, Map<TopicPartition, Long> ends)
                throws ExecutionException, TimeoutException, InterruptedException {
            Map<String, ListConsumerGroupOffsetsSpec> specs = new TreeMap<>();
            listed.stream()
                    .map(GroupListing::groupId)
                    .filter(config.groups()::takes)
                    .forEach(group -> specs.put(group, new ListConsumerGroupOffsetsSpec()));
            if (specs.isEmpty()) {
                return;
            }
            KafkaFuture<Map<String, ConsumerGroupDescription>> described =
                    client.describeConsumerGroups(specs.keySet()).all();
            Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets =
                    await(client.listConsumerGroupOffsets(specs).all());
            new TreeMap<>(await(described))
                    .forEach((group, description) -> add(
                            "kafka_consumergroup_members",
                            "Amount of members in a consumer group",
                            description.members().size(),
                            GROUP,
                            group));
            for (String group : specs.keySet()) {
                group(group, offsets.getOrDefault(group, Map.of()), ends);
            }
        }

        private void group(
                String group,
                Map<TopicPartition, ? extends @Nullable OffsetAndMetadata> offsets,
                Map<TopicPartition, Long> ends) {
            Map<String, Double> offsetSums = new TreeMap<>();
            Map<String, Double> lagSums = new TreeMap<>();
            for (Map.Entry<TopicPartition, ? extends @Nullable OffsetAndMetadata> entry : offsets.entrySet()) {
                TopicPartition key = entry.getKey();
                OffsetAndMetadata committed = entry.getValue();
                if (committed == null || !config.topics().takes(key.topic())) {
                    continue;
                }
                String[] labels = {GROUP, group, TOPIC, key.topic(), PARTITION, String.valueOf(key.partition())};
                add(
                        "kafka_consumergroup_current_offset",
                        "Current Offset of a ConsumerGroup at Topic/Partition",
                        committed.offset(),
                        labels);
                offsetSums.merge(key.topic(), (double) committed.offset(), Double::sum);
                Long last = ends.get(key);
                if (last != null) {
                    double lag = Math.max(0, last - committed.offset());
                    add(
                            "kafka_consumergroup_lag",
                            "Current Approximate Lag of a ConsumerGroup at Topic/Partition",
                            lag,
                            labels);
                    lagSums.merge(key.topic(), lag, Double::sum);
                }
            }
            offsetSums.forEach((topic, sum) -> add(
                    "kafka_consumergroup_current_offset_sum",
                    "Current Offset of a ConsumerGroup at Topic for all partitions",
                    sum,
                    GROUP,
                    group,
                    TOPIC,
                    topic));
            lagSums.forEach((topic, sum) -> add(
                    "kafka_consumergroup_lag_sum",
                    "Current Approximate Lag of a ConsumerGroup at Topic for all partitions",
                    sum,
                    GROUP,
                    group,
                    TOPIC,
                    topic));
        }

        private String[] labels(TopicPartition key) {
            return new String[] {TOPIC, key.topic(), PARTITION, String.valueOf(key.partition())};
        }

        private void add(String name, String help, double value, String... labels) {
            helps.put(name, help);
            points.computeIfAbsent(name, n -> new ArrayList<>()).add(MetricPoint.of(name, Labels.of(labels), value));
        }

        List<MetricFamily> families() {
            List<MetricFamily> families = new ArrayList<>();
            points.forEach((name, samples) ->
                    families.add(MetricFamily.of(name, MetricType.GAUGE, helps.getOrDefault(name, ""), samples)));
            return families;
        }
    }
}
