package io.emberwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.emberwatch.testkit.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code silence} against a real Alertmanager, seen with amtool. */
final class SilenceCommandTest {
    private static final Path ALERTMANAGER = Path.of("/usr/bin/prometheus-alertmanager");
    private static final Path AMTOOL = Path.of("/usr/bin/amtool");

    @TempDir
    private Path folder;

    @Test
    void addsListsAndExpiresWhatAmtoolSees() throws Exception {
        assumeTrue(
                Files.isExecutable(ALERTMANAGER) && Files.isExecutable(AMTOOL),
                "prometheus-alertmanager is not installed: skipped");
        String url = "http://127.0.0.1:" + Ports.next();
        Process alertmanager = start(url);
        try {
            awaitAnswer(url);
            Cli added = silence(
                    url,
                    "add",
                    "--for",
                    "2h",
                    "--comment",
                    "disk swap",
                    "--author",
                    "ops",
                    "cluster=prod",
                    "alertname=~Etcd.*",
                    "severity!=info",
                    "team!~a|b");
            assertThat(added.exitCode()).as(added.err()).isZero();
            String id = added.out().strip();
            assertThat(amtool(url, "silence", "query", "--quiet")).isEqualTo(id);
            assertThat(amtool(url, "silence", "query", "--output=json"))
                    .contains("\"comment\":\"disk swap\"", "\"createdBy\":\"ops\"", "\"value\":\"Etcd.*\"");
            assertThat(silence(url, "list").out())
                    .contains(
                            id,
                            "active",
                            "cluster=prod",
                            "alertname=~Etcd.*",
                            "severity!=info",
                            "team!~a|b",
                            "ops: disk swap");

            amtool(url, "alert", "add", "alertname=Ill", "cluster=prod");
            Cli tried = silence(url, "add", "--dry-run", "--comment", "test", "cluster=prod", "alertname=~I.*");
            assertThat(tried.out()).contains("\"alertname\":\"Ill\"");
            assertThat(tried.err()).contains("matches 1 alerts now");
            Cli broad = silence(url, "add", "--max-matched", "0", "--comment", "test", "cluster=prod");
            assertThat(broad.exitCode()).isEqualTo(Emberwatch.FAILED);
            assertThat(broad.err()).contains("refused: more than --max-matched 0");
            assertThat(amtool(url, "silence", "query", "--quiet")).isEqualTo(id);

            assertThat(silence(url, "expire", id).exitCode()).isZero();
            assertThat(amtool(url, "silence", "query", "--quiet")).isEmpty();
            assertThat(silence(url, "list").out()).isEqualTo("no silences\n");
            Cli unknown = silence(url, "expire", "00000000-0000-0000-0000-000000000000");
            assertThat(unknown.exitCode()).isEqualTo(Emberwatch.FAILED);
            assertThat(unknown.err()).contains("silence not found");
        } finally {
            alertmanager.destroy();
            assertThat(alertmanager.waitFor(15, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(silence(url, "list").exitCode()).isEqualTo(Emberwatch.FAILED);
    }

    private Process start(String url) throws IOException {
        Path config = Files.writeString(
                folder.resolve("alertmanager.yml"), "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
        return new ProcessBuilder(List.of(
                        ALERTMANAGER.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("data"),
                        "--cluster.listen-address=",
                        "--web.listen-address=" + url.substring("http://".length())))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alertmanager.log").toFile())
                .start();
    }

    private static void awaitAnswer(String url) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (silence(url, "list").exitCode() != Emberwatch.OK) {
            assertThat(System.nanoTime()).as("Alertmanager answers").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static Cli silence(String url, String verb, String... arguments) {
        List<String> words = new java.util.ArrayList<>(List.of("silence", verb, "--alertmanager", url));
        words.addAll(List.of(arguments));
        return Cli.run(words.toArray(String[]::new));
    }

    private static String amtool(String url, String... arguments) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of(AMTOOL.toString(), "--alertmanager.url=" + url));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }
}
