package io.emberwatch.rules.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The scraper against Debian's node_exporter. */
class NodeExporterTest {
    private static final Path PROGRAM = Path.of("/usr/bin/prometheus-node-exporter");

    @Test
    void aRealPageIsTakenWhole() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String address = "127.0.0.1:" + port;
        Process exporter = new ProcessBuilder(PROGRAM.toString(), "--web.listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitPort(port);
            String yaml = "scrape_configs: [{job_name: node, scrape_interval: 15s, static_configs: [{targets: ['"
                    + address + "']}]}]";
            try (ScrapeBench bench = new ScrapeBench(yaml)) {
                bench.scrape();
                bench.scrape();
                assertThat(bench.lastError()).isEmpty();
                assertThat(bench.newest()).contains(entry("up", "1.0"));
                assertThat(bench.newest().keySet())
                        .anyMatch(name -> name.startsWith("node_cpu_seconds_total{cpu=\"0\""))
                        .anyMatch(name -> name.startsWith("node_memory_MemTotal_bytes"));
                assertThat(bench.series("scrape_samples_scraped").get(0).values()[1])
                        .isGreaterThan(200);
            }
        } finally {
            exporter.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static void awaitPort(int port) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new AssertionError("node_exporter does not listen");
    }
}
