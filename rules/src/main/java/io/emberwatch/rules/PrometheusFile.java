package io.emberwatch.rules;

import io.emberwatch.model.Labels;
import io.emberwatch.model.text.Durations;
import io.emberwatch.rules.engine.YamlFields;
import io.emberwatch.rules.engine.YamlFields.Mismatch;
import io.emberwatch.rules.notify.AlertmanagerConfig;
import io.emberwatch.rules.relabel.Relabeling;
import io.emberwatch.rules.remote.RemoteWriteSettings;
import io.emberwatch.rules.settings.MappingReader;
import io.emberwatch.service.config.ConfigException;
import io.emberwatch.service.config.ConfigException.Problem;
import io.emberwatch.service.config.Secret;
import io.emberwatch.service.config.YamlNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a prometheus.yml says of rules and alerts: {@code rule_files}, {@code alerting} with static Alertmanagers and
 * {@code alert_relabel_configs}, and of
 * {@code global} what concerns them. What it says of scraping is read elsewhere.
 *
 * @param folder that its relative paths start from
 * @param text the file without its secrets
 */
record PrometheusFile(
        Path folder,
        String text,
        List<String> ruleFiles,
        List<AlertmanagerConfig> alertmanagers,
        Relabeling alertRelabeling,
        @Nullable Duration evaluationInterval,
        @Nullable Duration queryOffset,
        Labels externalLabels,
        List<RemoteWriteSettings> remoteWrites) {
    private static final Set<String> ALERTMANAGER_FIELDS = Set.of(
            "static_configs",
            "scheme",
            "path_prefix",
            "timeout",
            "api_version",
            "basic_auth",
            "authorization",
            "follow_redirects",
            "enable_http2");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

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
            return new PrometheusFile(
                    folder,
                    redacted(text),
                    texts(fields, "rule_files"),
                    alertmanagers(fields, folder),
                    alertRelabeling(name, fields),
                    duration(global, "evaluation_interval"),
                    duration(global, "rule_query_offset"),
                    Labels.of(texts(global)),
                    remoteWrites(name, root, folder));
        } catch (Mismatch e) {
            throw new ConfigException(
                    List.of(new Problem(name, e.node().line(), e.node().column(), "", e.text())));
        }
    }

    private static List<RemoteWriteSettings> remoteWrites(String name, YamlNode root, Path folder)
            throws ConfigException {
        if (!(root instanceof YamlNode.Mapping mapping)) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        List<RemoteWriteSettings> all =
                RemoteWriteSettings.readAll(new MappingReader(name, "", mapping, problems), "remote_write", folder);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return all;
    }

    private static Map<String, String> texts(Map<String, YamlNode.Entry> global) throws Mismatch {
        YamlNode.Entry labels = global.get("external_labels");
        return labels == null ? Map.of() : YamlFields.texts(labels.value());
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

    private static String text(Map<String, YamlNode.Entry> fields, String name, String fallback) throws Mismatch {
        YamlNode.Entry entry = fields.get(name);
        String text = entry == null ? "" : YamlFields.scalar(entry.value());
        return text.isEmpty() ? fallback : text;
    }

    private static List<AlertmanagerConfig> alertmanagers(Map<String, YamlNode.Entry> fields, Path folder)
            throws Mismatch {
        Map<String, YamlNode.Entry> alerting = mapping(fields, "alerting");
        only(alerting, Set.of("alertmanagers", "alert_relabel_configs"), "alerting");
        List<AlertmanagerConfig> found = new ArrayList<>();
        for (YamlNode node : list(alerting, "alertmanagers")) {
            found.addAll(alertmanager(node, folder));
        }
        return found;
    }

    private static Relabeling alertRelabeling(String name, Map<String, YamlNode.Entry> fields) throws ConfigException {
        YamlNode.Entry alerting = fields.get("alerting");
        return alerting != null && alerting.value() instanceof YamlNode.Mapping mapping
                ? Relabeling.parse(name, mapping, "alert_relabel_configs")
                : Relabeling.NONE;
    }

    private static void only(Map<String, YamlNode.Entry> fields, Set<String> known, String where) throws Mismatch {
        for (Map.Entry<String, YamlNode.Entry> field : fields.entrySet()) {
            if (!known.contains(field.getKey())) {
                throw new Mismatch(
                        field.getValue().value(), where + ": " + field.getKey() + " is unknown or not supported");
            }
        }
    }

    private static List<AlertmanagerConfig> alertmanager(YamlNode node, Path folder) throws Mismatch {
        Map<String, YamlNode.Entry> fields = YamlFields.mapping(node);
        only(fields, ALERTMANAGER_FIELDS, "alertmanagers");
        if (!text(fields, "api_version", "v2").equals("v2")) {
            throw new Mismatch(node, "alertmanagers: only api_version v2 is supported");
        }
        Duration timeout = duration(fields, "timeout");
        Map<String, YamlNode.Entry> basic = mapping(fields, "basic_auth");
        Map<String, YamlNode.Entry> authorization = mapping(fields, "authorization");
        String prefix = text(fields, "path_prefix", "");
        List<AlertmanagerConfig> found = new ArrayList<>();
        for (YamlNode group : list(fields, "static_configs")) {
            for (String target : texts(YamlFields.mapping(group), "targets")) {
                String url = text(fields, "scheme", "http") + "://" + target
                        + (prefix.isEmpty() || prefix.startsWith("/") ? prefix : "/" + prefix);
                try {
                    found.add(new AlertmanagerConfig(
                            URI.create(url),
                            timeout == null ? DEFAULT_TIMEOUT : timeout,
                            basic.isEmpty() ? null : text(basic, "username", ""),
                            basic.isEmpty() ? null : secret(basic, "password", folder, group),
                            authorization.isEmpty() ? null : secret(authorization, "credentials", folder, group)));
                } catch (IllegalArgumentException e) {
                    throw new Mismatch(group, String.valueOf(e.getMessage()));
                }
            }
        }
        return found;
    }

    private static Secret secret(Map<String, YamlNode.Entry> fields, String name, Path folder, YamlNode place)
            throws Mismatch {
        String file = text(fields, name + "_file", "");
        if (file.isEmpty()) {
            return new Secret(text(fields, name, ""));
        }
        try {
            return new Secret(Files.readString(folder.resolve(file)).strip());
        } catch (IOException e) {
            throw new Mismatch(place, name + "_file: cannot read " + file);
        }
    }
}
