package io.emberwatch.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.emberwatch.testkit.mattermost.MattermostStub;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live feed and the search beside it. */
class FeedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private MattermostStub mattermost;
    private Fixture bridge;

    @BeforeEach
    void start() throws IOException {
        mattermost = MattermostStub.start();
        bridge = Fixture.start(folder, """
                mattermost: [{name: chat, url: "%s", rate_per_second: 1000, burst: 1000}]
                """.formatted(mattermost.url("alerts")));
    }

    @AfterEach
    void stop() {
        bridge.close();
        mattermost.close();
    }

    @Test
    void aListenerThatIsCutOffAHundredTimesMissesNothingAndSeesNothingTwice() throws Exception {
        List<Long> seen = new ArrayList<>();
        Random random = new Random(3);
        Thread sender = new Thread(() -> {
            try {
                for (int i = 0; i < 150; i++) {
                    bridge.post(
                            "/webhook", Payloads.group("Ill" + i).firing("a").body());
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        sender.start();
        for (int cut = 0; cut < 100; cut++) {
            listen(seen, 1 + random.nextInt(5), "0");
        }
        sender.join();
        Fixture.await("all is delivered", PATIENCE, () -> mattermost.posts().size() == 150);
        long newest = newestEvent();
        while (seen.isEmpty() || seen.get(seen.size() - 1) < newest) {
            listen(seen, (int) (newest - (seen.isEmpty() ? 0 : seen.get(seen.size() - 1))), "0");
            newest = newestEvent();
        }
        assertThat(seen).doesNotHaveDuplicates().isSorted().hasSize((int) newest);
    }

    private long newestEvent() throws Exception {
        String body = bridge.get("/bridge/notifications?limit=1").body();
        return Long.parseLong(body.replaceAll(".*\"newest_event\":([0-9]+).*", "$1"));
    }

    // Reads so many events and hangs up.
    private void listen(List<Long> seen, int events, String otherwise) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bridge.port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            String last = seen.isEmpty() ? otherwise : Long.toString(seen.get(seen.size() - 1));
            out.write(("GET /bridge/stream HTTP/1.0\r\nHost: x\r\nLast-Event-ID: " + last + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            int read = 0;
            while (read < events) {
                String line = lines.readLine();
                if (line == null) {
                    return;
                }
                if (line.startsWith("id: ")) {
                    String data = lines.readLine();
                    assertThat(data).startsWith("data: {").endsWith("}");
                    seen.add(Long.parseLong(line.substring(4)));
                    read++;
                }
            }
        }
    }

    @Test
    void everyOneOfTwoHundredListenersIsTold() throws Exception {
        List<Thread> listeners = new ArrayList<>();
        List<Long> late = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        long[] sent = new long[1];
        for (int i = 0; i < 200; i++) {
            Thread listener = new Thread(() -> {
                try {
                    List<Long> seen = new ArrayList<>();
                    listen(seen, 1, "0");
                    synchronized (late) {
                        late.add(System.nanoTime() - sent[0]);
                    }
                } catch (IOException | AssertionError e) {
                    synchronized (late) {
                        failures.add(e);
                    }
                }
            });
            listener.start();
            listeners.add(listener);
        }
        Fixture.await("all listen", PATIENCE, () -> bridge.service.listeners() == 200);
        sent[0] = System.nanoTime();
        bridge.post("/webhook", Payloads.group("Ill").firing("a").body());
        for (Thread listener : listeners) {
            listener.join();
        }
        assertThat(failures).isEmpty();
        assertThat(late).hasSize(200);
    }

    @Test
    void whatWasReceivedCanBeSearched() throws Exception {
        bridge.post("/webhook", Payloads.group("DiskFull").firing("db-1").body());
        bridge.post("/webhook", Payloads.group("NoLeader").firing("etcd-1").body());
        mattermost.awaitPosts(2, PATIENCE);
        assertThat(headlines("search=diskfull")).containsExactly("[FIRING:1] DiskFull");
        assertThat(headlines("match=instance%3D~%22etcd-.*%22")).containsExactly("[FIRING:1] NoLeader");
        assertThat(headlines("match=instance%3D~%22etcd-.*%22,alertname%3DDiskFull"))
                .isEmpty();
        Fixture.await("delivered", PATIENCE, () -> headlines("undelivered=true").isEmpty());
        mattermost.enable(false);
        bridge.post("/webhook", Payloads.group("Waits").firing("a").body());
        assertThat(headlines("undelivered=true")).containsExactly("[FIRING:1] Waits");
        assertThat(headlines("after=2")).containsExactly("[FIRING:1] Waits");
        HttpResponse<String> wrong = bridge.send(HttpRequest.newBuilder(bridge.uri("/bridge/notifications?match=x")));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("expected a matcher");
    }

    private List<String> headlines(String query) {
        try {
            List<String> found = new ArrayList<>();
            new ObjectMapper()
                    .readTree(bridge.get("/bridge/notifications?" + query).body())
                    .path("data")
                    .path("notifications")
                    .forEach(entry -> found.add(entry.path("headline").asText()));
            return found;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
