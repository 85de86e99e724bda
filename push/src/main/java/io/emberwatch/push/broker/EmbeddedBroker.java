package io.emberwatch.push.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A whole Kafka broker (KRaft, broker and controller in one) in this process, on loopback only, with one copy of
 * everything. What was written survives {@link #close} and the end of the process: start it again on the same folder.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    /** The property that names the cluster when the folder is formatted: the brokers of one have the same. */
    public static final String CLUSTER_ID = "cluster.id";

    private static final String NODE = "1";
    private static final long SEGMENT_BYTES = 128L << 20;

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker; returns once it takes connections.
     *
     * @param dataDirectory where it keeps its log; made and formatted when it is not yet
     * @param port to listen on at 127.0.0.1, or 0 for a free one
     * @throws IOException when the folder cannot be used or the port is taken
     */
    public static EmbeddedBroker start(Path dataDirectory, int port) throws IOException {
        return start(dataDirectory, port, Map.of());
    }

    /**
     * Starts a broker with further properties, which win over those chosen here: {@link #CLUSTER_ID}, {@code node.id},
     * {@code process.roles}, {@code listeners}, {@code controller.quorum.voters} make it one of several.
     *
     * @throws IOException when the folder cannot be used or the port is taken
     */
    public static EmbeddedBroker start(Path dataDirectory, int port, Map<String, String> further) throws IOException {
        int brokerPort = port == 0 ? freePort() : port;
        Properties properties = properties(dataDirectory, brokerPort, freePort());
        further.forEach(properties::setProperty);
        Files.createDirectories(dataDirectory);
        format(dataDirectory, properties);
        properties.remove(CLUSTER_ID);
        KafkaRaftServer server;
        try {
            server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
            server.startup();
        } catch (RuntimeException e) {
            throw new IOException(
                    "the Kafka broker did not start on port " + brokerPort + " in " + dataDirectory + ": "
                            + e.getMessage(),
                    e);
        }
        return new EmbeddedBroker(server, brokerPort);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void format(Path directory, Properties properties) throws IOException {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(Integer.parseInt(properties.getProperty("node.id", NODE)))
                    .setClusterId(
                            properties.getProperty(CLUSTER_ID, Uuid.randomUuid().toString()))
                    .setDirectories(List.of(directory.toString()))
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .run();
        } catch (Exception e) {
            throw new IOException(directory + " cannot be formatted for Kafka: " + e.getMessage(), e);
        }
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", NODE);
        properties.setProperty("controller.quorum.voters", NODE + "@" + LOOPBACK + ":" + controllerPort);
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty(
                "listeners",
                "PLAINTEXT://" + LOOPBACK + ":" + port + ",CONTROLLER://" + LOOPBACK + ":" + controllerPort);
        properties.setProperty("advertised.listeners", "PLAINTEXT://" + LOOPBACK + ":" + port);
        properties.setProperty("inter.broker.listener.name", "PLAINTEXT");
        properties.setProperty("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
        properties.setProperty("log.dirs", directory.toString());
        properties.setProperty("offsets.topic.replication.factor", "1");
        properties.setProperty("offsets.topic.num.partitions", "4");
        properties.setProperty("transaction.state.log.replication.factor", "1");
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("transaction.state.log.num.partitions", "4");
        // By itself it looks every 10 s for transactions of the dead, for which all who read committed records wait.
        properties.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        properties.setProperty("share.coordinator.state.topic.replication.factor", "1");
        properties.setProperty("share.coordinator.state.topic.min.isr", "1");
        properties.setProperty("default.replication.factor", "1");
        properties.setProperty("min.insync.replicas", "1");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("group.min.session.timeout.ms", "1000");
        properties.setProperty("auto.create.topics.enable", "false");
        properties.setProperty("message.max.bytes", Integer.toString(8 << 20));
        properties.setProperty("log.segment.bytes", Long.toString(SEGMENT_BYTES));
        properties.setProperty("log.retention.check.interval.ms", "10000");
        properties.setProperty("num.network.threads", "2");
        properties.setProperty("num.io.threads", "2");
        return properties;
    }

    /** What clients connect to, as {@code host:port}. */
    public String bootstrapServers() {
        return LOOPBACK + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops the broker in order; what producers were told is stored, is stored. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
