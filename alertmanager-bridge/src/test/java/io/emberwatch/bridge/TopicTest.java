package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.emberwatch.bridge.email.SmtpPeer;
import io.emberwatch.bridge.outbox.TopicPlace;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of notification topics, what is counted of them, and the picture of a cluster in mails. */
class TopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void aMessageThatIsReadAgainIsDeliveredOnce() throws Exception {
        try (MattermostStub mattermost = MattermostStub.start();
                SmtpPeer smtp = SmtpPeer.start();
                DatagramSocket influx = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            influx.setSoTimeout(20_000);
            String config = """
                    mattermost: [{name: chat, url: "%s"}]
                    email: [{name: mail, host: 127.0.0.1, port: %d, tls: none, from: a@example.com, to: [b@example.com]}]
                    statistics: {port: %d, interval: 1s}
                    """.formatted(mattermost.url("alerts"), smtp.port(), influx.getLocalPort());
            try (Fixture bridge = Fixture.start(folder, config)) {
                bridge.service.takeChat(place(0), "it is *ill*", "http://example.com/x", "more of it");
                bridge.service.takeMail(
                        new TopicPlace("email-topic", 0, 7, 1000), "it is ill", "a body", List.of("c@example.com"));
                mattermost.awaitPosts(1, PATIENCE);
                Fixture.await("mail", PATIENCE, () -> smtp.mails().size() == 1);
            }
            try (Fixture bridge = Fixture.start(folder, config)) {
                bridge.service.takeChat(place(0), "it is *ill*", "http://example.com/x", "more of it");
                bridge.service.takeChat(place(1), "another", null, null);
                mattermost.awaitPosts(2, PATIENCE);
                assertThat(mattermost.posts()).hasSize(2);
                assertThat(mattermost.posts().get(0).everything())
                        .contains("it is \\*ill\\*", "http://example.com/x", "more of it");
                assertThat(mattermost.posts().get(1).everything())
                        .contains("another")
                        .doesNotContain("ill");
                assertThat(smtp.mails().get(0).to()).containsExactly("c@example.com");
                assertThat(smtp.mails().get(0).text()).contains("Subject: it is ill", "a body");
                // A topic that was made anew begins at 0 again, with younger messages.
                bridge.service.takeChat(new TopicPlace("mattermost-topic", 0, 0, 9000), "a new topic", null, null);
                mattermost.awaitPosts(3, PATIENCE);
                assertThat(line(influx, "Mattermost"))
                        .matches("kafka_consumer,endpoint_type=Mattermost,hostname=\\S+"
                                + " receivedRecords=[0-9]+i,sentRecords=[0-9]+i [0-9]{19}")
                        .doesNotContain("hooks");
            }
        }
        try (Fixture bridge = Fixture.start(folder.resolve("none"), "{}")) {
            assertThatThrownBy(() -> bridge.service.takeChat(place(0), "x", null, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no channel");
        }
    }

    private static TopicPlace place(long offset) {
        return new TopicPlace("mattermost-topic", 0, offset, 1000 + offset);
    }

    private static String line(DatagramSocket socket, String type) throws Exception {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
            socket.receive(packet);
            String line = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
            if (line.contains("endpoint_type=" + type)) {
                return line;
            }
        }
    }

    @Test
    void aMailShowsThePictureOfItsClusterWhenThereIsOne() throws Exception {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 1, 2, 3};
        HttpServer pictures = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        pictures.createContext("/", http -> {
            boolean known = "cluster=prod".equals(http.getRequestURI().getQuery());
            http.sendResponseHeaders(known ? 200 : 404, known ? png.length : -1);
            if (known) {
                http.getResponseBody().write(png);
            }
            http.close();
        });
        pictures.start();
        try (SmtpPeer smtp = SmtpPeer.start();
                Fixture bridge = Fixture.start(
                        folder, """
                        email: [{name: mail, host: 127.0.0.1, port: %d, tls: none, from: a@example.com, to: [b@example.com]}]
                        heatmap_url: http://127.0.0.1:%d/heatmap.png?cluster={cluster}
                        """.formatted(smtp.port(), pictures.getAddress().getPort()))) {
            String body = Payloads.group("Ill").firing("a").body();
            bridge.post("/webhook", body.replace("\"severity\"", "\"cluster\":\"prod\",\"severity\""));
            Fixture.await("mail", PATIENCE, () -> smtp.mails().size() == 1);
            assertThat(smtp.mails().get(0).text())
                    .contains(
                            "multipart/related",
                            "multipart/alternative",
                            "Content-ID: <health@emberwatch>",
                            "Content-Type: image/png",
                            "cid:health@emberwatch",
                            "iVBORw0KGgoBAgM=");
            bridge.post("/webhook", Payloads.group("Other").firing("a").body());
            Fixture.await("mail", PATIENCE, () -> smtp.mails().size() == 2);
            assertThat(smtp.mails().get(1).text()).doesNotContain("image/png");
        } finally {
            pictures.stop(0);
        }
    }
}
