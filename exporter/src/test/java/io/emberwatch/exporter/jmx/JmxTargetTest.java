package io.emberwatch.exporter.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.emberwatch.model.flow.Deadline;
import io.emberwatch.model.text.ExpositionWriter;
import io.emberwatch.model.text.TextFormat;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.YamlNode;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

class JmxTargetTest {
    private static final Deadline PATIENCE = Deadline.after(Duration.ofMinutes(5));

    // Rules as jmx_exporter's examples for Kafka have them.
    private static final String RULES = """
            lowercaseOutputName: true
            includeObjectNames: ["kafka.server:*", "java.lang:type=Memory"]
            rules:
              - pattern: kafka.server<type=(.+), name=(.+)PerSec\\w*, topic=(.+)><>Count
                name: kafka_server_$1_$2_total
                type: COUNTER
                labels: {topic: "$3"}
              - pattern: kafka.server<type=(.+), name=(.+)><>Value
                name: kafka_server_$1_$2
                type: GAUGE
                valueFactor: 0.5
                help: "Of $1"
              - pattern: 'java.lang<type=Memory><HeapMemoryUsage>(\\w+)'
                attrNameSnakeCase: true
            """;

    /** A count. */
    public interface CounterMBean {
        long getCount();
    }

    /** A value. */
    public interface GaugeMBean {
        double getValue();

        String getState();
    }

    /** What a broker shows of a topic. */
    public static final class Counter implements CounterMBean {
        @Override
        public long getCount() {
            return 42;
        }
    }

    /** What a broker shows of itself. */
    public static final class Gauge implements GaugeMBean {
        @Override
        public double getValue() {
            return 7;
        }

        @Override
        public String getState() {
            return "fine";
        }
    }

    private static JmxConfig config(String url, String rules) throws ConfigException {
        return new JmxConfig(url, null, null, null, null, null, YamlNode.parse("rules.yml", rules));
    }

    private static String page(JmxConfig config) throws Exception {
        try (JmxTarget target = new JmxTarget(config)) {
            return ExpositionWriter.toText(target.read(PATIENCE), TextFormat.PROMETHEUS_0_0_4);
        }
    }

    @Test
    void beansOverRmiBecomeMetricsByTheRules() throws Exception {
        MBeanServer beans = MBeanServerFactory.newMBeanServer();
        beans.registerMBean(
                new Counter(),
                new ObjectName("kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=orders"));
        beans.registerMBean(
                new Gauge(), new ObjectName("kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions"));
        beans.registerMBean(ManagementFactory.getMemoryMXBean(), new ObjectName("java.lang:type=Memory"));
        JMXConnectorServer server = JMXConnectorServerFactory.newJMXConnectorServer(
                new JMXServiceURL("service:jmx:rmi://127.0.0.1"), Map.of(), beans);
        server.start();
        try {
            String page = page(config(server.getAddress().toString(), RULES));
            assertThat(page)
                    .contains("# TYPE kafka_server_brokertopicmetrics_messagesin_total counter\n")
                    .contains("kafka_server_brokertopicmetrics_messagesin_total{topic=\"orders\"} 42\n")
                    .contains("# HELP kafka_server_replicamanager_underreplicatedpartitions Of ReplicaManager\n")
                    .contains("kafka_server_replicamanager_underreplicatedpartitions 3.5\n")
                    .containsPattern("java_lang_memory_heapmemoryusage_used [1-9]")
                    .contains("jmx_scrape_duration_seconds ")
                    .doesNotContain("fine", "NonHeap", "nonheap");
            assertThat(page(JmxConfig.parse(server.getAddress().toString())))
                    .containsPattern("java_lang_Memory_HeapMemoryUsage_max [-1-9]")
                    .contains("kafka_server_ReplicaManager_Value{name=\"UnderReplicatedPartitions\"} 7\n");
        } finally {
            server.stop();
        }
    }

    @Test
    void beansOverJolokiaBecomeTheSame() throws Exception {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder().body("""
                            [{"status": 200, "value": {
                               "kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=orders": {"Count": 42, "RateUnit": "SECONDS"},
                               "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions": {"Value": 7}}},
                             {"status": 200, "value": {"HeapMemoryUsage": {"used": 5, "max": 9}, "Verbose": false}}]
                            """).build());
            String page = page(config(server.url("/jolokia").toString(), RULES));
            assertThat(page)
                    .contains("kafka_server_brokertopicmetrics_messagesin_total{topic=\"orders\"} 42\n")
                    .contains("kafka_server_replicamanager_underreplicatedpartitions 3.5\n")
                    .contains("java_lang_memory_heapmemoryusage_used 5\n")
                    .doesNotContain("erbose");
            RecordedRequest request = server.takeRequest();
            assertThat(request.getBody().utf8()).contains("\"mbean\":\"kafka.server:*\"", "\"type\":\"read\"");
        }
    }

    @Test
    void whatJolokiaCouldNotReadIsLeftOut() throws Exception {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder().body("""
                            [{"status": 200, "value": {"java.lang:name=Eden,type=MemoryPool": {
                               "UsageThresholdCount": {"error_type": "java.lang.UnsupportedOperationException",
                                 ".error": true, "error": "Usage threshold is not supported"},
                               "CollectionUsageThresholdCount": 3}}}]
                            """).build());
            assertThat(page(JmxConfig.parse(server.url("/jolokia").toString())))
                    .contains("java_lang_Eden_CollectionUsageThresholdCount{type=\"MemoryPool\"} 3\n")
                    .doesNotContain("error{", "Eden_UsageThresholdCount");
        }
    }

    @Test
    void faultsInRulesAreNamedWithTheirPlace() {
        assertThatThrownBy(() -> new JmxTarget(config("x:1", "rules:\n- pattern: '('\n  nam: y\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rules:2:12")
                .hasMessageContaining("rules[0].nam");
        assertThatThrownBy(() -> new JmxConfig("nonsense/", null, null, null, null, null, null))
                .hasMessageContaining("expected host:port");
    }
}
