package io.emberwatch.e2e;

import io.emberwatch.push.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

/**
 * Three Kafka brokers in processes and racks of their own, each a controller too: three copies of everything, of which two
 * must have what is acknowledged.
 */
final class BrokerCluster implements AutoCloseable {
    static final int SIZE = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<BrokerProcess> brokers = new ArrayList<>();

    private BrokerCluster() {}

    static BrokerCluster start(Path folder) throws Exception {
        int[] controllers = new int[SIZE];
        List<String> voters = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            controllers[i] = Peers.freePort();
            voters.add(i + 1 + "@127.0.0.1:" + controllers[i]);
        }
        String id = Uuid.randomUuid().toString();
        BrokerCluster cluster = new BrokerCluster();
        for (int i = 0; i < SIZE; i++) {
            int port = Peers.freePort();
            cluster.brokers.add(BrokerProcess.begin(
                    folder.resolve("broker-" + (i + 1)),
                    port,
                    EmbeddedBroker.CLUSTER_ID + "=" + id,
                    "node.id=" + (i + 1),
                    "broker.rack=rack-" + (i + 1),
                    "controller.quorum.voters=" + String.join(",", voters),
                    "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllers[i],
                    "replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector",
                    "default.replication.factor=3",
                    "min.insync.replicas=2",
                    "offsets.topic.replication.factor=3",
                    "transaction.state.log.replication.factor=3",
                    "transaction.state.log.min.isr=2",
                    "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000"));
        }
        for (BrokerProcess broker : cluster.brokers) {
            broker.awaitUp();
        }
        return cluster;
    }

    String bootstrapServers() {
        return String.join(
                ",", brokers.stream().map(BrokerProcess::bootstrapServers).toList());
    }

    /** @param node from 1 */
    BrokerProcess broker(int node) {
        return brokers.get(node - 1);
    }

    /** The broker that leads a partition, from 1. */
    int leader(String topic, int partition) throws Exception {
        try (Admin admin = admin()) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(10, TimeUnit.SECONDS)
                    .get(topic)
                    .partitions()
                    .get(partition)
                    .leader()
                    .id();
        }
    }

    /** Waits until every copy of every partition is in step again. */
    void awaitInStep() throws Exception {
        try (Admin admin = admin()) {
            Peers.await("all copies are in step", PATIENCE, () -> behind(admin) == 0);
        }
    }

    private static long behind(Admin admin) throws Exception {
        Collection<TopicDescription> topics = admin.describeTopics(
                        admin.listTopics().names().get(10, TimeUnit.SECONDS))
                .allTopicNames()
                .get(10, TimeUnit.SECONDS)
                .values();
        long behind = 0;
        for (TopicDescription topic : topics) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                behind += partition.replicas().size() - partition.isr().size();
            }
        }
        return behind;
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    String tail() {
        return String.join("\n", brokers.stream().map(BrokerProcess::tail).toList());
    }

    @Override
    public void close() throws Exception {
        // Together: a broker that is alone cannot hand over what it leads.
        List<Thread> closing = new ArrayList<>();
        for (BrokerProcess broker : brokers) {
            Thread thread = new Thread(broker::close);
            thread.start();
            closing.add(thread);
        }
        for (Thread thread : closing) {
            thread.join();
        }
    }
}
