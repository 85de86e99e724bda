package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.e2e.StatusServers.Memcached;
import io.emberwatch.e2e.StatusServers.Rabbitmq;
import io.emberwatch.e2e.StatusServers.Uwsgi;
import io.emberwatch.model.text.ExpositionParser;
import io.emberwatch.model.text.TextFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The status of real servers on one page, and what is left of it when one is gone and another hangs. */
final class StatusServersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void everyServerIsOnOnePageAndOneThatGoesOrHangsCostsNoOther() throws Exception {
        try (StatusServers servers = new StatusServers(folder);
                HangingServer hanging = HangingServer.start()) {
            CompletableFuture<Rabbitmq> rabbitmq = begin(servers::rabbitmq);
            CompletableFuture<Integer> postgres = begin(servers::postgres);
            int nginx = servers.nginx();
            Memcached memcached = servers.memcached();
            Uwsgi tcp = servers.uwsgi("uwsgi", null);
            Uwsgi unix = servers.uwsgi("uwsgi-unix", folder.resolve("stats.sock"));
            use(memcached, nginx, tcp);
            Rabbitmq rabbit = rabbitmq.join();
            rabbit.ask("PUT", "/api/queues/%2F/orders", "{\"durable\": true}");
            JMXConnectorServer beans = JMXConnectorServerFactory.newJMXConnectorServer(
                    new JMXServiceURL("service:jmx:rmi://127.0.0.1"),
                    Map.of(),
                    ManagementFactory.getPlatformMBeanServer());
            beans.start();
            rabbit.ask(
                    "POST",
                    "/api/exchanges/%2F/amq.default/publish",
                    "{\"properties\": {}, \"routing_key\": \"orders\", \"payload\": \"1\", \"payload_encoding\": \"string\"}");

            int port = Peers.freePort();
            Path queries = Files.writeString(folder.resolve("queries.yaml"), """
                    shop_orders:
                      query: "SELECT 'open' AS state, count(*) AS rows, '5ms' AS age FROM orders"
                      metrics:
                        - state: {usage: "LABEL", description: "State of the order"}
                        - rows: {usage: "GAUGE", description: "Orders"}
                        - age: {usage: "DURATION"}
                    """);
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    exporter:
                      host: {enabled: false}
                      timeout_offset: 200ms
                      services:
                        timeout: 2s
                        nginx: ["http://127.0.0.1:%1$d/status", {url: "%2$s/status", instance: stuck}]
                        uwsgi: ["%3$s", {stats_uri: "%4$s", instance: second, cores: true}]
                        memcached: ["127.0.0.1:%5$d", {address: "%9$s", instance: stuck}]
                        rabbitmq: [{url: "%6$s", password: guest, instance: rabbit}, {url: "%6$s", password: wrong, instance: denied}]
                        postgres:
                          - {address: "127.0.0.1:%7$d", username: watcher, password: secret, instance: db, queries_file: "%8$s"}
                          - {address: "127.0.0.1:%7$d", username: watcher, password: wrong, instance: denied}
                          - {address: "%9$s", instance: stuck}
                        postgres_modules: {pg: {username: watcher, password: secret}}
                        jmx: [{url: "%10$s", instance: tests}]
                        processes: {process_names: [{name: web, comm: [nginx]}, {name: "{{.Comm}}", cmdline: [.+]}]}
                      rabbitmq_publish:
                        address: "127.0.0.1:%11$d"
                        password: guest
                        max_body: 100B
                        endpoints:
                          - {path: /publish/orders, routing_key: orders, required_keys: [id]}
                          - {path: /publish/nowhere, routing_key: nowhere}
                    """.formatted(
                            nginx,
                            hanging.url(),
                            tcp.stats(),
                            unix.stats(),
                            memcached.port(),
                            rabbit.management(),
                            postgres.join(),
                            queries,
                            hanging.url().substring("http://".length()),
                            beans.getAddress(),
                            rabbit.port()));
            try (ServerProcess exporter =
                    Program.start("exporter", folder, "exporter", "--config=" + config, "--listen=127.0.0.1:" + port)) {
                String base = "http://127.0.0.1:" + port + "/metrics";
                Peers.await("the exporter answers", PATIENCE, () -> Http.isOk(base + "?collect%5B%5D=exporter"));
                Peers.await(
                        "everything is up",
                        PATIENCE,
                        () -> page(base).contains("rabbitmq_queue_messages_ready{")
                                && page(base).contains("pg_up{instance=\"db\"} 1")
                                && page(base).contains("jmx_scrape_error{instance=\"tests\"} 0"));
                String page = page(base);
                assertThat(page)
                        .contains("nginx_up{instance=\"127.0.0.1:" + nginx + "\"} 1")
                        .contains("nginx_up{instance=\"stuck\"} 0")
                        .contains("# TYPE nginx_connections_accepted counter")
                        .containsPattern("nginx_http_requests_total\\{instance=\"[0-9.:]+\"} [1-9]")
                        .contains("uwsgi_workers{instance=\"second\",stats_uri=\"" + unix.stats() + "\"} 2")
                        .contains("uwsgi_worker_core_requests_total{core_id=\"0\",instance=\"second\"")
                        .containsPattern("uwsgi_worker_exceptions_total\\{instance=\"127[^}]*} [1-9]")
                        .contains("uwsgi_cache_max_items{instance=\"second\",name=\"mycache\"")
                        .contains("memcached_up{instance=\"127.0.0.1:" + memcached.port() + "\"} 1")
                        .contains("memcached_up{instance=\"stuck\"} 0")
                        .containsPattern(
                                "memcached_commands_total\\{command=\"set\",instance=\"127[^}]*,status=\"hit\"} 1")
                        .containsPattern(
                                "memcached_commands_total\\{command=\"get\",instance=\"127[^}]*,status=\"miss\"} 1")
                        .containsPattern("memcached_slab_current_items\\{[^}]*slab=\"1\"} 1")
                        .contains("rabbitmq_up{instance=\"rabbit\"} 1")
                        .contains("rabbitmq_up{instance=\"denied\"} 0")
                        .containsPattern(
                                "rabbitmq_queue_messages_ready\\{[^}]*queue=\"orders\",self=\"1\",vhost=\"/\"} 1")
                        .containsPattern("rabbitmq_running\\{[^}]*} 1")
                        .contains("pg_up{instance=\"denied\"} 0")
                        .contains("pg_up{instance=\"stuck\"} 0")
                        .containsPattern("pg_stat_user_tables_n_live_tup\\{[^}]*relname=\"orders\"[^}]*} ")
                        .containsPattern("pg_database_size_bytes\\{datname=\"postgres\",instance=\"db\"} [1-9]")
                        .containsPattern(
                                "pg_locks_count\\{datname=\"postgres\",instance=\"db\",mode=\"accesssharelock\"} [1-9]")
                        .containsPattern("pg_settings_max_connections\\{instance=\"db\"} 100")
                        .contains("shop_orders_rows{instance=\"db\",state=\"open\"} 42")
                        .contains("shop_orders_age_milliseconds{instance=\"db\",state=\"open\"} 5")
                        .contains(
                                "emberwatch_exporter_target_failures_total{instance=\"denied\",kind=\"postgres\",reason=\"denied\"}")
                        .doesNotContain("pg_scrape_collector_success{collector=\"shop_orders\",instance=\"db\"} 0");
                assertThat(page.lines().filter(line -> line.startsWith("pg_scrape_collector_success")))
                        .as(exporter.tail())
                        .hasSizeGreaterThan(12)
                        .allMatch(line -> line.endsWith(" 1"));

                assertThat(page)
                        .containsPattern("java_lang_Memory_HeapMemoryUsage_used\\{instance=\"tests\"} [1-9]")
                        .contains("jmx_scrape_error{instance=\"tests\"} 0")
                        .containsPattern("namedprocess_namegroup_num_procs\\{groupname=\"web\"} [2-9]");
                publishes(rabbit, "http://127.0.0.1:" + port);
                probesServices("http://127.0.0.1:" + port, nginx, tcp, memcached, postgres.join());
                comparesWithNginxExporter(servers, page, nginx);
                comparesWithPostgresExporter(servers, page, postgres.join());
                comparesWithProcessExporter(servers, base);
                beans.stop();
                memcached.process().close();
                Peers.await(
                        "memcached is shown as gone",
                        PATIENCE,
                        () -> page(base).contains("memcached_up{instance=\"127.0.0.1:" + memcached.port() + "\"} 0"));
                assertThat(page(base)).contains("rabbitmq_up{instance=\"rabbit\"} 1", "pg_up{instance=\"db\"} 1");
            }
        }
    }

    private static void publishes(Rabbitmq rabbit, String base) throws Exception {
        String orders = base + "/publish/orders";
        assertThat(Http.post(orders, "application/json", "{\"id\": 7, \"what\": \"tea\"}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(Http.post(orders, "application/json", "{\"id\": 7").statusCode())
                .isEqualTo(400);
        assertThat(Http.post(orders, "application/json", "{\"what\": 1}").body())
                .contains("the key id is missing");
        assertThat(Http.post(orders, "application/json", "\"" + "x".repeat(200) + "\"")
                        .statusCode())
                .isEqualTo(413);
        assertThat(Http.post(base + "/publish/nowhere", "application/json", "1").statusCode())
                .isEqualTo(422);
        assertThat(rabbit.ask(
                        "POST",
                        "/api/queues/%2F/orders/get",
                        "{\"count\": 9, \"ackmode\": \"ack_requeue_true\", \"encoding\": \"auto\"}"))
                .contains("{\\\"id\\\": 7, \\\"what\\\": \\\"tea\\\"}")
                .contains("\"content_type\":\"application/json\"", "\"delivery_mode\":2");
        assertThat(Http.get(base + "/metrics?collect%5B%5D=exporter").body())
                .contains("publish_messages_total{outcome=\"confirmed\",path=\"/publish/orders\"} 1")
                .contains("publish_messages_total{outcome=\"invalid\",path=\"/publish/orders\"} 2")
                .contains("publish_messages_total{outcome=\"too_large\",path=\"/publish/orders\"} 1")
                .contains("publish_messages_total{outcome=\"unroutable\",path=\"/publish/nowhere\"} 1");
        assertThat(Http.get(base + "/processes").body())
                .contains("namedprocess_namegroup_num_procs{groupname=\"beam.smp\"}");
    }

    private static void probesServices(String base, int nginx, Uwsgi uwsgi, Memcached memcached, int postgres)
            throws IOException {
        String probe = base + "/probe?module=";
        assertThat(Http.get(probe + "nginx&target=http://127.0.0.1:" + nginx + "/status")
                        .body())
                .contains("nginx_up 1");
        assertThat(Http.get(probe + "uwsgi&target=" + uwsgi.stats()).body()).contains("uwsgi_up 1");
        assertThat(Http.get(probe + "memcached&target=127.0.0.1:" + memcached.port())
                        .body())
                .contains("memcached_up 1");
        assertThat(Http.get(probe + "pg&target=127.0.0.1:" + postgres).body()).contains("pg_up 1");
        assertThat(Http.get(probe + "memcached&target=/etc/passwd").statusCode())
                .isEqualTo(400);
        assertThat(Http.get(probe + "pg&target=127.0.0.1:1").body()).contains("pg_up 0");
    }

    private static void comparesWithNginxExporter(StatusServers servers, String page, int nginx) throws Exception {
        String theirs = servers.peer(
                "/usr/bin/prometheus-nginx-exporter",
                Map.of(),
                port -> List.of(
                        "-nginx.scrape-uri=http://127.0.0.1:" + nginx + "/status",
                        "-web.listen-address=127.0.0.1:" + port));
        assertThat(types(page, "nginx_")).isEqualTo(types(theirs, "nginx_(?!exporter|_?build)"));
    }

    // What tells of the exporter itself, and what its later versions have no more.
    private static final Set<String> LEFT_OUT = Set.of(
            "pg_exporter_last_scrape_duration_seconds",
            "pg_exporter_last_scrape_error",
            "pg_exporter_scrapes_total",
            "pg_stat_database_active_time",
            "pg_stat_database_checksum_failures",
            "pg_stat_database_checksum_last_failure",
            "pg_stat_database_idle_in_transaction_time",
            "pg_stat_database_session_time",
            "pg_stat_database_sessions",
            "pg_stat_database_sessions_abandoned",
            "pg_stat_database_sessions_fatal",
            "pg_stat_database_sessions_killed");

    private static void comparesWithPostgresExporter(StatusServers servers, String page, int postgres)
            throws Exception {
        String theirs = servers.peer(
                "/usr/bin/prometheus-postgres-exporter",
                Map.of(
                        "DATA_SOURCE_NAME",
                        "postgresql://watcher:secret@127.0.0.1:" + postgres + "/postgres?sslmode=disable"),
                port -> List.of("--web.listen-address=127.0.0.1:" + port));
        Set<String> missing = new TreeSet<>(types(theirs, "pg_"));
        missing.removeAll(types(page, "pg_"));
        missing.removeIf(line -> LEFT_OUT.contains(line.split(" ", 2)[0]));
        assertThat(missing).isEmpty();
    }

    private void comparesWithProcessExporter(StatusServers servers, String base) throws Exception {
        Path config = Files.writeString(
                folder.resolve("names.yml"),
                "process_names:\n- {name: web, comm: [nginx]}\n- {name: \"{{.Comm}}\", cmdline: [.+]}\n");
        String theirs = servers.peer(
                "/usr/bin/prometheus-process-exporter",
                Map.of(),
                port -> List.of("-config.path=" + config, "-web.listen-address=127.0.0.1:" + port));
        String ours = page(base + "?collect%5B%5D=processes");
        assertThat(types(ours, "namedprocess_")).isEqualTo(types(theirs, "namedprocess_"));
        String nginx = "namedprocess_namegroup_num_procs{groupname=\"web\"}";
        assertThat(line(ours, nginx)).isEqualTo(line(theirs, nginx));
    }

    private static String line(String page, String start) {
        return page.lines().filter(line -> line.startsWith(start)).findFirst().orElse("");
    }

    /** Names with their types. */
    private static Set<String> types(String page, String names) {
        return Pattern.compile("(?m)^# TYPE (" + names + "\\S* \\w+)$")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void use(Memcached memcached, int nginx, Uwsgi uwsgi) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), memcached.port())) {
            socket.getOutputStream().write("set a 0 0 1\r\nx\r\nget b\r\nquit\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
        Http.get("http://127.0.0.1:" + nginx + "/");
        try {
            Http.get("http://127.0.0.1:" + uwsgi.port() + "/fail");
        } catch (IOException noAnswer) {
            // What uWSGI makes of an exception.
        }
    }

    private static String page(String url) throws IOException {
        String page = Http.get(url).body();
        try {
            ExpositionParser.parseFamilies(page.getBytes(StandardCharsets.UTF_8), TextFormat.PROMETHEUS_0_0_4);
        } catch (Exception e) {
            throw new AssertionError(page, e);
        }
        return page;
    }

    private static <T> CompletableFuture<T> begin(Callable<T> start) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return start.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }
}
