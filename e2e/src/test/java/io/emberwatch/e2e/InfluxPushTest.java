package io.emberwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the exporter sends to Debian's InfluxDB arrives there, though both are stopped and started meanwhile. */
final class InfluxPushTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private int databasePort;
    private InfluxServer database;
    private int exporterPort;

    @Test
    void everyTickOfTheSensorArrivesThoughDatabaseAndExporterAreKilled() throws Exception {
        databasePort = Peers.freePort();
        exporterPort = Peers.freePort();
        Path config = writeConfig();
        database = InfluxServer.start(folder, databasePort);
        try {
            database.createDatabase("visualizer");
            ServerProcess exporter = startExporter(config);
            try {
                Peers.await("first values arrive", PATIENCE, () -> count("sensor_ticks_total") >= 2);
                assertThat(last("connectivity_error"))
                        .as("sent as 0 before anything failed")
                        .isZero();
                database.close();
                Peers.await("batches are kept on disk", PATIENCE, () -> kept() >= 5);
                exporter.kill();
                exporter = startExporter(config);
                long before = kept();
                Peers.await("the next process keeps more", PATIENCE, () -> kept() >= before + 3);
                assertThat(page())
                        .contains("emberwatch_exporter_push_dropped_lines_total{push=\"influx\",reason=\"size\"} 0");
                database = InfluxServer.start(folder, databasePort);
                Peers.await(
                        "all that was kept has arrived",
                        PATIENCE,
                        () -> kept() <= 1 && last("connectivity_error") >= 1);
                assertThat(longestGapMillis())
                        .as("one value a second, but for the restart of the exporter")
                        .isLessThan(8_000);
                assertThat(count("sensor_ticks_total")).isGreaterThanOrEqualTo(10);
            } finally {
                exporter.close();
            }
        } finally {
            database.close();
        }
    }

    @Test
    void theMachineArrivesUnderTelegrafsNamesAndProcessesWithTheirAveragesAtTheEnd() throws Exception {
        exporterPort = Peers.freePort();
        database = InfluxServer.start(folder);
        try {
            database.createDatabase("telegraf");
            Path config = Files.writeString(folder.resolve("emberwatch.yml"), """
                    exporter:
                      sensors: []
                      process_monitor: {enabled: true, interval: 200ms}
                      push:
                        - name: telegraf
                          every: 1s
                          sources: [host, process_monitor]
                          host_names: telegraf
                          labels: {farm: b28}
                          influx: {url: "%s", database: telegraf}
                    """.formatted(database.url()));
            try (ServerProcess exporter = startExporter(config)) {
                Peers.await(
                        "shares of two readings arrive",
                        PATIENCE,
                        () -> telegraf("SELECT count(usage_idle) FROM cpu WHERE cpu='cpu-total' AND farm='b28'") >= 2);
                assertThat(telegraf("SELECT last(total) FROM mem"))
                        .as(exporter.tail())
                        .isEqualTo(totalMemoryBytes());
                for (String field : List.of(
                        "cpu.usage_user",
                        "mem.used_percent",
                        "system.load1",
                        "system.uptime",
                        "kernel.context_switches",
                        "kernel.boot_time")) {
                    String[] names = field.split("\\.", -1);
                    assertThat(telegraf("SELECT count(" + names[1] + ") FROM " + names[0]))
                            .as(field)
                            .isPositive();
                }
                assertThat(rows("telegraf", "SHOW TAG KEYS FROM cpu").toString())
                        .contains("cpu", "farm", "host");
                assertThat(telegraf("SELECT count(value) FROM residentSetSize")).isPositive();
                assertThat(telegraf("SELECT count(value) FROM averageResidentSetSize"))
                        .as("it has not ended")
                        .isZero();
            }
            for (String average : List.of(
                    "averageResidentSetSize",
                    "averageVirtualMemorySize",
                    "averageCpuUsedPercentage",
                    "cpuTimeConsumedByProcess")) {
                assertThat(telegraf("SELECT last(value) FROM " + average))
                        .as(average + ", sent while the exporter stopped")
                        .isPositive();
            }
        } finally {
            database.close();
        }
    }

    private double telegraf(String query) throws IOException {
        return rows("telegraf", query).path(0).path(1).asDouble();
    }

    private static double totalMemoryBytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
        return 1024 * Double.parseDouble(line.replaceAll("[^0-9]", ""));
    }

    private Path writeConfig() throws IOException {
        Path sensor = Files.writeString(folder.resolve("sensor"), """
                #!/bin/sh
                n=0
                while true; do n=$((n+1)); echo "7.5 5000000 $n"; sleep 0.5; done
                """);
        assertThat(sensor.toFile().setExecutable(true)).isTrue();
        return Files.writeString(folder.resolve("emberwatch.yml"), """
                exporter:
                  host: {enabled: false}
                  sensors: [{name: s, command: [%s]}]
                  push:
                    - name: influx
                      every: 1s
                      sources: [sensor]
                      influx: {url: "http://127.0.0.1:%d", database: visualizer, timeout: 2s}
                """.formatted(sensor, databasePort));
    }

    private ServerProcess startExporter(Path config) throws Exception {
        ServerProcess exporter = Program.start(
                "exporter",
                folder,
                "exporter",
                "--config",
                config.toString(),
                "--listen",
                "127.0.0.1:" + exporterPort,
                "--data",
                folder.resolve("state").toString());
        Peers.await(
                "the exporter is ready", PATIENCE, () -> Http.isOk("http://127.0.0.1:" + exporterPort + "/-/ready"));
        return exporter;
    }

    private String page() throws IOException {
        return Http.get("http://127.0.0.1:" + exporterPort + "/metrics").body();
    }

    private long kept() throws IOException {
        Path buffer = folder.resolve("state/exporter/push/influx");
        if (!Files.isDirectory(buffer)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(buffer)) {
            return files.filter(file -> file.toString().endsWith(".lines")).count();
        }
    }

    private JsonNode rows(String name, String query) throws IOException {
        return database.rows(name, query);
    }

    private JsonNode rows(String query) throws IOException {
        return rows("visualizer", query);
    }

    private long count(String measurement) throws IOException {
        return rows("SELECT count(value) FROM " + measurement).path(0).path(1).asLong();
    }

    private double last(String measurement) throws IOException {
        return rows("SELECT last(value) FROM " + measurement).path(0).path(1).asDouble(-1);
    }

    private long longestGapMillis() throws IOException {
        long longest = 0;
        long before = 0;
        for (JsonNode row : rows("SELECT value FROM sensor_ticks_total")) {
            long at = row.path(0).asLong();
            longest = before == 0 ? longest : Math.max(longest, at - before);
            before = at;
        }
        return longest;
    }
}
