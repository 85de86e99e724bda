package io.emberwatch.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.MetricFamily;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.http.HttpClients;
import io.emberwatch.service.http.HttpError;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.http.Route;
import io.emberwatch.service.http.WebConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceServerTest {
    private static final ListenAddress LOOPBACK = new ListenAddress("127.0.0.1", 0);

    private final List<String> events = new ArrayList<>();
    private @Nullable ServiceServer server;
    private int port;

    /** Notes what is done to it and fails where it is told to. */
    private final class FakeService implements Service {
        private final String name;
        private final List<String> notReady = new ArrayList<>();
        private List<Route> routes = List.of();
        private @Nullable Exception startFault;
        private @Nullable Exception reloadFault;
        private @Nullable RuntimeException stopFault;

        FakeService(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() throws IOException {
            events.add("start " + name);
            fail(startFault);
        }

        @Override
        public List<Route> routes() {
            return routes;
        }

        @Override
        public List<MetricFamily> metrics() {
            return List.of(MetricFamily.gauge("ember_" + name, "Of " + name + ".", 1));
        }

        @Override
        public List<String> notReady() {
            return notReady;
        }

        @Override
        public void reload() throws IOException {
            events.add("reload " + name);
            fail(reloadFault);
        }

        @Override
        public void stop() {
            events.add("stop " + name);
            if (stopFault != null) {
                throw stopFault;
            }
        }

        private static void fail(@Nullable Exception fault) throws IOException {
            if (fault instanceof IOException io) {
                throw io;
            } else if (fault instanceof RuntimeException runtime) {
                throw runtime;
            }
        }
    }

    private final FakeService one = new FakeService("one");
    private final FakeService two = new FakeService("two");

    private void start() throws IOException {
        server = new ServiceServer(List.of(one, two));
        port = server.start(LOOPBACK);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private String call(String method, String path) throws IOException {
        RequestBody body = method.equals("GET") ? null : RequestBody.create(new byte[0]);
        Request request = new Request.Builder()
                .url("http://127.0.0.1:" + port + path)
                .method(method, body)
                .build();
        try (Response response =
                HttpClients.withTimeout(Duration.ofSeconds(20)).newCall(request).execute()) {
            return response.code() + " " + response.body().string().strip();
        }
    }

    @Test
    void servicesStartInOrderAndStopInReverse() throws IOException {
        start();
        server.close();

        assertThat(events).containsExactly("start one", "start two", "stop two", "stop one");
        assertThatThrownBy(() -> call("GET", "/-/healthy")).isInstanceOf(ConnectException.class);
        server.close();
        assertThat(events).hasSize(4);
    }

    @Test
    void readyWhenEveryServiceIs() throws IOException {
        start();
        assertThat(call("GET", "/-/ready")).isEqualTo("200 ready");
        assertThat(call("GET", "/-/healthy")).isEqualTo("200 ok");

        one.notReady.add("no sensor answers");
        two.notReady.add("replaying");

        assertThat(call("GET", "/-/ready")).isEqualTo("503 one: no sensor answers\ntwo: replaying");
        assertThat(call("GET", "/-/healthy")).isEqualTo("200 ok");
    }

    @Test
    void metricsOfAllServicesStandOnOnePage() throws IOException {
        start();

        assertThat(call("GET", "/metrics")).isEqualTo("""
                        200 # HELP ember_one Of one.
                        # TYPE ember_one gauge
                        ember_one 1
                        # HELP ember_two Of two.
                        # TYPE ember_two gauge
                        ember_two 1""");
    }

    @Test
    void serviceMayBringItsOwnMetricsPage() throws IOException {
        two.routes = List.of(Route.get("/metrics", exchange -> exchange.respondText(200, "own")));
        start();

        assertThat(call("GET", "/metrics")).isEqualTo("200 own");
    }

    @Test
    void reloadReachesAllAndReportsEveryFault() throws IOException {
        start();
        assertThat(call("POST", "/-/reload")).isEqualTo("200 reloaded");
        assertThat(call("PUT", "/-/reload")).isEqualTo("200 reloaded");
        assertThat(call("GET", "/-/reload")).startsWith("405");

        one.reloadFault = new IOException("rules.yml:3:1: unknown key");
        two.reloadFault = new IllegalStateException("broken");
        events.clear();

        assertThat(call("POST", "/-/reload")).isEqualTo("500 one: rules.yml:3:1: unknown key\ntwo: broken");
        assertThat(events).containsExactly("reload one", "reload two");
        assertThatThrownBy(() -> server.reload()).isInstanceOf(HttpError.class);
        assertThat(call("GET", "/-/ready")).isEqualTo("200 ready");
    }

    @Test
    void failedStartStopsWhatWasStarted() {
        two.startFault = new IOException("cannot open the store");

        assertThatThrownBy(this::start).isSameAs(two.startFault);

        assertThat(events).containsExactly("start one", "start two", "stop two", "stop one");
    }

    @Test
    void failedStartFreesThePort() throws IOException {
        start();
        server.close();
        ListenAddress same = new ListenAddress("127.0.0.1", port);
        two.startFault = new IllegalStateException("bug");
        ServiceServer again = new ServiceServer(List.of(two));
        assertThatThrownBy(() -> again.start(same)).isSameAs(two.startFault);

        two.startFault = null;
        server = new ServiceServer(List.of(two));
        assertThat(server.start(same)).isEqualTo(port);
    }

    @Test
    void portInUseStartsNoService() throws IOException {
        start();
        events.clear();
        ServiceServer second = new ServiceServer(List.of(new FakeService("three")));

        assertThatThrownBy(() -> second.start(new ListenAddress("127.0.0.1", port)))
                .isInstanceOf(IOException.class);

        assertThat(events).isEmpty();
    }

    @Test
    void faultWhileStoppingDoesNotKeepTheOthers() throws IOException {
        two.stopFault = new IllegalStateException("bug");
        start();

        server.close();

        assertThat(events).endsWith("stop two", "stop one");
    }

    @Test
    void usersGuardEveryPath() throws IOException {
        Secret hash = new Secret("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
        server = new ServiceServer(List.of(one));
        port = server.start(LOOPBACK, new WebConfig(null, WebConfig.NONE.httpServerConfig(), Map.of("alice", hash)));

        for (String path : List.of("/metrics", "/-/ready", "/-/healthy", "/nowhere")) {
            assertThat(call("GET", path)).isEqualTo("401 unauthorized");
        }
    }
}
