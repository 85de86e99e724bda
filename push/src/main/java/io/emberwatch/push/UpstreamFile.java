package io.emberwatch.push;

import io.emberwatch.model.line.Dialect;
import io.emberwatch.push.aggregate.AggregateFunction;
import io.emberwatch.push.aggregate.AggregationConfig;
import io.emberwatch.push.influx.UdpConfig;
import io.emberwatch.push.kafka.AggregatorConfig;
import io.emberwatch.push.kafka.InfluxConfig;
import io.emberwatch.push.kafka.KafkaConfig;
import io.emberwatch.push.kafka.NotifyConfig;
import io.emberwatch.push.kafka.OnOffConfig;
import io.emberwatch.push.kafka.RouterConfig;
import io.emberwatch.push.route.FilterConfig;
import io.emberwatch.push.route.LineRouter;
import io.emberwatch.push.route.OutputConfig;
import io.emberwatch.service.config.ByteSize;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.config.YamlNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration files of the O2 monitoring system's Kafka components (AliceO2Group,
 * MonitoringCustomComponents 0.3.1) as they are: Router, Aggregator, OnOff, InfluxdbUdpConsumer, MattermostConsumer and
 * EmailConsumer, told apart by their sections.
 *
 * <p>Further keys of {@code kafka_config} and {@code kafka_consumer_config} go to Kafka's clients; {@code general} is
 * checked and otherwise passed over, for logs go to standard error. The spellings of that project's README, {@code window_s} and {@code mattermostr_config}, are taken
 * too.
 */
public final class UpstreamFile {
    private static final Set<String> MARKS = Set.of("kafka_config", "kafka_consumer_config");
    private static final int MAX_LINE_BYTES = 64 << 10;
    private static final int MAX_DATAGRAM = 1400;
    private static final int LINES_PER_SECOND = 150_000;
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Where the O2 components send their figures unless told otherwise. */
    private static final int STREAMS_PORT = 8090;

    private static final int CONSUMER_PORT = 8089;
    private static final int PERIOD_MILLIS = 10_000;

    private final UpstreamSections sections;
    private @Nullable StatisticsConfig statistics;

    private UpstreamFile(UpstreamSections sections) {
        this.sections = sections;
    }

