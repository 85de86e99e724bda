package io.emberwatch.push.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {
    @TempDir
    Path directory;

    @Test
    void keepsTopicsOverARestartOnTheSameFolder() throws Exception {
        Path data = directory.resolve("broker");
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0);
                Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic("kept", 2, (short) 1)))
                    .all()
                    .get();
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + broker.port());
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0);
                Admin admin = admin(broker)) {
            assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("kept"));
        }
    }

    @Test
    void severalFormAClusterThatKeepsCopiesInSeveralRacks() throws Exception {
        String id = Uuid.randomUuid().toString();
        int[] ports = {freePort(), freePort(), freePort(), freePort()};
        String voters = "1@127.0.0.1:" + ports[0] + ",2@127.0.0.1:" + ports[1];
        List<CompletableFuture<EmbeddedBroker>> starting = new ArrayList<>();
        for (int node = 1; node <= 2; node++) {
            Map<String, String> member = Map.of(
                    EmbeddedBroker.CLUSTER_ID,
                    id,
                    "node.id",
                    Integer.toString(node),
                    "broker.rack",
                    "rack-" + node,
                    "controller.quorum.voters",
                    voters,
                    "listeners",
                    "PLAINTEXT://127.0.0.1:" + ports[node + 1] + ",CONTROLLER://127.0.0.1:" + ports[node - 1]);
            Path folder = directory.resolve("node-" + node);
            int port = ports[node + 1];
            starting.add(CompletableFuture.supplyAsync(() -> start(folder, port, member)));
        }
        try (EmbeddedBroker first = starting.get(0).get(60, TimeUnit.SECONDS);
                EmbeddedBroker second = starting.get(1).get(60, TimeUnit.SECONDS);
                Admin admin = admin(first)) {
            assertThat(second.port()).isEqualTo(ports[3]);
            admin.createTopics(List.of(new NewTopic("copied", 1, (short) 2)))
                    .all()
                    .get();
            assertThat(admin.describeTopics(List.of("copied"))
                            .allTopicNames()
                            .get()
                            .get("copied")
                            .partitions()
                            .get(0)
                            .replicas())
                    .extracting(Node::rack)
                    .containsExactlyInAnyOrder("rack-1", "rack-2");
        }
    }

    private static EmbeddedBroker start(Path folder, int port, Map<String, String> member) {
        try {
            return EmbeddedBroker.start(folder, port, member);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }

    @Test
    void saysWhichFolderCannotBeUsed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> EmbeddedBroker.start(file, 0)).isInstanceOf(IOException.class);
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
