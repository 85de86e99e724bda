package io.emberwatch.exporter.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.http.HttpServer;
import io.emberwatch.service.http.ListenAddress;
import io.emberwatch.service.lifecycle.ServiceContext;
import io.emberwatch.testkit.ManualClock;
import io.emberwatch.testkit.ManualScheduler;
import io.prometheus.client.CollectorRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScriptPartTest {
    @TempDir
    private Path folder;

    private final ManualClock clock = ManualClock.atEpoch();
    private ScriptPart part;
    private HttpServer server;

    record Scripts(List<ScriptConfig> scripts) {}

    @BeforeEach
    void start() throws Exception {
        Scripts scripts = ConfigReader.parse("scripts.yml", """
                scripts:
                  - name: args
                    command: [sh, -c, 'echo "args{all=\\"$0 $*\\",where=\\"$WHERE\\"} $#"', first]
                    args: [second]
                    env: {WHERE: here}
                    allow_env_overwrite: true
                  - name: counted
                    command: [sh, -c, 'echo x >> %1$s/runs; echo runs $(wc -l < %1$s/runs); test ! -e %1$s/fail']
                    cache: {duration: 60s, use_expired_cache_on_error: true}
                  - name: deadline
                    command: [sh, -c, 'echo timeout $SCRIPT_TIMEOUT; echo deadline $SCRIPT_DEADLINE']
                    timeout: {max_timeout: 7.5}
                  - name: slow
                    command: [sleep, '100']
                    timeout: {max_timeout: 0.2}
                  - name: picky
                    command: [sh, -c, 'echo good 1; echo bad; echo also_good 2; exit 1']
                    output: {ignore_on_error: true}
                """.formatted(folder), Scripts.class);
        ManualScheduler scheduler = new ManualScheduler(clock);
        part = new ScriptPart(
                scripts.scripts(), new ServiceContext(clock, scheduler, folder, folder), new CollectorRegistry());
        server = HttpServer.start(new ListenAddress("127.0.0.1", 0), part.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        part.close();
    }

    private String get(String query, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/probe/script" + query));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void argumentsOfTheRequestFollowTheConfiguredOnes() throws Exception {
        assertThat(get("?script=args&params=b,a&a=one&b=two%20words&prefix=my&WHERE=there"))
                .contains("my_args{all=\"first second two words one\",where=\"there\"} 3\n")
                .contains("# HELP script_success Script exit status (0 = error, 1 = success).\n")
                .contains("script_success{script=\"args\"} 1\n")
                .contains("script_exit_code{script=\"args\"} 0\n")
                .contains("script_cached{script=\"args\"} 0\n");
        assertThat(get("?script=args&output=ignore")).doesNotContain("args{all");
    }

    @Test
    void anAnswerIsGivenAgainWhileItIsFreshAndWhenTheScriptFails() throws Exception {
        assertThat(get("?script=counted")).contains("runs 1\n");
        assertThat(get("?script=counted")).contains("runs 1\n").contains("script_cached{script=\"counted\"} 1\n");
        clock.advance(Duration.ofSeconds(61));
        assertThat(get("?script=counted")).contains("runs 2\n");
        Files.createFile(folder.resolve("fail"));
        clock.advance(Duration.ofSeconds(61));
        assertThat(get("?script=counted"))
                .contains("runs 2\n")
                .contains("script_success{script=\"counted\"} 1\n")
                .contains("script_cached{script=\"counted\"} 1\n");
        clock.set(Instant.EPOCH); // before the answer was kept
        Files.delete(folder.resolve("fail"));
        assertThat(get("?script=counted")).contains("runs 4\n");
    }

    @Test
    void theScriptLearnsHowLongItMayTake() throws Exception {
        assertThat(get("?script=deadline", "X-Prometheus-Scrape-Timeout-Seconds", "5"))
                .contains("timeout 4.5\n", "deadline 4.5\n");
        assertThat(get("?script=deadline&timeout=100")).contains("timeout 7.5\n");
    }

    @Test
    void aScriptThatTakesTooLongIsKilled() throws Exception {
        assertThat(get("?script=slow"))
                .contains("script_success{script=\"slow\"} 0\n", "script_exit_code{script=\"slow\"} -1\n");
    }

    @Test
    void whatAFailedScriptPrintsMayBeLeftOut() throws Exception {
        assertThat(get("?script=picky"))
                .contains("script_exit_code{script=\"picky\"} 1\n")
                .doesNotContain("good");
    }

    @Test
    void unknownScriptsAreRefusedAndKnownOnesListed() throws Exception {
        assertThat(get("?script=none")).contains("Script not found: none");
        assertThat(get("/discovery"))
                .startsWith("[{\"targets\":[\"127.0.0.1:" + server.port()
                        + "\"],\"labels\":{\"__metrics_path__\":\"/probe\",\"__param_script\":\"args\"}},");
    }
}
