package io.emberwatch.launcher;

import io.emberwatch.bridge.BridgeConfig;
import io.emberwatch.console.ConsoleConfig;
import io.emberwatch.exporter.ExporterConfig;
import io.emberwatch.exporter.etcd.EtcdConfig;
import io.emberwatch.exporter.sensor.SensorConfig;
import io.emberwatch.push.PushConfig;
import io.emberwatch.push.UpstreamFile;
import io.emberwatch.rules.RulesConfig;
import io.emberwatch.scorer.ScorerConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
import io.emberwatch.service.config.Default;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one configuration file: each service reads its own key, and an unknown key anywhere is refused. */
record EmberwatchConfig(
        ExporterConfig exporter,
        RulesConfig rules,
        ScorerConfig scorer,
        BridgeConfig bridge,
        PushConfig push,
        ConsoleConfig console) {

    /**
     * The file's configuration, or the defaults and the simulated sensor when no file is named. A file of one of the O2
     * project's Kafka components is read as it stands.
     */
    static EmberwatchConfig read(@Nullable Path file) throws IOException, ConfigException {
        if (file == null) {
            return ConfigReader.defaults(EmberwatchConfig.class).withSimulatedSensor();
        }
        requireFile(file);
        EmberwatchConfig config = UpstreamFile.isOne(file)
                ? ConfigReader.defaults(EmberwatchConfig.class).with(UpstreamFile.read(file))
                : ConfigReader.read(file, EmberwatchConfig.class);
        BridgeConfig bridge = TopicChannels.added(config.bridge, config.push.notifications());
        return new EmberwatchConfig(config.exporter, config.rules, config.scorer, bridge, config.push, config.console);
    }

    /** This configuration with one more etcd cluster to watch. */
    EmberwatchConfig watching(String name, List<URI> members) {
        EtcdConfig etcd = exporter.etcd();
        List<EtcdConfig.ClusterConfig> clusters = new ArrayList<>(etcd.clusters());
        clusters.add(new EtcdConfig.ClusterConfig(
                name,
                members.stream()
                        .map(url -> new EtcdConfig.MemberConfig(url, null))
                        .toList(),
                null,
                true));
        return with(exporter.withEtcd(new EtcdConfig(clusters, etcd.timeout(), etcd.maxPage())));
    }

    /** This configuration with the simulated sensor, which is there when nothing else was configured. */
    EmberwatchConfig withSimulatedSensor() {
        SensorConfig sensor = ConfigReader.defaults(Simulated.class).sensors().get(0);
        return with(exporter.withSensors(List.of(sensor)));
    }

    private record Simulated(@Default("[{name: simulated}]") List<SensorConfig> sensors) {}

    private EmberwatchConfig with(ExporterConfig other) {
        return new EmberwatchConfig(other, rules, scorer, bridge, push, console);
    }

    private EmberwatchConfig with(PushConfig other) {
        return new EmberwatchConfig(exporter, rules, scorer, bridge, other, console);
    }

    static void requireFile(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new NoSuchFileException(file + ": there is no such file, or it cannot be read");
        }
    }
}
