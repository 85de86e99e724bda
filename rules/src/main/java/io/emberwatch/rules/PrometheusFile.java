package io.emberwatch.rules;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.engine.YamlFields;
import io.emberwatch.rules.engine.YamlFields.Mismatch;
import io.emberwatch.rules.notify.AlertmanagerGroup;
import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.remote.RemoteWriteSettings;
import io.emberwatch.rules.settings.EnvironmentText;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a prometheus.yml says of rules and alerts: {@code rule_files}, {@code alerting}, {@code remote_write}, and
 * of {@code global} what concerns them. What it says of scraping is read elsewhere.
 *
 * @param folder that its relative paths start from
 * @param text the file without its secrets
 */
record PrometheusFile(
        Path folder,
        String text,
        List<String> ruleFiles,
        List<AlertmanagerGroup> alertmanagers,
        Relabeling alertRelabeling,
        @Nullable Duration evaluationInterval,
        @Nullable Duration queryOffset,
        Labels externalLabels,
        List<RemoteWriteSettings> remoteWrites) {
    PrometheusFile {
        ruleFiles = List.copyOf(ruleFiles);
        alertmanagers = List.copyOf(alertmanagers);
        remoteWrites = List.copyOf(remoteWrites);
    }

    static PrometheusFile read(Path file) throws IOException, ConfigException {
        Path folder = file.toAbsolutePath().getParent();
        return parse(file.toString(), folder == null ? Path.of("/") : folder, Files.readString(file));
    }

    static PrometheusFile parse(String name, Path folder, String text) throws ConfigException {
        YamlNode root = YamlNode.parse(name, text);
        try {
            Map<String, YamlNode.Entry> fields = YamlFields.mapping(root);
            Map<String, YamlNode.Entry> global = mapping(fields, "global");
            Outside outside = Outside.read(name, root, folder);
            return new PrometheusFile(
                    folder,
                    redacted(text),
                    texts(fields, "rule_files"),
                    outside.alertmanagers(),
                    outside.alertRelabeling(),
                    duration(global, "evaluation_interval"),
                    duration(global, "rule_query_offset"),
                    Labels.of(texts(global)),
                    outside.remoteWrites());
        } catch (Mismatch e) {
            throw new ConfigException(
                    List.of(new Problem(name, e.node().line(), e.node().column(), "", e.text())));
        }
    }

    /** What is sent elsewhere. */
    private record Outside(
            List<AlertmanagerGroup> alertmanagers, Relabeling alertRelabeling, List<RemoteWriteSettings> remoteWrites) {
        static Outside read(String name, YamlNode root, Path folder) throws ConfigException {
            if (!(root instanceof YamlNode.Mapping mapping)) {
                return new Outside(List.of(), Relabeling.NONE, List.of());
            }
            List<Problem> problems = new ArrayList<>();
            MappingReader reader = new MappingReader(name, "", mapping, problems);
            MappingReader alerting = reader.mapping("alerting");
            List<AlertmanagerGroup> alertmanagers = List.of();
            Relabeling relabeling = Relabeling.NONE;
            if (alerting != null) {
                alertmanagers = AlertmanagerGroup.readAll(alerting, "alertmanagers", folder);
                relabeling = Relabeling.read(alerting, "alert_relabel_configs");
                alerting.finish();
            }
            List<RemoteWriteSettings> remoteWrites = RemoteWriteSettings.readAll(reader, "remote_write", folder);
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            return new Outside(alertmanagers, relabeling, remoteWrites);
        }
    }

    private static Map<String, String> texts(Map<String, YamlNode.Entry> global) throws Mismatch {
        YamlNode.Entry labels = global.get("external_labels");
        if (labels == null) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        YamlFields.texts(labels.value())
                .forEach((name, text) -> texts.put(name, EnvironmentText.expand(text, System::getenv)));
        return texts;
    }

    private static String redacted(String text) {
        return text.replaceAll(
                "(?m)(\\b(?:password|credentials|bearer_token|client_secret|secret_key)\\s*:\\s*)(?=\\S)[^\\n,}]+",
                "$1<secret>");
    }

    private static Map<String, YamlNode.Entry> mapping(Map<String, YamlNode.Entry> fields, String name)
            throws Mismatch {
        YamlNode.Entry entry = fields.get(name);
        return entry == null ? Map.of() : YamlFields.mapping(entry.value());
    }

    private static List<YamlNode> list(Map<String, YamlNode.Entry> fields, String name) throws Mismatch {
        YamlNode.Entry entry = fields.get(name);
        return entry == null ? List.of() : YamlFields.sequence(entry.value());
    }

    private static List<String> texts(Map<String, YamlNode.Entry> fields, String name) throws Mismatch {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : list(fields, name)) {
            texts.add(YamlFields.scalar(item));
        }
        return texts;
    }

    private static @Nullable Duration duration(Map<String, YamlNode.Entry> fields, String name) throws Mismatch {
        YamlNode.Entry entry = fields.get(name);
        if (entry == null || YamlFields.isNull(entry.value())) {
            return null;
        }
        try {
            return Durations.parse(YamlFields.scalar(entry.value()));
        } catch (IllegalArgumentException e) {
            throw new Mismatch(entry.value(), name + ": " + e.getMessage());
        }
    }
}
