package io.emberwatch.benchmarks.push;

import io.emberwatch.push.kafka.KafkaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Broker, Router, Aggregator and OnOff, each in a process of its own with 256 MB of heap. */
final class Pipeline implements AutoCloseable {
    private static final String CONFIG = """
            push:
              kafka: {bootstrap_servers: "127.0.0.1:%d", partitions: %d}
              router:
                input: metrics
                batched: true
                database: {topic: influxdb-topic}
                onoff: {topic: onoff-topic, filters: [{measurement: dcs_state, fields: [state, "on"]}]}
                aggregator:
                  topic: aggregator-topic
                  filters:
                    - {measurement: cpu, fields: [user, system]}
                    - {measurement: net, fields: [rx]}
              aggregator:
                output: results-topic
                window: 5s
                grace: 1s
                aggregations:
                  - {functions: [avg, max], measurement: cpu, fields: [user, system]}
                  - {functions: [sum], measurement: net, fields: [rx], remove_tags: [host]}
              onoff: {output: results-topic, refresh: 10s}
              influx:
                http: {url: "http://127.0.0.1:%d", database: bench}
            """;

    final Processes processes;
    final Processes.One broker;
    final KafkaConfig kafka;
    final List<Processes.One> components = new ArrayList<>();
    private final Path config;

    Pipeline(int partitions, int influxPort) throws IOException {
        Path folder = Files.createTempDirectory("push-benchmark");
        processes = new Processes(folder);
        broker = processes.broker();
        kafka = Settings.kafka(broker.port, partitions);
        Settings.topics(
                kafka, "metrics", "influxdb-topic", "onoff-topic", "aggregator-topic", "results-topic", "metrics.dead");
        config = Files.writeString(folder.resolve("push.yml"), CONFIG.formatted(broker.port, partitions, influxPort));
    }

    Processes.One add(String name, int number, List<String> before) throws IOException {
        Processes.One one = processes.component(name, config, number, before);
        components.add(one);
        Processes.await("http://127.0.0.1:" + one.port + "/-/ready");
        return one;
    }

    void addProcessing() throws IOException {
        add("router", 0, List.of());
        add("aggregator", 0, List.of());
        add("onoff", 0, List.of());
    }

    Processes.One component(String name) {
        return components.stream()
                .filter(one -> one.name.startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        processes.close();
    }
}