    /** Whether a file is one of these, rather than one with the key {@code push}. */
    public static boolean isOne(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(YamlNode.MAX_CHARACTERS + 1), StandardCharsets.UTF_8);
            YamlNode root = YamlNode.parse(file.toString(), text);
            return root instanceof YamlNode.Mapping mapping
                    && MARKS.stream().anyMatch(mark -> mapping.entries().containsKey(mark));
        } catch (ConfigException e) {
            return false;
        }
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException with every key that is unknown, missing or wrong
     */
    public static PushConfig read(Path file) throws IOException, ConfigException {
        return parse(file.toString(), Files.readString(file));
    }

    /**
     * Reads text.
     *
     * @param fileName what problems call the text
     */
    public static PushConfig parse(String fileName, String yaml) throws ConfigException {
        UpstreamSections sections = new UpstreamSections(fileName, YamlNode.parse(fileName, yaml));
        PushConfig config = new UpstreamFile(sections).config();
        sections.throwProblems();
        if (config == null) {
            throw sections.problem("expected one of the sections component_config, aggregation_config, detector,"
                    + " sender_config, mattermost_config, email_config");
        }
        return config;
    }

    private @Nullable PushConfig config() {
        sections.section("general").optional("log4jfilename");
        UpstreamSections.Section figures = sections.section("stats_config");
        boolean streams =
                sections.has("component_config") || sections.has("aggregation_config") || sections.has("detector");
        String host = figures.get("hostname", "localhost");
        int port = figures.whole("port", streams ? STREAMS_PORT : CONSUMER_PORT);
        int period = figures.whole("period_ms", PERIOD_MILLIS);
        if (Boolean.parseBoolean(figures.get("enabled", "false"))) {
            statistics = sections.make(() -> new StatisticsConfig(host, port, Duration.ofMillis(period), null));
        }
        if (sections.has("component_config")) {
            return router();
        } else if (sections.has("aggregation_config")) {
            return aggregator();
        } else if (sections.has("detector")) {
            return onOff();
        } else if (sections.has("sender_config")) {
            return influx();
        } else if (sections.has("mattermost_config") || sections.has("mattermostr_config")) {
            return mattermost();
        }
        return sections.has("email_config") ? email() : null;
    }

    private @Nullable PushConfig router() {
        UpstreamSections.Section kafka = sections.section("kafka_config");
        UpstreamSections.Section component = sections.section("component_config");
        RouterConfig router = sections.make(() -> new RouterConfig(
                component.required("topic.input"),
                output(component.get("topic.output.database", ""), "database_filter", false),
                output(component.get("topic.output.onoff", ""), "onoff_filter", true),
                output(component.get("topic.output.aggregator", ""), "aggregator_filter", true),
                Dialect.V2,
                false,
                LineRouter.PartitionBy.FIELD,
                null,
                kafka.get("application.id", "streams-app-router"),
                kafka.get("client.id", "streams-client-router"),
                kafka.whole("num.stream.threads", 1),
                new ByteSize(MAX_LINE_BYTES),
                kafka.rest("bootstrap.servers")));
        return config(kafka, router, null, null, null, null);
    }

    /** An output whose filter is absent gets nothing. For the database the fields of a filter never mattered. */
    private @Nullable OutputConfig output(String topic, String filter, boolean byField) {
        List<FilterConfig> filters = new ArrayList<>();
        for (UpstreamSections.Section entry : sections.list(filter)) {
            String measurement = entry.required("measurement");
            List<String> fields = words(entry.get("field.name", ""));
            filters.add(new FilterConfig(
                    literal(measurement),
                    Map.of(),
                    byField ? fields.stream().map(UpstreamFile::literal).toList() : List.of()));
        }
        return topic.isEmpty() || filters.isEmpty() ? null : new OutputConfig(topic, filters);
    }

    private @Nullable PushConfig aggregator() {
        UpstreamSections.Section kafka = sections.section("kafka_config");
        UpstreamSections.Section component = sections.section("aggregation_config");
        List<AggregationConfig> aggregations = new ArrayList<>();
        aggregations.addAll(aggregations("avg_filter", AggregateFunction.AVG));
        aggregations.addAll(aggregations("sum_filter", AggregateFunction.SUM));
        aggregations.addAll(aggregations("min_filter", AggregateFunction.MIN));
        aggregations.addAll(aggregations("max_filter", AggregateFunction.MAX));
        String window = component.has("window_s") ? "window_s" : "window.s";
        kafka.optional("state.dir", "client.id");
        AggregatorConfig aggregator = sections.make(() -> new AggregatorConfig(
                component.required("topic.input"),
                component.required("topic.output"),
                Duration.ofSeconds(component.whole(window, 0)),
                GRACE,
                Duration.ofHours(1),
                AggregatorConfig.TimeSource.RECORD,
                aggregations,
                kafka.get("application.id", "streams-app-aggregator"),
                kafka.whole("num.stream.threads", 1),
                1,
                1_000_000,
                AggregatorConfig.Guarantee.AT_LEAST_ONCE,
                0,
                kafka.rest("bootstrap.servers")));
        return config(kafka, null, aggregator, null, null, null);
    }

    private List<AggregationConfig> aggregations(String filter, AggregateFunction function) {
        List<AggregationConfig> aggregations = new ArrayList<>();
        for (UpstreamSections.Section entry : sections.list(filter)) {
            String measurement = entry.required("measurement");
            List<String> fields = words(entry.required("field.name"));
            aggregations.add(new AggregationConfig(
                    List.of(function),
                    literal(measurement),
                    fields.stream().map(UpstreamFile::literal).toList(),
                    words(entry.get("tags.remove", ""))));
        }
        return aggregations;
    }

    private @Nullable PushConfig onOff() {
        UpstreamSections.Section kafka = sections.section("kafka_config");
        UpstreamSections.Section detector = sections.section("detector");
        int refresh = detector.whole("refresh.period.s", 0);
        OnOffConfig onOff = sections.make(() -> new OnOffConfig(
                detector.required("topic.input"),
                detector.required("topic.output"),
                refresh == 0 ? null : Duration.ofSeconds(refresh),
                Duration.ofHours(24),
                1_000_000,
                kafka.whole("replication.factor", 3),
                kafka.get("application.id", "streams-app-onoff"),
                kafka.get("client.id", "streams-client-onoff"),
                kafka.whole("num.stream.threads", 1),
                kafka.rest("bootstrap.servers")));
        return config(kafka, null, null, onOff, null, null);
    }

    private @Nullable PushConfig influx() {
        UpstreamSections.Section kafka = sections.section("kafka_consumer_config");
        UpstreamSections.Section sender = sections.section("sender_config");
        List<Integer> ports = words(sender.get("port", "8089")).stream()
                .map(port -> sender.number("port", port))
                .toList();
        InfluxConfig influx = sections.make(() -> new InfluxConfig(
                kafka.required("topic"),
                null,
                new UdpConfig(
                        sender.get("hostname", "localhost"), ports, new ByteSize(MAX_DATAGRAM), LINES_PER_SECOND, null),
                Dialect.INFLUXDB_1,
                kafka.get("group.id", "influxdb-udp-consumer"),
                1,
                5000,
                consumerProperties(kafka),
                List.of(),
                null,
                List.of()));
        return config(kafka, null, null, null, influx, null);
    }

    private @Nullable PushConfig mattermost() {
        UpstreamSections.Section kafka = sections.section("kafka_consumer_config");
        UpstreamSections.Section mattermost =
                sections.section(sections.has("mattermost_config") ? "mattermost_config" : "mattermostr_config");
        NotifyConfig notify = sections.make(() -> new NotifyConfig(
                new NotifyConfig.MattermostTopic(
                        kafka.required("topic"),
                        new Secret(mattermost.required("url")),
                        "mattermost-conns",
                        consumerProperties(kafka)),
                null));
        return config(kafka, null, null, null, null, notify);
    }

    private @Nullable PushConfig email() {
        UpstreamSections.Section kafka = sections.section("kafka_consumer_config");
        UpstreamSections.Section email = sections.section("email_config");
        NotifyConfig notify = sections.make(() -> new NotifyConfig(
                null,
                new NotifyConfig.EmailTopic(
                        kafka.required("topic"),
                        email.required("hostname"),
                        email.whole("port", 25),
                        email.required("from"),
                        email.required("username"),
                        new Secret(email.required("password")),
                        "email-consumer",
                        consumerProperties(kafka))));
        return config(kafka, null, null, null, null, notify);
    }

    /** They read from the newest record when a group is new. */
    private static Map<String, String> consumerProperties(UpstreamSections.Section kafka) {
        Map<String, String> properties = new HashMap<>(kafka.rest("bootstrap.servers", "topic", "group.id"));
        properties.putIfAbsent("auto.offset.reset", "latest");
        return properties;
    }

    private @Nullable PushConfig config(
            UpstreamSections.Section kafka,
            @Nullable RouterConfig router,
            @Nullable AggregatorConfig aggregator,
            @Nullable OnOffConfig onOff,
            @Nullable InfluxConfig influx,
            @Nullable NotifyConfig notify) {
        KafkaConfig defaults = ConfigReader.defaults(KafkaConfig.class);
        KafkaConfig connection = new KafkaConfig(
                kafka.get("bootstrap.servers", defaults.bootstrapServers()),
                defaults.properties(),
                defaults.createTopics(),
                defaults.partitions(),
                defaults.replicationFactor());
        sections.requireAllUsed();
        return new PushConfig(
                connection, router, aggregator, onOff, influx, notify, null, null, null, null, statistics);
    }

    private static List<String> words(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** These files know no patterns. */
    private static String literal(String text) {
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*' || c == '?' || c == '\\' || ((c == '!' || c == '/') && i == 0)) {
                literal.append('\\');
            }
            literal.append(c);
        }
        return literal.toString();
    }
}
