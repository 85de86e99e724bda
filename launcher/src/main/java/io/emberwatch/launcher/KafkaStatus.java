package io.emberwatch.launcher;

import com.google.re2j.Pattern;
import io.emberwatch.exporter.services.KafkaTargetConfig;
import io.emberwatch.exporter.services.ServicesConfig;
import io.emberwatch.model.flow.SampleSource;
import io.emberwatch.push.kafka.ClusterStatusConfig;
import io.emberwatch.push.kafka.ClusterStatusConfig.Choice;
import io.emberwatch.push.kafka.ClusterStatusSource;
import java.util.List;

/** Hands the Kafka clusters of the exporter's configuration to the push path, which knows how to ask them. */
final class KafkaStatus {
    private KafkaStatus() {}

    static List<SampleSource> sources(ServicesConfig services) {
        return services.kafka().isEmpty()
                ? List.of()
                : List.of(new ClusterStatusSource(
                        services.kafka().stream().map(KafkaStatus::cluster).toList(), services.timeout()));
    }

    private static ClusterStatusConfig cluster(KafkaTargetConfig config) {
        return new ClusterStatusConfig(
                config.instanceName(),
                config.bootstrapServers(),
                config.properties(),
                new Choice(Pattern.compile(config.topicFilter()), Pattern.compile(config.topicExclude())),
                new Choice(Pattern.compile(config.groupFilter()), Pattern.compile(config.groupExclude())));
    }
}
