package io.emberwatch.push.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        int controller = freePort();
        int[] ports = {freePort(), freePort()};
        // One controller, so that it can let the brokers go one after the other.
        Map<String, String> both =
                Map.of(EmbeddedBroker.CLUSTER_ID, id, "controller.quorum.voters", "1@127.0.0.1:" + controller);
        Map<String, String> one = new HashMap<>(both);
        one.put("broker.rack", "rack-1");
        one.put("listeners", "PLAINTEXT://127.0.0.1:" + ports[0] + ",CONTROLLER://127.0.0.1:" + controller);
        Map<String, String> two = new HashMap<>(both);
        two.put("node.id", "2");
        two.put("process.roles", "broker");
        two.put("broker.rack", "rack-2");
        two.put("listeners", "PLAINTEXT://127.0.0.1:" + ports[1]);
        try (EmbeddedBroker first = EmbeddedBroker.start(directory.resolve("one"), ports[0], one);
                EmbeddedBroker second = EmbeddedBroker.start(directory.resolve("two"), ports[1], two);
                Admin admin = admin(first)) {
            assertThat(second.port()).isEqualTo(ports[1]);
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
