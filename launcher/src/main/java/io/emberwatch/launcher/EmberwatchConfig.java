package io.emberwatch.launcher;

import io.emberwatch.bridge.BridgeConfig;
import io.emberwatch.console.ConsoleConfig;
import io.emberwatch.exporter.ExporterConfig;
import io.emberwatch.exporter.etcd.EtcdConfig;
import io.emberwatch.push.PushConfig;
import io.emberwatch.rules.RulesConfig;
import io.emberwatch.scorer.ScorerConfig;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigReader;
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

    /** The file's configuration, or the defaults when no file is named. */
    static EmberwatchConfig read(@Nullable Path file) throws IOException, ConfigException {
        if (file == null) {
            return ConfigReader.defaults(EmberwatchConfig.class);
        }
        requireFile(file);
        return ConfigReader.read(file, EmberwatchConfig.class);
    }

    /** This configuration with one more etcd cluster to watch. */
    EmberwatchConfig watching(String name, List<URI> members) {
        List<EtcdConfig.Cluster> clusters = new ArrayList<>(exporter.etcd().clusters());
        clusters.add(new EtcdConfig.Cluster(
                name,
                members.stream().map(url -> new EtcdConfig.Member(url, null)).toList(),
                null,
                null,
                null));
        EtcdConfig etcd =
                new EtcdConfig(clusters, exporter.etcd().timeout(), exporter.etcd().maxPage());
        return new EmberwatchConfig(
                new ExporterConfig(
                        exporter.sensors(),
                        exporter.host(),
                        etcd,
                        exporter.textfiles(),
                        exporter.scrapeTimeout(),
                        exporter.timeoutOffset()),
                rules,
                scorer,
                bridge,
                push,
                console);
    }

    static void requireFile(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new NoSuchFileException(file + ": there is no such file, or it cannot be read");
        }
    }
}
